import type { Result } from '@florin/primitives';
import type { Command } from '../domain/command.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import type { Written } from './submission.ts';

/** Remembers who was refused to take a journal back for lack of funds: somebody else may then force it. */
export function noteRefusal(
  draft: LedgerDraft,
  command: Command,
  result: Result<Decision, LedgerFailure>,
  { nowMs }: Context,
): Pick<Written, 'refusedReversal'> {
  if (command.kind !== 'reversal' && command.kind !== 'take-back') return {};
  if (result.ok || result.failure.code !== 'insufficient-funds') return {};
  const { journalId, actor, reason } = command;
  draft.refuseReversal(journalId, actor);
  return { refusedReversal: { journalId, actor, reason, atMs: nowMs } };
}
