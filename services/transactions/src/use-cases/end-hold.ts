import type { Command } from '../domain/command.ts';
import { isSystemAccount } from '../domain/system-account.ts';
import { loadHolds } from '../repositories/holds.ts';
import { underKey } from './claim-key.ts';
import type { Shards } from './shards.ts';
import type { Outcome } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

interface EndingRequest extends Omit<KeyedCommand, 'command'> {
  commandFor(accountId: string): Command;
}

/** No account has this id, so a command on it finds nothing. */
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** Whether the books that a hold is in have the account that it is to be captured into, should it exist. */
export function isCapturable(shards: Pick<Shards, 'ofId'>, holdId: string, accountId: string): boolean {
  return isSystemAccount(accountId) || shards.ofId(accountId) === shards.ofId(holdId);
}

/** Captures or voids a hold; see `decideCapture` and `decideRelease` for the rules. */
export function endHold(shards: Shards, caller: string, holdId: string, request: EndingRequest): Promise<Outcome> {
  const ledger = shards.ofId(holdId);
  return underKey(shards, caller, ledger, request, async () => {
    // Read before the batch only to know which account to lock: a hold never moves to another one.
    const [hold] = await loadHolds(ledger.db, [holdId]);
    const command = request.commandFor(hold?.accountId ?? NO_ACCOUNT);
    return submitCommand(ledger.groupCommit, { ...request, command });
  });
}
