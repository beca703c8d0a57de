import type { Database, Tx } from '@florin/postgres';
import { bucketOf, fail, invariant, type NewId, ok, type Result } from '@florin/primitives';
import {
  type ActionFailure,
  createAction,
  decideAction,
  findAction,
  listActions,
  type PendingAction,
} from '@florin/saga';
import type { Choreography, ChoreographyEvent, ChoreographyStatus } from '../domain/choreography.ts';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import {
  appendEvent,
  completeChoreography,
  findChoreography,
  listChoreographies,
  listEvents,
  lockChoreography,
  restartChoreography,
} from '../repositories/choreographies.ts';
import type { RecordFacts } from './ports.ts';

export interface SagaDeps {
  readonly database: Database;
  readonly newId: NewId;
  readonly record: RecordFacts;
  readonly deadlineMs: number;
}

export interface SagaFailure {
  readonly code: ActionFailure['code'] | 'saga-not-found' | 'action-pending' | 'saga-moved-on' | 'evidence-required';
  readonly detail: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined on the last one. */
  readonly nextId: string | undefined;
}

/** A sign-up that was retried every minute for a day has fewer. */
const TIMELINE_MAX = 5_000;

export async function listSagas(
  { database }: Pick<SagaDeps, 'database'>,
  page: {
    readonly status: ChoreographyStatus | undefined;
    readonly type: string | undefined;
    readonly beforeId: string | undefined;
    readonly limit: number;
  },
): Promise<Page<Choreography>> {
  return pageOf(await listChoreographies(database, { ...page, limit: page.limit + 1 }), page.limit);
}

/** One, and everything that happened to it. */
export async function readSaga(
  { database }: Pick<SagaDeps, 'database'>,
  id: string,
): Promise<{ readonly saga: Choreography; readonly events: readonly ChoreographyEvent[] } | undefined> {
  const saga = await findChoreography(database, id);
  return saga && { saga, events: await listEvents(database, id, TIMELINE_MAX) };
}

export async function listAsked(
  { database }: Pick<SagaDeps, 'database'>,
  page: {
    readonly status: PendingAction['status'] | undefined;
    readonly beforeId: string | undefined;
    readonly limit: number;
  },
): Promise<Page<PendingAction>> {
  return pageOf(await listActions(database, { ...page, limit: page.limit + 1 }), page.limit);
}

export interface Wanted {
  readonly action: PendingAction['action'];
  readonly attentionSeq: number;
  readonly reason: string;
  readonly evidence: string | undefined;
}

/**
 * Asks that something be done about a sign-up: begin it once more, or take it for done. Fails with `saga-not-found`,
 * `saga-moved-on` when it needs nobody or not for what was looked at, `evidence-required`, or `action-pending`.
 */
export function askForAction(
  { database, newId, record }: SagaDeps,
  actor: Actor,
  sagaId: string,
  { action, attentionSeq, reason, evidence }: Wanted,
): Promise<Result<PendingAction, SagaFailure>> {
  return database.transaction(async (tx): Promise<Result<PendingAction, SagaFailure>> => {
    const saga = await lockChoreography(tx, sagaId);
    if (saga === undefined) return fail({ code: 'saga-not-found', detail: 'There is no such saga here.' });
    if (saga.attentionSeq !== attentionSeq) return fail(movedOn(saga));
    if (action === 'resolve' && evidence === undefined) {
      return fail({ code: 'evidence-required', detail: 'Say what shows that it is done.' });
    }
    const wanted = { id: newId(bucketOf(sagaId)), sagaId, action, attentionSeq, reason, evidence: evidence ?? null };
    const made = await createAction(tx, { ...wanted, maker: actor.subject });
    if (made === undefined) {
      return fail({ code: 'action-pending', detail: 'Something about this saga waits for a second person already.' });
    }
    await appendEvent(tx, sagaId, { kind: 'asked', data: { action, actor: actor.subject, reason } });
    await record(tx, [audited(actor, `sagas.ask-${action}`, sagaId)]);
    return ok(made);
  });
}

function movedOn({ status }: Choreography): SagaFailure {
  const now = status === 'stuck' ? 'it was begun once more and is stuck again' : `it is ${status}`;
  return { code: 'saga-moved-on', detail: `Something has happened since you looked: ${now}.` };
}

/**
 * A second person decides, and what they approve is done in the same transaction. Fails as `decideAction` does, and with
 * `saga-moved-on` when something happened to the saga meanwhile; the question then stays, to be rejected.
 */
export async function decideAsked(
  deps: SagaDeps,
  actor: Actor,
  id: string,
  status: 'approved' | 'rejected',
): Promise<Result<PendingAction, SagaFailure>> {
  try {
    return await deps.database.transaction(async (tx): Promise<Result<PendingAction, SagaFailure>> => {
      const asked = await findAction(tx, id);
      const saga = asked && (await lockChoreography(tx, asked.sagaId));
      const decided = await decideAction(tx, { id, checker: actor.subject, status });
      if (!decided.ok) return decided;
      invariant(saga, 'an action is about a saga that is there');
      const { action, sagaId } = decided.value;
      await (status === 'approved' ? carryOut(deps, tx, saga, decided.value) : writeRejected(tx, decided.value));
      await deps.record(tx, [audited(actor, `sagas.${status}-${action}`, sagaId)]);
      return decided;
    });
  } catch (error) {
    if (error instanceof MovedOn) return fail(movedOn(error.saga));
    throw error;
  }
}

/** Undoes the transaction that found out. */
class MovedOn extends Error {
  readonly saga: Choreography;

  constructor(saga: Choreography) {
    super();
    this.saga = saga;
  }
}

async function carryOut(deps: SagaDeps, tx: Tx, saga: Choreography, asked: PendingAction): Promise<void> {
  if (saga.attentionSeq !== asked.attentionSeq) throw new MovedOn(saga);
  const { action, reason, evidence, maker, checker } = asked;
  const data = { action, actor: maker, checker: checker ?? '', reason, ...(evidence === null ? {} : { evidence }) };
  if (action === 'resolve') {
    await appendEvent(tx, saga.id, { kind: 'resolved', data });
    return completeChoreography(tx, saga.id);
  }
  await appendEvent(tx, saga.id, { kind: 'retried', data });
  await restartChoreography(tx, saga.id, deps.deadlineMs);
  await deps.record(tx, [
    {
      kind: 'registration-restated',
      personId: saga.subject,
      attempt: saga.attempt + 1,
      registeredAtMs: saga.startedAtMs,
    },
  ]);
}

async function writeRejected(tx: Tx, { sagaId, action, reason, maker, checker }: PendingAction): Promise<void> {
  await appendEvent(tx, sagaId, {
    kind: 'rejected',
    data: { action, actor: maker, checker: checker ?? '', reason },
  });
}

function pageOf<Item extends { readonly id: string }>(found: readonly Item[], limit: number): Page<Item> {
  const items = found.slice(0, limit);
  return { items, nextId: found.length > limit ? items.at(-1)?.id : undefined };
}
