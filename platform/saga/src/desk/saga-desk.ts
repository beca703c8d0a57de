import { type AuditActor, appendToOutbox, auditEvent } from '@florin/messaging';
import type { Database, Tx } from '@florin/postgres';
import { bucketOf, type Clock, fail, type NewId, ok, type Result } from '@florin/primitives';
import { type Ignored, whyPassed } from '../decide.ts';
import type { Acted } from '../driver.ts';
import type { SagaNotFound } from '../inputs.ts';
import type { ActionFailure, PendingAction } from '../pending-actions/pending-action.ts';
import { createAction, decideAction, findAction, listActions } from '../pending-actions/pending-action-rows.ts';
import type { SagaRunner } from '../runner.ts';
import type { SagaStatus } from '../saga.ts';
import { listSagas, lockSaga, type SagaRecord } from '../store.ts';

/** A database with sagas, with what is asked about them, and the runner that works on them. */
export interface SagaHost {
  readonly runner: Pick<SagaRunner, 'find' | 'timeline' | 'actWithin' | 'definitionOf'>;
  readonly db: Database;
}

/** Where staff look after the sagas of a service. */
export interface SagaDesk {
  readonly hosts: readonly SagaHost[];
  /** Where a saga is, should it exist, and what is asked about it, whose ids are in the same bucket. */
  hostOf(id: string): SagaHost;
  /** The CloudEvents source of the service. */
  readonly source: string;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface DeskFailure {
  readonly code:
    | ActionFailure['code']
    | SagaNotFound['code']
    | 'saga-moved-on'
    | 'action-pending'
    | 'evidence-required';
  readonly detail: string;
}

/** A page of all hosts, the newest first; the next one begins after `nextId`, which the last one has not. */
export interface DeskPage<Item> {
  readonly items: readonly Item[];
  readonly nextId: string | null;
}

interface Stretch {
  readonly beforeId: string | undefined;
  readonly limit: number;
}

/** Sagas begin with the time in their ids, wherever they are: so a page of all is the newest of the pages of each. */
export async function sagasOf(
  { hosts }: Pick<SagaDesk, 'hosts'>,
  { status, type, beforeId, limit }: Stretch & { readonly status?: SagaStatus; readonly type?: string },
): Promise<DeskPage<SagaRecord>> {
  const search = {
    limit: limit + 1,
    ...(status === undefined ? {} : { status }),
    ...(type === undefined ? {} : { type }),
    ...(beforeId === undefined ? {} : { cursor: beforeId }),
  };
  const pages = await Promise.all(hosts.map(async ({ db }) => (await listSagas(db, search)).data));
  return newest(pages, ({ saga }) => saga.id, limit);
}

/** What is asked about sagas, and what became of it. */
export async function actionsOf(
  { hosts }: Pick<SagaDesk, 'hosts'>,
  { status, beforeId, limit }: Stretch & { readonly status: PendingAction['status'] | undefined },
): Promise<DeskPage<PendingAction>> {
  const pages = await Promise.all(hosts.map(({ db }) => listActions(db, { status, beforeId, limit: limit + 1 })));
  return newest(pages, ({ id }) => id, limit);
}

function newest<Item>(
  pages: readonly (readonly Item[])[],
  idOf: (item: Item) => string,
  limit: number,
): DeskPage<Item> {
  const all = pages.flat().sort((a, b) => (idOf(a) < idOf(b) ? 1 : -1));
  const items = all.slice(0, limit);
  const last = items.at(-1);
  return { items, nextId: all.length > limit && last !== undefined ? idOf(last) : null };
}

export interface Wanted {
  readonly action: PendingAction['action'];
  readonly attentionSeq: number;
  readonly reason: string;
  readonly evidence: string | undefined;
}

/**
 * Asks that a saga be tried again, or that its step be taken for done. Fails with `saga-not-found`, `saga-moved-on` when
 * what was looked at has passed, `evidence-required`, or `action-pending`.
 */
export function askForAction(
  desk: SagaDesk,
  actor: AuditActor,
  sagaId: string,
  { action, attentionSeq, reason, evidence }: Wanted,
): Promise<Result<PendingAction, DeskFailure>> {
  return desk.hostOf(sagaId).db.transaction(async (tx): Promise<Result<PendingAction, DeskFailure>> => {
    const held = await lockSaga(tx, sagaId);
    if (held === undefined) return fail({ code: 'saga-not-found', detail: 'There is no such saga here.' });
    const passed = whyPassed(held.saga, attentionSeq);
    if (passed !== null) return fail(movedOn(passed));
    if (action === 'resolve' && evidence === undefined) {
      return fail({ code: 'evidence-required', detail: 'Say what shows that it is done.' });
    }
    const about = { id: desk.newId(bucketOf(sagaId)), sagaId, action, attentionSeq };
    const made = await createAction(tx, { ...about, reason, evidence: evidence ?? null, maker: actor.subject });
    if (made === undefined) {
      return fail({ code: 'action-pending', detail: 'Something about this saga waits for a second person already.' });
    }
    await record(desk, tx, actor, made, 'ask');
    return ok(made);
  });
}

/**
 * A second person decides. A yes, what it does to the saga, and the record of it are one transaction: there is no yes that
 * nothing came of, and nothing is done twice. Fails as `decideAction` does, and with `saga-moved-on` when something has
 * happened to the saga since; the question then stays, to be rejected.
 */
export async function decideAsked(
  desk: SagaDesk,
  actor: AuditActor,
  id: string,
  status: 'approved' | 'rejected',
): Promise<Result<PendingAction, DeskFailure>> {
  const { db, runner } = desk.hostOf(id);
  let acted: Acted | undefined;
  try {
    const decided = await db.transaction(async (tx) => {
      acted = undefined;
      const asked = await findAction(tx, id);
      if (asked !== undefined) await lockSaga(tx, asked.sagaId);
      const decided = await decideAction(tx, { id, checker: actor.subject, status });
      if (!decided.ok) return decided;
      if (status === 'approved') acted = await carryOut(runner, tx, decided.value);
      await record(desk, tx, actor, decided.value, status);
      return decided;
    });
    acted?.committed();
    return decided;
  } catch (error) {
    if (error instanceof MovedOn) return fail(movedOn(error.why));
    throw error;
  }
}

async function carryOut(runner: SagaHost['runner'], tx: Tx, asked: PendingAction): Promise<Acted> {
  const { sagaId, action, attentionSeq, reason, evidence, maker, checker } = asked;
  const approval = { by: maker, approvedBy: checker ?? '', reason, evidence: evidence ?? '' };
  const acted = await runner.actWithin(tx, sagaId, { kind: action, attentionSeq, ...approval });
  if (!acted.ok) throw new MovedOn(acted.failure);
  return acted.value;
}

/** Undoes the transaction that found out. */
class MovedOn extends Error {
  readonly why: Ignored | SagaNotFound;

  constructor(why: Ignored | SagaNotFound) {
    super(why.detail);
    this.why = why;
  }
}

function movedOn({ detail }: { readonly detail: string }): DeskFailure {
  return { code: 'saga-moved-on', detail: `Something has happened since you looked. ${detail}` };
}

/** The audit record; `sagas.ask-retry`, `sagas.approved-resolve`. */
function record(
  { source, clock }: SagaDesk,
  tx: Tx,
  actor: AuditActor,
  { id, sagaId, action, reason }: PendingAction,
  what: 'ask' | 'approved' | 'rejected',
): Promise<void> {
  const at = new Date(clock()).toISOString();
  const done = { id: `${id}:${what}`, action: `sagas.${what}-${action}`, resource: sagaId, reason, at };
  return appendToOutbox(tx, source, [auditEvent(actor, done)]);
}
