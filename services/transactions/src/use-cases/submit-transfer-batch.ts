import { Fault } from '@florin/primitives';
import type { AuditNote } from '../domain/audit-note.ts';
import { accountsOf } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import type { CommandKey, CommandRecord } from '../repositories/commands.ts';
import { findCommands } from '../repositories/commands.ts';
import { claimKeys } from './claim-key.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import type { Ledger } from './ledger.ts';
import { approvalLookups, noteApproval } from './note-approval.ts';
import { sendTransfer, type Transfers } from './send-transfer.ts';
import type { Shards } from './shards.ts';
import {
  type Answer,
  KnownCommands,
  keyText,
  type Outcome,
  type Submission,
  versionsFor,
  type Written,
} from './submission.ts';
import { notesOf, replayOf } from './submit-command.ts';

/** A transfer of the batch, or why its request was refused before it reached the ledger. */
export type TransferBatchItem = { readonly keyed: KeyedTransfer } | { readonly refused: Answer };

export interface TransferBatch extends CommandKey {
  readonly mode: 'atomic' | 'independent';
  readonly items: readonly TransferBatchItem[];
  /** The customer who asked. */
  readonly actor: string;
  readonly fingerprint: string;
  /** How an item is described that got no answer from the ledger. */
  describe(kind: 'key-in-flight' | 'key-reused' | 'account-busy'): Answer;
  /** What every item of an atomic batch is told that does not lie within one shard. */
  readonly crossesShards: Answer;
  /** What the blameless items of a refused atomic batch are told. */
  readonly notApplied: Answer;
}

const BYTES_PER_ITEM = 2_048;
/** A customer's own transfer is forbidden for want of a confirmation only, and the same key may bring it later. */
const NOT_CONFIRMED = 403;

/**
 * Many transfers in one request. `independent`: each is a command of its own under its own key, so a retry after a
 * crash finds what was done and does the rest. `atomic`: all are decided and booked together, or none.
 * The answer to the whole batch is remembered under the batch's key unless an item could not be decided yet.
 */
export function submitTransferBatch(transfers: Transfers, batch: TransferBatch): Promise<Outcome> {
  const { shards } = transfers;
  const home = shards.ofCustomer(batch.actor);
  const submit = (): Promise<Outcome> =>
    batch.mode === 'atomic' ? submitAtomic(shards, batch) : submitIndependently(transfers, home, batch);
  return home.bulkGate.pass(batch, batch.items.length, submit);
}

/** What commits together is in one database, whichever that is; the keys of all items are claimed where it must be. */
async function submitAtomic(shards: Shards, batch: TransferBatch): Promise<Outcome> {
  const accountIds = batch.items.flatMap((item) => ('keyed' in item ? accountsOf(item.keyed.command) : []));
  const [ledger = shards.ofCustomer(batch.actor), ...others] = new Set(accountIds.map((id) => shards.ofId(id)));
  if (others.length > 0) {
    const items = batch.items.map(() => batch.crossesShards);
    return { kind: 'answered', status: 200, body: bodyOf(items), isReplay: false, versions: [] };
  }
  const items = shards.isHome(batch.actor, ledger) ? batch.items : await claimItems(shards, batch);
  return items === null ? { kind: 'key-reused' } : ledger.groupCommit.submit(atomicSubmission({ ...batch, items }));
}

/** The items with those refused whose keys name other requests; null when the key of the batch does. */
async function claimItems(shards: Shards, batch: TransferBatch): Promise<readonly TransferBatchItem[] | null> {
  const keyed = batch.items.flatMap((item) => ('keyed' in item ? [item.keyed] : []));
  const reused = await claimKeys(shards, batch.actor, [batch, ...keyed]);
  if (reused.has(keyText(batch))) return null;
  return batch.items.map((item) =>
    'keyed' in item && reused.has(keyText(item.keyed)) ? { refused: batch.describe('key-reused') } : item,
  );
}

async function submitIndependently(transfers: Transfers, ledger: Ledger, batch: TransferBatch): Promise<Outcome> {
  const known = new KnownCommands(await findCommands(ledger.db, [batch]));
  const replayed = replayOf(batch, known);
  if (replayed !== null) return replayed;
  const repeated = repeatedKeys(batch.items);
  const settled = await Promise.all(
    batch.items.map((item) =>
      repeated.has(item)
        ? { answer: batch.describe('key-reused'), isDecided: true, versions: [] }
        : settleItem(transfers, batch, item),
    ),
  );
  const body = bodyOf(settled.map((item) => item.answer));
  const versions = settled.flatMap((item) => item.versions);
  if (settled.some((item) => !item.isDecided)) {
    return { kind: 'answered', status: 200, body, isReplay: false, versions };
  }
  const recorded = await ledger.groupCommit.submit(recordSubmission(batch, body));
  return recorded.kind === 'answered' && !recorded.isReplay ? { ...recorded, versions } : recorded;
}

/** Items whose key an earlier item of the batch has: one key names one transfer. */
function repeatedKeys(items: readonly TransferBatchItem[]): Set<TransferBatchItem> {
  const seen = new Set<string>();
  const repeated = new Set<TransferBatchItem>();
  for (const item of items) {
    if (!('keyed' in item)) continue;
    if (seen.has(item.keyed.key)) repeated.add(item);
    seen.add(item.keyed.key);
  }
  return repeated;
}

interface Settled {
  readonly answer: Answer;
  /** False when the item should be tried again: an account was busy, the first request still runs. */
  readonly isDecided: boolean;
  readonly versions: readonly (readonly [string, number])[];
}

async function settleItem(transfers: Transfers, batch: TransferBatch, item: TransferBatchItem): Promise<Settled> {
  if ('refused' in item) return { answer: item.refused, isDecided: true, versions: [] };
  try {
    const outcome = await sendTransfer(transfers, batch.actor, item.keyed);
    if (outcome.kind === 'answered') {
      const isDecided = outcome.status !== NOT_CONFIRMED;
      return { answer: { ...outcome, isFinal: isDecided }, isDecided, versions: outcome.versions };
    }
    return { answer: batch.describe(outcome.kind), isDecided: outcome.kind === 'key-reused', versions: [] };
  } catch (error) {
    // The queue is full or the database away: the others may have been booked, so the batch must answer.
    if (error instanceof Fault && error.retryable) {
      return { answer: batch.describe('account-busy'), isDecided: false, versions: [] };
    }
    throw error;
  }
}

function bodyOf(answers: readonly Answer[]): string {
  const items = answers.map(
    ({ status, body }) => `{"status":${status},"${status < 400 ? 'transfer' : 'problem'}":${body}}`,
  );
  return `{"items":[${items.join(',')}]}`;
}

/** Remembers the answer of an independent batch; it locks nothing. */
function recordSubmission(batch: TransferBatch, body: string): Submission {
  const record = recordOf(batch, body);
  return {
    name: 'record-batch',
    accountIds: [],
    keys: [batch],
    holdIds: [],
    journalIds: [],
    weight: 1,
    bytes: body.length,
    replay: (known) => replayOf(batch, known),
    decide: () => ({
      outcome: { kind: 'answered', status: 200, body, isReplay: false, versions: [] },
      written: { decisions: [], commands: [record] },
    }),
  };
}

function recordOf(batch: TransferBatch, body: string): CommandRecord {
  return { scope: batch.scope, key: batch.key, fingerprint: batch.fingerprint, status: 200, body };
}

function atomicSubmission(batch: TransferBatch): Submission {
  const keyed = batch.items.flatMap((item) => ('keyed' in item ? [item.keyed] : []));
  const keys = new Map<string, CommandKey>([batch, ...keyed].map((key) => [keyText(key), key]));
  return {
    name: 'transfer-batch',
    accountIds: [...new Set(keyed.flatMap((item) => accountsOf(item.command)))],
    keys: [...keys.values()],
    holdIds: [],
    journalIds: [],
    approvals: approvalLookups(keyed.map((item) => item.command)),
    weight: batch.items.length,
    bytes: batch.items.length * BYTES_PER_ITEM,
    replay: (known) => replayOf(batch, known),
    decide: (draft, known, context) => decideAtomic(batch, draft, known, context),
  };
}

/** All or nothing: at the first refusal the draft is rewound and every other item is told that it was not applied. */
function decideAtomic(
  batch: TransferBatch,
  draft: LedgerDraft,
  known: KnownCommands,
  context: Context,
): { outcome: Outcome; written: Written } {
  const answers: Answer[] = [];
  const decisions: Decision[] = [];
  const records: CommandRecord[] = [];
  const notes: AuditNote[] = [];
  const seen = new Set<string>();
  draft.mark();
  for (const item of batch.items) {
    const decided = decideItem(batch, item, seen, draft, known, context);
    if (decided.decision === null) return refuseAtomic(batch, draft, answers.length, decided);
    answers.push(decided.answer);
    decisions.push(decided.decision);
    notes.push(...notesOf(decided.keyed));
    records.push(itemRecord(decided.keyed, decided.answer));
  }
  draft.settle();
  const body = bodyOf(answers);
  for (const record of records) known.add(record);
  return {
    outcome: { kind: 'answered', status: 200, body, isReplay: false, versions: versionsFor(batch.actor, decisions) },
    written: { decisions, commands: [...records, recordOf(batch, body)], notes },
  };
}

type DecidedItem =
  | { readonly decision: Decision; readonly answer: Answer; readonly keyed: KeyedTransfer }
  | { readonly decision: null; readonly answer: Answer; readonly note?: Pick<Written, 'approvalNote'> };

function decideItem(
  batch: TransferBatch,
  item: TransferBatchItem,
  seen: Set<string>,
  draft: LedgerDraft,
  known: KnownCommands,
  context: Context,
): DecidedItem {
  if ('refused' in item) return { decision: null, answer: item.refused };
  const { keyed } = item;
  const key = keyText(keyed);
  // A key that already did something alone can not be part of "all or nothing" any more.
  if (seen.has(key) || known.get(keyed) !== undefined) return { decision: null, answer: batch.describe('key-reused') };
  seen.add(key);
  const result = decide(draft, keyed.command, context);
  const answer = keyed.present(result);
  if (!result.ok) return { decision: null, answer, note: noteApproval(keyed.command, result) };
  draft.evolve(result.value);
  return { decision: result.value, answer, keyed };
}

function refuseAtomic(
  batch: TransferBatch,
  draft: LedgerDraft,
  culprit: number,
  { answer, note = {} }: DecidedItem & { readonly decision: null },
): { outcome: Outcome; written: Written } {
  draft.rewind();
  const body = bodyOf(batch.items.map((_, index) => (index === culprit ? answer : batch.notApplied)));
  return {
    outcome: { kind: 'answered', status: 200, body, isReplay: false, versions: [] },
    written: { decisions: [], commands: answer.isFinal ? [recordOf(batch, body)] : [], ...note },
  };
}

function itemRecord(keyed: KeyedTransfer, answer: Answer): CommandRecord {
  const { scope, key, fingerprint } = keyed;
  return { scope, key, fingerprint, status: answer.status, body: answer.body };
}
