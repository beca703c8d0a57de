import { fail, ok, type Result } from '@florin/primitives';
import { type Account, availableMinor, isOwner, spentOnMinor } from './account.ts';
import type { LedgerFailure } from './failures.ts';
import type { Context, LedgerView } from './ledger-view.ts';

/**
 * No balance may pass 10^18 minor units: a bigint column ends at 9.2 * 10^18, so a thousand times the largest
 * single amount (10^15) still leaves room for the sum of two such balances.
 */
export const BALANCE_MINOR_MAX = 10n ** 18n;

type Checked = Result<Account, LedgerFailure>;

const NOT_FOUND = fail({ code: 'account-not-found', detail: 'There is no such account.' });

/** The account, or `account-not-found`; with an actor, also when it is not theirs: the two must look the same. */
export function findAccount(view: LedgerView, accountId: string, actor?: string): Checked {
  const account = view.account(accountId);
  if (account === undefined) return NOT_FOUND;
  if (actor !== undefined && !isOwner(account, actor)) return NOT_FOUND;
  return ok(account);
}

/** Whether new money may leave or be set aside: `account-not-active`, `currency-mismatch`, `insufficient-funds`. */
export function checkDebit(account: Account, amountMinor: bigint, currency: string): Checked {
  if (account.status !== 'active') return notActive(account, 'send money');
  if (account.currency !== currency) return currencyMismatch(account, currency);
  if (availableMinor(account) < amountMinor) return insufficientFunds();
  return ok(account);
}

/** Whether new money may arrive: `account-not-active`, `currency-mismatch`, `balance-limit-exceeded`. */
export function checkCredit(account: Account, amountMinor: bigint, currency: string): Checked {
  if (account.status === 'closing' || account.status === 'closed') return notActive(account, 'receive money');
  if (account.currency !== currency) return currencyMismatch(account, currency);
  if (account.postedMinor + amountMinor > BALANCE_MINOR_MAX) {
    return fail({ code: 'balance-limit-exceeded', detail: 'The balance would be larger than the ledger allows.' });
  }
  return ok(account);
}

/** Whether the day's transfers, with this one, stay within the daily limit: `daily-limit-exceeded`. */
export function checkDailyLimit(account: Account, amountMinor: bigint, context: Context): Checked {
  if (spentOnMinor(account, context.businessDate) + amountMinor > account.dailyLimitMinor) {
    return fail({ code: 'daily-limit-exceeded', detail: 'This would exceed the daily limit of the account.' });
  }
  return ok(account);
}

export function insufficientFunds() {
  return fail<LedgerFailure>({ code: 'insufficient-funds', detail: 'The available balance is too low.' });
}

/** Staff are served by others: nobody makes or takes back money on an account of their own. */
export function ownAccount() {
  return fail<LedgerFailure>({ code: 'own-account', detail: 'Staff do not do this on an account of their own.' });
}

export function notActive(account: Account, what: 'send money' | 'receive money') {
  return fail<LedgerFailure>({
    code: 'account-not-active',
    detail: `The account is ${account.status} and can not ${what}.`,
  });
}

export function currencyMismatch(account: Account, currency: string) {
  return fail<LedgerFailure>({
    code: 'currency-mismatch',
    detail: `The account is kept in ${account.currency}, the amount is in ${currency}.`,
  });
}
