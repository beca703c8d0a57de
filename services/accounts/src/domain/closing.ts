import { type ActionOrigin, fail, ok, type Result } from '@florin/primitives';
import type { Account } from './account.ts';
import { type Actor, isStaffFor } from './actor.ts';
import { CLOSED, decideControl } from './control.ts';
import type { AccountFailure, AccountFailureCode } from './failures.ts';

/** The closing of an account that may hold money: what everybody who takes part in it must know. */
export interface AccountClosing {
  readonly accountId: string;
  /** Where the money goes. */
  readonly targetAccountId: string;
  /** The id of the transfer that takes it there. */
  readonly sweepId: string;
  /** Of the instruction to take nothing new. The next one is that to close, or to be again what it was. */
  readonly controlVersion: number;
  readonly statusBefore: 'active' | 'frozen';
  /** Whether it may be closed although it is frozen. */
  readonly mayBeFrozen: boolean;
  readonly actor: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly origin?: ActionOrigin;
}

/** How many control versions a closing takes, whichever way it ends. */
export const CONTROL_VERSIONS = 2;

const NO_TARGET: AccountFailure = { code: 'account-not-found', detail: 'There is no account to move the money to.' };
const ITSELF: AccountFailure = { code: 'same-account', detail: 'The money must go to another account.' };
const TARGET_NOT_OPEN: AccountFailure = {
  code: 'account-not-active',
  detail: 'The account to move the money to takes none.',
};

const TO_OTHERS: AccountFailure = {
  code: 'rest-to-others',
  detail: 'Close it into an account that is yours alone. What others are to get, send to them first, and confirm it.',
};

/**
 * Whether somebody may close an account and have its money moved to another one, as far as this service can know. Fails as
 * `decideControl` does for a closing, with `account-closed` when it is closed already; and for the other account with
 * `account-not-found`, `same-account`, `currency-mismatch`, `account-not-active` or `rest-to-others`.
 */
export function decideClosing(
  account: Account,
  target: Account | undefined,
  actor: Actor,
): Result<Pick<AccountClosing, 'targetAccountId' | 'statusBefore' | 'mayBeFrozen'>, AccountFailure> {
  const closing = decideControl(account, { action: 'close' }, actor);
  if (!closing.ok) return closing;
  if (closing.value === 'unchanged') return fail(CLOSED);
  if (target === undefined) return fail(NO_TARGET);
  if (target.id === account.id) return fail(ITSELF);
  if (target.currency !== account.currency) {
    return fail({ code: 'currency-mismatch', detail: `The account is kept in ${account.currency}.` });
  }
  // What is frozen takes money, and gives none.
  if (target.status !== 'active' && target.status !== 'frozen') return fail(TARGET_NOT_OPEN);
  const isStaff = isStaffFor(account, actor, 'accounts:close:any');
  // Or a closing would be a payment that nobody confirms, of all there is.
  const isOwn = isAlone(account, actor) && isAlone(target, actor);
  if (actor.confirmsPayments === true && !isStaff && !isOwn) return fail(TO_OTHERS);
  return ok({
    targetAccountId: target.id,
    statusBefore: account.status === 'frozen' ? 'frozen' : 'active',
    mayBeFrozen: isStaff,
  });
}

function isAlone({ owners }: Account, { subject }: Actor): boolean {
  return owners.length === 1 && owners[0] === subject;
}

const REFUSALS: ReadonlySet<string> = new Set<AccountFailureCode>([
  'account-not-active',
  'account-not-empty',
  'account-not-found',
  'account-overdrawn',
  'balance-limit-exceeded',
  'currency-mismatch',
  'daily-limit-exceeded',
  'same-account',
]);

/** Why an account was not closed, from why its saga turned back. */
export function closingFailure(why: { readonly code: string; readonly detail: string } | null): AccountFailure {
  if (why !== null && REFUSALS.has(why.code)) return { code: why.code as AccountFailureCode, detail: why.detail };
  return { code: 'account-not-closed', detail: 'The account could not be closed now, and is what it was before.' };
}
