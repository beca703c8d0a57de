import type { Result } from '@florin/primitives';
import type { ApprovalRequest } from '../domain/approval.ts';
import type { Command } from '../domain/command.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { ApprovalLookup, ApprovalNote, Written } from './submission.ts';

/** What has to be read to decide whether commands are approved. */
export function approvalLookups(commands: readonly Command[]): readonly ApprovalLookup[] {
  return commands.flatMap((command) => {
    if (command.kind !== 'transfer' || command.approval === undefined) return [];
    const { subject, confirmationId } = command.approval;
    return [{ accountId: command.debitAccountId, subject, confirmationId }];
  });
}

/** What is to be written down of a payment that was refused for want of a confirmation; nothing of any other. */
export function noteApproval(command: Command, result: Result<unknown, LedgerFailure>): Pick<Written, 'approvalNote'> {
  if (command.kind !== 'transfer' || command.approval === undefined || result.ok) return {};
  const note = approvalNoteOf(command.approval, command.debitAccountId, result.failure);
  return note === undefined ? {} : { approvalNote: note };
}

/** The same for whatever is approved from an account. */
export function approvalNoteOf(
  request: ApprovalRequest,
  accountId: string,
  { code, challenge }: Pick<LedgerFailure, 'challenge'> & { readonly code: string },
): ApprovalNote | undefined {
  if (challenge !== undefined) return { kind: 'asked', challenge };
  if (code !== 'confirmation-refused' && code !== 'second-factor-needed') return undefined;
  return { kind: 'refused', request, accountId, reason: code };
}
