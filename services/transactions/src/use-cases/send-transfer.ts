import type { TransferCommand } from '../domain/command.ts';
import { claimKey } from './claim-key.ts';
import type { Shards } from './shards.ts';
import type { Outcome } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

/** A transfer under its key. */
export interface KeyedTransfer extends KeyedCommand {
  readonly command: TransferCommand;
}

/**
 * Moves a customer's money, once per key; see `submitCommand` for how it may end. It is booked where the payer's account
 * is. When that is not where the caller's keys are, the key is claimed there first.
 */
export async function sendTransfer(shards: Shards, caller: string, keyed: KeyedTransfer): Promise<Outcome> {
  const { debitAccountId } = keyed.command;
  const ledger = shards.ofId(debitAccountId);
  const claim = shards.isHome(caller, ledger) ? null : await claimKey(shards, caller, keyed);
  return claim ?? submitCommand(ledger.groupCommit, keyed);
}
