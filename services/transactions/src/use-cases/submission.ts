import type { Result } from '@florin/primitives';
import type { SagaStart } from '@florin/saga';
import { isOwner } from '../domain/account.ts';
import type { ApprovalChange, ApprovalRequest } from '../domain/approval.ts';
import type { AuditNote } from '../domain/audit-note.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import type { CommandKey, CommandRecord } from '../repositories/commands.ts';

/** What a caller is told, byte for byte. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Whether a retry with the same key must get it again: every success and every refusal of a rule. */
  readonly isFinal: boolean;
}

/** Turns what was decided into the answer; given by the HTTP layer, so that the answer is part of the commit. */
export type Present = (result: Result<Decision, LedgerFailure>) => Answer;

/** The rows a decided submission adds to its batch. */
export interface Written {
  readonly decisions: readonly Decision[];
  readonly commands: readonly CommandRecord[];
  /** Sagas that begin with it. */
  readonly sagas?: readonly SagaStart[];
  /** What goes on record with it. */
  readonly notes?: readonly AuditNote[];
  readonly refusedReversal?: { journalId: string; actor: string; reason: string; atMs: number };
  /** What a payer is asked to confirm before they may pay, or why they may not. */
  readonly approvalNote?: ApprovalNote;
}

/** What is told of approvals: that one was given, or was wanting. */
export type ApprovalFact = ApprovalNote | { readonly kind: 'approved'; readonly change: ApprovalChange };

/** A payment that was not made for want of a confirmation. */
export type ApprovalNote =
  | { readonly kind: 'asked'; readonly challenge: Challenge }
  | {
      readonly kind: 'refused';
      readonly request: ApprovalRequest;
      readonly accountId: string;
      readonly reason: 'confirmation-refused' | 'second-factor-needed';
    };

/** How a submission ended. Only `answered` says anything about money. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly isReplay: boolean;
      /** The customer accounts it changed and their new versions. */
      readonly versions: readonly (readonly [accountId: string, version: number])[];
    }
  | { readonly kind: 'key-in-flight' }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'account-busy' };

/** What is read of the books of approvals for a payment: the count of its payer, and the confirmation that came with it. */
export interface ApprovalLookup {
  readonly accountId: string;
  readonly subject: string;
  readonly confirmationId: string | null;
}

/** A command, or an atomic list of them, on its way into a batch. */
export interface Submission {
  /** What it asks for, as the metrics call it: one of few. */
  readonly name: string;
  readonly accountIds: readonly string[];
  readonly keys: readonly CommandKey[];
  readonly holdIds: readonly string[];
  readonly journalIds: readonly string[];
  /** Whose approvals are decided with it; none when absent. */
  readonly approvals?: readonly ApprovalLookup[];
  /** How many commands it holds: one, or all of an atomic batch. */
  readonly weight: number;
  /** Roughly what it weighs in memory, for the bound on the queue. */
  readonly bytes: number;
  /** Answers from the keys that were used before, without deciding anything; null when there is something to decide. */
  replay(known: KnownCommands): Outcome | null;
  /** Decides over the draft and applies what was accepted to it. Runs again when its batch has to. */
  decide(draft: LedgerDraft, known: KnownCommands, context: Context): { outcome: Outcome; written: Written };
}

/** The keys of a batch that were used before. */
export class KnownCommands {
  readonly #records = new Map<string, CommandRecord>();

  constructor(records: readonly CommandRecord[]) {
    for (const record of records) this.#records.set(keyText(record), record);
  }

  get(key: CommandKey): CommandRecord | undefined {
    return this.#records.get(keyText(key));
  }

  /** Makes a key known to the submissions that follow in the same batch. */
  add(record: CommandRecord): void {
    this.#records.set(keyText(record), record);
  }
}

/** A key as one text; NUL can not be in a scope or a key, so no two keys collide. */
export function keyText(key: CommandKey): string {
  return `${key.scope}\u0000${key.key}`;
}

/**
 * The versions that whoever asked must from now on be able to read: the last one of each account that is theirs. Staff
 * own none of what they work on, and are shown it all.
 */
export function versionsFor(actor: string, decisions: readonly Decision[]): (readonly [string, number])[] {
  const versions = new Map<string, number>();
  let isOwnerSeen = false;
  for (const { accounts } of decisions) {
    for (const account of accounts) {
      if (!isOwner(account, actor)) continue;
      isOwnerSeen = true;
      versions.set(account.id, account.version);
    }
  }
  if (isOwnerSeen) return [...versions];
  for (const { accounts } of decisions) for (const account of accounts) versions.set(account.id, account.version);
  return [...versions];
}
