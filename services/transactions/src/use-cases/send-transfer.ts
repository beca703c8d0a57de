import type { TransferCommand } from '../domain/command.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { underKey } from './claim-key.ts';
import type { Ledger } from './ledger.ts';
import type { Shards } from './shards.ts';
import { type CrossingDeps, startCrossing } from './start-crossing.ts';
import type { Outcome, Present } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

/** A transfer under its key, with how to answer it. */
export interface KeyedTransfer extends KeyedCommand {
  readonly command: TransferCommand;
  /** How to answer it when it has to cross from one shard to another: it is then on its way. */
  readonly presentPending: Present;
}

/** What moves money: the shards, and who carries it between them. */
export interface Transfers extends CrossingDeps {
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
 * account is; when the payee's is in another shard, it is accepted there and carried over by a saga.
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
  const { creditAccountId } = keyed.command;
  const [payee] = await findAccounts(payeeLedger.db, [creditAccountId]);
  return startCrossing(transfers, ledger, keyed, payee);
}
