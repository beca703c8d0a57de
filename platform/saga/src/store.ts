import { type Executor, emptySql, type Statement, sql, type Tx } from '@florin/postgres';
import type { LoggedEvent, Saga, SagaStatus } from './saga.ts';
import type { Transition } from './transition.ts';

/** A saga that begins. */
export interface SagaStart {
  readonly transition: Transition;
  /** What it is about, for those who look for it. */
  readonly subject: string;
  /** Who will work on it first. */
  readonly holder: string;
}

/** A saga as it was read, and the revision that a write must name. */
export interface HeldSaga {
  readonly saga: Saga;
  readonly revision: bigint;
}

/** A saga as people look at it. */
export interface SagaRecord extends HeldSaga {
  readonly subject: string;
  readonly holder: string | null;
  readonly updatedAt: Date;
  readonly nextRunAt: Date | null;
}

/** One saga's part of a group commit. */
export interface Change {
  readonly transition: Transition;
  /** The revision that it was decided on. */
  readonly revision: bigint;
  /** What the world hears of it: a JSON array of CloudEvents, or the empty text. */
  readonly outbox: string;
}

/** The revision that a start writes. */
export const FIRST_REVISION = 1n;

/** The grace is half of the time for an answer, and no longer than this. */
const GRACE_MS_MAX = 1_000;

/**
 * A lease ends this much later than the wait for an answer: whoever sent the command hears that it was not answered, and
 * writes that down, before somebody else would take the saga over.
 */
function graceMs(answerMs: number): number {
  return Math.min(GRACE_MS_MAX, Math.ceil(answerMs / 2));
}

/**
 * The statements that begin sagas, to be run in the caller's own transaction with what belongs to it. An id that is there
 * already stays as it is: a start that is repeated is the same start. What it sends by the outbox is the caller's to write: see `SagaRunner.outgoing`.
 */
export function startStatements(starts: readonly SagaStart[]): Statement[] {
  if (starts.length === 0) return [];
  const sagas = starts.map(({ transition }) => transition.saga);
  return [
    sql`
    with input as (
      select distinct on (id) * from unnest(
        ${sagas.map((saga) => saga.id)}::uuid[], ${sagas.map((saga) => JSON.stringify(saga))}::text[],
        ${starts.map(({ transition }) => JSON.stringify(transition.events))}::text[],
        ${starts.map(({ transition }) => leaseMsOf(transition))}::double precision[],
        ${starts.map((start) => start.subject)}::text[], ${starts.map((start) => start.holder)}::text[])
        as input (id, state, events, lease_ms, subject, holder)
      order by id
    ), begun as (
      insert into saga (id, type, definition_version, status, state, subject, started_at, updated_at, next_run_at, holder)
      select id, state::jsonb ->> 'type', (state::jsonb ->> 'definitionVersion')::integer, state::jsonb ->> 'status',
        state::jsonb, subject, now(), now(), now() + lease_ms * interval '1 millisecond', holder
      from input on conflict (id) do nothing
      returning id
    )
    insert into saga_event (saga_id, seq, kind, event, at)
    select id, ${EVENT_COLUMNS}
    from input cross join lateral jsonb_array_elements(events::jsonb) as logged (event)
    where id in (select id from begun)`,
  ];
}

const EVENT_COLUMNS = sql`
  (event ->> 'seq')::integer, event ->> 'kind', event, to_timestamp((event ->> 'atMs')::double precision / 1000)`;

function leaseMsOf({ nextRunInMs, command }: Transition): number | null {
  if (nextRunInMs === null || command === null) return nextRunInMs;
  return nextRunInMs + graceMs(nextRunInMs);
}

/**
 * Takes up to `limit` sagas whose time has come, those that have waited longest first, and answers them with their new
 * revisions. Only of the given definitions, each named `type@version`. Rows that somebody else is at are passed over.
 */
export async function claimDue(
  db: Executor,
  claim: { readonly definitions: readonly string[]; readonly holder: string; readonly leaseMs: number; limit: number },
): Promise<{ readonly held: readonly HeldSaga[]; readonly clockMs: number }> {
  const rows = await db.query<{ state: Saga | null; revision: bigint | null; clockMs: number }>(sql`
    with due as (
      select id from saga
      where next_run_at <= now() and type || '@' || definition_version = any(${claim.definitions}::text[])
      order by next_run_at limit ${claim.limit}
      for update skip locked
    ), taken as (
      update saga set revision = revision + 1, holder = ${claim.holder},
        next_run_at = now() + ${claim.leaseMs}::double precision * interval '1 millisecond'
      from due where saga.id = due.id
      returning state, revision
    )
    select state, revision, ${CLOCK_MS} as "clockMs" from (select 1) as one left join taken on true`);
  const held = rows.flatMap(({ state, revision }) => (state && revision ? [{ saga: state, revision }] : []));
  return { held, clockMs: rows[0]?.clockMs ?? Number.NaN };
}

const CLOCK_MS = sql`extract(epoch from clock_timestamp())::double precision * 1000`;

/** Gives claimed sagas back untouched, to be looked at again after a while each. */
export async function putBack(
  db: Executor,
  held: readonly { readonly id: string; readonly revision: bigint; readonly inMs: number }[],
): Promise<void> {
  if (held.length === 0) return;
  await db.execute(sql`
    update saga set revision = saga.revision + 1, next_run_at = now() + in_ms * interval '1 millisecond'
    from unnest(${held.map(({ id }) => id)}::uuid[], ${held.map(({ revision }) => revision)}::bigint[],
      ${held.map(({ inMs }) => inMs)}::double precision[]) as input (id, revision, in_ms)
    where saga.id = input.id and saga.revision = input.revision`);
}

/**
 * Writes transitions, all that were decided on the newest revision of their saga and no other, with their events and what
 * the world hears of them: one statement, so one transaction. Answers which were written, and the database's time.
 */
export async function writeTransitions(
  db: Executor,
  changes: readonly Change[],
  holder: string,
): Promise<{ readonly revisions: ReadonlyMap<string, bigint>; readonly clockMs: number }> {
  const rows = await db.query<{ id: string | null; revision: bigint | null; clockMs: number }>(
    transitionStatement(changes, holder),
  );
  const revisions = new Map<string, bigint>();
  for (const { id, revision } of rows) if (id !== null && revision !== null) revisions.set(id, revision);
  return { revisions, clockMs: rows[0]?.clockMs ?? Number.NaN };
}

function transitionStatement(changes: readonly Change[], holder: string): Statement {
  // In one order, so that two groups of two processes never wait for each other.
  const sorted = [...changes].sort((a, b) => (a.transition.saga.id < b.transition.saga.id ? -1 : 1));
  const isHeard = sorted.some((change) => change.outbox !== '');
  return sql`
    with input as (
      select * from unnest(
        ${sorted.map(({ transition }) => transition.saga.id)}::uuid[], ${sorted.map((change) => change.revision)}::bigint[],
        ${sorted.map(({ transition }) => JSON.stringify(transition.saga))}::text[],
        ${sorted.map(({ transition }) => JSON.stringify(transition.events))}::text[],
        ${sorted.map(({ transition }) => leaseMsOf(transition))}::double precision[],
        ${sorted.map((change) => change.outbox.slice(1, -1))}::text[])
        as input (id, revision, state, events, lease_ms, outbox)
    ), written as (
      update saga set revision = saga.revision + 1, state = input.state::jsonb, holder = ${holder}, updated_at = now(),
        status = input.state::jsonb ->> 'status', next_run_at = now() + lease_ms * interval '1 millisecond'
      from input where saga.id = input.id and saga.revision = input.revision
      returning saga.id, saga.revision, input.events, input.outbox
    ), logged as (
      insert into saga_event (saga_id, seq, kind, event, at)
      select id, ${EVENT_COLUMNS}
      from written cross join lateral jsonb_array_elements(events::jsonb) as logged (event)
    )${isHeard ? HEARD : emptySql}
    select id, revision, ${CLOCK_MS} as "clockMs" from (select 1) as one left join written on true`;
}

/** Its id is drawn when the rows of the sagas are locked, so the order of ids is that of the revisions. */
const HEARD = sql`, heard as (
      insert into outbox (events)
      select '[' || string_agg(outbox, ',' order by id) || ']' from written where outbox <> '' having count(*) > 0
    )`;

/** One saga, or undefined. */
export async function findSaga(db: Executor, id: string): Promise<SagaRecord | undefined> {
  const [record] = await db.query<SagaRecord>(sql`select ${RECORD_COLUMNS} from saga where id = ${id}`);
  return record;
}

/** One saga, held until the transaction ends, so that nobody else writes it meanwhile. */
export async function lockSaga(tx: Tx, id: string): Promise<HeldSaga | undefined> {
  const [held] = await tx.query<HeldSaga>(sql`
    select state as saga, revision from saga where id = ${id} for no key update`);
  return held;
}

const RECORD_COLUMNS = sql`
  state as saga, revision, subject, holder, updated_at as "updatedAt", next_run_at as "nextRunAt"`;

export interface SagaSearch {
  readonly status?: SagaStatus;
  readonly type?: string;
  readonly limit: number;
  /** The last page's `nextCursor`. */
  readonly cursor?: string;
}

/** As text of the statement, so that any plan, a generic one too, knows that an index of just these sagas will do. */
const OF_STATUS: Readonly<Record<SagaStatus, Statement>> = {
  running: sql`and status = 'running'`,
  compensating: sql`and status = 'compensating'`,
  needs_attention: sql`and status = 'needs_attention'`,
  completed: sql`and status = 'completed'`,
  compensated: sql`and status = 'compensated'`,
};

/** Sagas that began last come first. */
export async function listSagas(
  db: Executor,
  { status, type, limit, cursor }: SagaSearch,
): Promise<{ readonly data: readonly SagaRecord[]; readonly nextCursor: string | null }> {
  const data = await db.query<SagaRecord>(sql`
    select ${RECORD_COLUMNS} from saga
    where true ${status === undefined ? emptySql : OF_STATUS[status]}
      ${type === undefined ? emptySql : sql`and type = ${type}`}
      ${cursor === undefined ? emptySql : sql`and id < ${cursor}::uuid`}
    order by id desc limit ${limit}`);
  const last = data.length === limit ? data.at(-1) : undefined;
  return { data, nextCursor: last?.saga.id ?? null };
}

/** What happened to a saga, in order, the newest of it when it is long; empty when there is none. */
export async function readEvents(db: Executor, id: string): Promise<LoggedEvent[]> {
  const rows = await db.query<{ event: LoggedEvent }>(sql`
    select event from saga_event where saga_id = ${id} order by seq desc limit ${EVENTS_MAX}`);
  return rows.map((row) => row.event).reverse();
}

/** Longer than any saga that ends; one that people never look after goes on logging its attempts for ever. */
const EVENTS_MAX = 5_000;
