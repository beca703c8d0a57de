import { findAccounts } from '../repositories/accounts.ts';
import { underKey } from './claim-key.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import type { Ledger } from './ledger.ts';
import { prepareTransfer, type TwoPhaseDeps } from './prepare-transfer.ts';
import type { Shards } from './shards.ts';
import { type CrossingDeps, startCrossing } from './start-crossing.ts';
import type { Outcome } from './submission.ts';
import { submitCommand } from './submit-command.ts';

/** What moves money: the shards, and who carries it between them. */
export interface Transfers extends CrossingDeps, TwoPhaseDeps {
  readonly shards: Shards;
}

/** Moves a customer's money under a key of theirs; see `moveMoney`. The key is claimed at their home where it must be. */
export function sendTransfer(transfers: Transfers, caller: string, keyed: KeyedTransfer): Promise<Outcome> {
  const { shards } = transfers;
  const ledger = shards.ofId(keyed.command.debitAccountId);
  return underKey(shards, caller, ledger, keyed, () => moveMoney(transfers, keyed));
}

/**
 * Moves money, once per key of the payer's shard; see `submitCommand` for how it may end. It is booked where the payer's
 * account is; when the payee's is in another shard, it is accepted there and carried over by a saga, or
 * committed in both at once.
 */
export function moveMoney(transfers: Transfers, keyed: KeyedTransfer): Promise<Outcome> {
  const { shards } = transfers;
  const ledger = shards.ofId(keyed.command.debitAccountId);
  const payeeLedger = shards.ofId(keyed.command.creditAccountId);
  if (payeeLedger === ledger) return submitCommand(ledger.groupCommit, keyed);
  return moveAcross(transfers, ledger, payeeLedger, keyed);
}

async function moveAcross(
  transfers: Transfers,
  ledger: Ledger,
  payeeLedger: Ledger,
  keyed: KeyedTransfer,
): Promise<Outcome> {
  const { debitAccountId, creditAccountId } = keyed.command;
  const [payee] = await findAccounts(payeeLedger.db, [creditAccountId]);
  if (keyed.coordination === 'saga') return startCrossing(transfers, ledger, keyed, payee);
  const [payer] = await findAccounts(ledger.db, [debitAccountId]);
  return prepareTransfer(transfers, { debit: ledger, credit: payeeLedger }, keyed, { payer, payee });
}
