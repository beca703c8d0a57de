import { findAccounts } from '../repositories/accounts.ts';
import { claimKey } from './claim-key.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import { prepareTransfer, type TwoPhaseDeps } from './prepare-transfer.ts';
import type { Shards } from './shards.ts';
import { type CrossingDeps, startCrossing } from './start-crossing.ts';
import type { Outcome } from './submission.ts';
import { submitCommand } from './submit-command.ts';

/** What moves money: the shards, and who carries it between them. */
export interface Transfers extends CrossingDeps, TwoPhaseDeps {
  readonly shards: Shards;
}

/**
 * Moves a customer's money, once per key; see `submitCommand` for how it may end. It is booked where the payer's account
 * is; when the payee's is in another shard, it is accepted there and carried over by a saga, or committed in
 * both at once. When the payer's account is
 * not where the caller's keys are, the key is claimed there first.
 */
export async function sendTransfer(transfers: Transfers, caller: string, keyed: KeyedTransfer): Promise<Outcome> {
  const { shards } = transfers;
  const { debitAccountId, creditAccountId } = keyed.command;
  const ledger = shards.ofId(debitAccountId);
  const claim = shards.isHome(caller, ledger) ? null : await claimKey(shards, caller, keyed);
  if (claim !== null) return claim;
  const payeeLedger = shards.ofId(creditAccountId);
  if (payeeLedger === ledger) return submitCommand(ledger.groupCommit, keyed);
  const [payee] = await findAccounts(payeeLedger.db, [creditAccountId]);
  if (keyed.coordination === 'saga') return startCrossing(transfers, ledger, keyed, payee);
  const [payer] = await findAccounts(ledger.db, [debitAccountId]);
  return prepareTransfer(transfers, { debit: ledger, credit: payeeLedger }, keyed, { payer, payee });
}
