import { bucketOf } from '@florin/primitives';
import { isSystemAccount } from '../domain/system-account.ts';
import { findJournal } from '../repositories/journals.ts';
import { underKey } from './claim-key.ts';
import type { Ledger } from './ledger.ts';
import type { Shards } from './shards.ts';
import type { Outcome } from './submission.ts';
import { type KeyedCommand, submitCommand } from './submit-command.ts';

interface ReversalRequest extends Omit<KeyedCommand, 'command'> {
  readonly journalId: string;
  readonly actor: string;
  readonly reason: string;
  readonly force: boolean;
}

/** Takes a journal back; see `decideReversal` for the rules and `submitCommand` for how it may end. */
export function reverseJournal(shards: Shards, request: ReversalRequest): Promise<Outcome> {
  const ledger = shards.ofId(request.journalId);
  return underKey(shards, request.actor, ledger, request, () => reverseIn(ledger, request));
}

async function reverseIn(ledger: Ledger, request: ReversalRequest): Promise<Outcome> {
  const { journalId, actor, reason, force } = request;
  // Read before the batch only to know which accounts to lock; a journal's accounts never change.
  const original = await findJournal(ledger.db, journalId);
  const accountIds = original === undefined ? [] : [original.debitAccountId, original.creditAccountId];
  return submitCommand(ledger.groupCommit, {
    ...request,
    command: {
      kind: 'reversal',
      id: ledger.newId(bucketOf(journalId)),
      actor,
      journalId,
      accountIds: accountIds.filter((id) => !isSystemAccount(id)),
      reason,
      force,
    },
  });
}
