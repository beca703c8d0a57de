import { ok, type Result } from '@florin/primitives';
import type { Account } from './account.ts';
import { decideApproval } from './approval.ts';
import type { SendCommand, TransferCommand } from './command.ts';
import type { LedgerFailure } from './failures.ts';
import type { Decision, LedgerView } from './ledger-view.ts';

/** What the approval of a transfer adds to its decision: nothing when nobody is asked. Fails as `decideApproval`. */
export function approveTransfer(
  view: LedgerView,
  command: TransferCommand | SendCommand,
  payer: Account,
): Result<Pick<Decision, 'approval'>, LedgerFailure> {
  const { approval, debitAccountId, amountMinor, currency, reference } = command;
  if (approval === undefined) return NOBODY_ASKED;
  const payeeIban = approval.payee.iban;
  const linked = { debitAccountId, payeeIban, amountMinor, currency, reference };
  const decided = decideApproval(
    view,
    approval,
    { kind: 'transfer', ...linked, terms: [command.creditAccountId] },
    payer.owners,
  );
  return decided.ok ? ok({ approval: decided.value }) : decided;
}

const NOBODY_ASKED = ok<Pick<Decision, 'approval'>>({});
