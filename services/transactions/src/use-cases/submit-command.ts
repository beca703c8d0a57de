import type { AuditNote } from '../domain/audit-note.ts';
import { accountsOf, type Command, journalsOf } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { Context, LedgerDraft } from '../domain/ledger-view.ts';
import type { CommandKey } from '../repositories/commands.ts';
import type { GroupCommit } from './group-commit.ts';
import { approvalLookups, noteApproval } from './note-approval.ts';
import { noteRefusal } from './note-refusal.ts';
import {
  type KnownCommands,
  type Outcome,
  type Present,
  type Submission,
  versionsFor,
  type Written,
} from './submission.ts';

/** A command under its idempotency key, with how to answer it. */
export interface KeyedCommand extends CommandKey {
  readonly command: Command;
  readonly fingerprint: string;
  readonly present: Present;
  /** What goes on record when it is accepted; nothing when nobody asked for it. */
  readonly note?: AuditNote;
}

/** Rows and texts of a command are well under this; it only feeds the bound on the queue's bytes. */
const BYTES_PER_COMMAND = 2_048;

/**
 * Decides and books one command, exactly once per key: the effect, the key and the answer commit together, and a
 * repeated key gets the stored answer. Resolves to `key-reused` when the key was used for something else,
 * `key-in-flight` while the first is still running, `account-busy` when an account stayed locked for too long.
 * Throws a retryable Fault when the ledger is overloaded or its database away.
 */
export function submitCommand(groupCommit: GroupCommit, keyed: KeyedCommand): Promise<Outcome> {
  return groupCommit.submit(submissionOf(keyed));
}

function submissionOf(keyed: KeyedCommand): Submission {
  const { command } = keyed;
  return {
    name: command.kind,
    accountIds: accountsOf(command),
    keys: [keyed],
    holdIds: holdsOf(command),
    journalIds: journalsOf(command),
    approvals: approvalLookups([command]),
    weight: 1,
    bytes: BYTES_PER_COMMAND,
    replay: (known) => replayOf(keyed, known),
    decide: (draft, known, context) => decideKeyed(keyed, draft, known, context),
  };
}

const NONE: readonly string[] = [];

function holdsOf(command: Command): readonly string[] {
  if ('holdId' in command) return [command.holdId];
  // What a transfer to another shard set aside has the transfer's own id.
  return command.kind === 'post-debit' ? [command.id] : NONE;
}

const NO_NOTES: readonly AuditNote[] = [];

export function notesOf({ note }: Pick<KeyedCommand, 'note'>): readonly AuditNote[] {
  return note === undefined ? NO_NOTES : [note];
}

/** The stored answer of a used key; `key-reused` when it was used for another request. */
export function replayOf(keyed: CommandKey & { fingerprint: string }, known: KnownCommands): Outcome | null {
  const record = known.get(keyed);
  if (record === undefined) return null;
  if (record.fingerprint !== keyed.fingerprint) return { kind: 'key-reused' };
  return { kind: 'answered', status: record.status, body: record.body, isReplay: true, versions: [] };
}

function decideKeyed(
  keyed: KeyedCommand,
  draft: LedgerDraft,
  known: KnownCommands,
  context: Context,
): { outcome: Outcome; written: Written } {
  const result = decide(draft, keyed.command, context);
  if (result.ok) draft.evolve(result.value);
  const answer = keyed.present(result);
  const record = {
    scope: keyed.scope,
    key: keyed.key,
    fingerprint: keyed.fingerprint,
    status: answer.status,
    body: answer.body,
  };
  if (answer.isFinal) known.add(record);
  const decisions = result.ok ? [result.value] : [];
  const outcome: Outcome = {
    kind: 'answered',
    status: answer.status,
    body: answer.body,
    isReplay: false,
    versions: versionsFor('actor' in keyed.command ? keyed.command.actor : '', decisions),
  };
  const commands = answer.isFinal ? [record] : [];
  const notes = result.ok ? notesOf(keyed) : NO_NOTES;
  const refused = { ...noteRefusal(draft, keyed.command, result, context), ...noteApproval(keyed.command, result) };
  return { outcome, written: { decisions, commands, notes, ...refused } };
}
