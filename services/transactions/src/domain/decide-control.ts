import { fail, ok, type Result } from '@florin/primitives';
import type { Account } from './account.ts';
import type { ControlCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import type { Context, Decision, LedgerView } from './ledger-view.ts';

/**
 * Puts in force what the accounts service decided: opens the account, or changes its status, owners or limits. An
 * instruction that is not newer than the one in force changes nothing, so a repeated or late one is harmless.
 * Fails with `account-not-empty` when an account with money or holds should close, `currency-mismatch` when the
 * currency of an open account should change, `account-not-active` when a closed one should live again.
 */
export function decideControl(
  view: LedgerView,
  command: ControlCommand,
  context: Context,
): Result<Decision, LedgerFailure> {
  const account = view.account(command.accountId);
  if (account === undefined) return ok(changed(opened(command, context)));
  if (command.controlVersion <= account.controlVersion) return ok({ journals: [], accounts: [], hold: null });
  if (account.currency !== command.currency) {
    return fail({ code: 'currency-mismatch', detail: 'The currency of an account can not change.' });
  }
  if (account.status === 'closed') {
    return fail({ code: 'account-not-active', detail: 'The account is closed and stays so.' });
  }
  if (command.status === 'closed' && (account.postedMinor !== 0n || account.heldMinor !== 0n)) {
    return fail({ code: 'account-not-empty', detail: 'The account still holds money or open holds.' });
  }
  return ok(changed({ ...account, ...inForce(command), version: account.version + 1 }));
}

function changed(account: Account): Decision {
  return { journals: [], accounts: [account], hold: null };
}

function opened(command: ControlCommand, context: Context): Account {
  return {
    id: command.accountId,
    currency: command.currency,
    postedMinor: 0n,
    heldMinor: 0n,
    version: 1,
    day: context.businessDate,
    spentTodayMinor: 0n,
    ...inForce(command),
  };
}

function inForce(command: ControlCommand) {
  return {
    iban: command.iban,
    holderName: command.holderName,
    status: command.status,
    owners: command.owners,
    overdraftMinor: command.overdraftMinor,
    dailyLimitMinor: command.dailyLimitMinor,
    transferFeeMinor: command.transferFeeMinor,
    controlVersion: command.controlVersion,
  };
}
