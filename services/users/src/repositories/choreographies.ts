import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import type {
  Choreography,
  ChoreographyDefinition,
  ChoreographyEvent,
  ChoreographyEventData,
  ChoreographyEventKind,
  ChoreographyStatus,
} from '../domain/choreography.ts';

interface Row {
  id: string;
  type: string;
  definition_version: number;
  subject: string;
  status: ChoreographyStatus;
  attempt: number;
  deadline_at: Date;
  started_at: Date;
  updated_at: Date;
  attention_seq: number | null;
  heard: string[];
}

const COLUMNS = sql`
  id, type, definition_version, subject, status, attempt, deadline_at, started_at, updated_at,
  CASE WHEN status = 'stuck' THEN (
    SELECT max(seq) FROM choreography_event WHERE choreography_id = choreography.id AND kind = 'stuck'
  ) END AS attention_seq,
  ARRAY(SELECT DISTINCT step FROM choreography_event
        WHERE choreography_id = choreography.id AND kind = 'heard' AND step IS NOT NULL) AS heard`;

/** Begins to follow something; its deadline is so long from now by the clock of the database. */
export async function insertChoreography(
  tx: Tx,
  begun: {
    readonly id: string;
    readonly definition: ChoreographyDefinition;
    readonly subject: string;
    readonly deadlineMs: number;
  },
): Promise<void> {
  const { type, version } = begun.definition;
  await tx.execute(sql`
    INSERT INTO choreography (id, type, definition_version, subject, status, deadline_at)
    VALUES (${begun.id}, ${type}, ${version}, ${begun.subject}, 'running',
      now() + ${begun.deadlineMs}::integer * interval '1 millisecond')`);
}

/** One, held until the transaction ends, so that what happens to it has an order. */
export async function lockChoreography(tx: Tx, id: string): Promise<Choreography | undefined> {
  // In two statements: the second sees what whoever had the lock wrote.
  await tx.query(sql`SELECT FROM choreography WHERE id = ${id} FOR NO KEY UPDATE`);
  return findChoreography(tx, id);
}

export async function findChoreography(db: Executor, id: string): Promise<Choreography | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM choreography WHERE id = ${id}`);
  return row && choreographyOf(row);
}

/** Those about these subjects, held until the transaction ends, by subject. */
export async function lockBySubject(
  tx: Tx,
  type: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Choreography>> {
  await tx.query(sql`
    SELECT FROM choreography WHERE type = ${type} AND subject = ANY(${subjects}::text[])
    ORDER BY id FOR NO KEY UPDATE`);
  const rows = await tx.query<Row>(sql`
    SELECT ${COLUMNS} FROM choreography WHERE type = ${type} AND subject = ANY(${subjects}::text[])`);
  return new Map(rows.map((row) => [row.subject, choreographyOf(row)]));
}

/** Something that is to be written down of one that is locked. */
export interface NewEvent {
  readonly kind: ChoreographyEventKind;
  readonly step?: string | undefined;
  readonly topic?: string;
  readonly eventId?: string;
  readonly causationId?: string | undefined;
  readonly data?: ChoreographyEventData;
}

/** Writes down what happened to one that is locked, as the next in order; false when this event is in it already. */
export async function appendEvent(tx: Tx, id: string, event: NewEvent): Promise<boolean> {
  const inserted = await tx.execute(sql`
    INSERT INTO choreography_event (choreography_id, seq, kind, step, topic, event_id, causation_id, data)
    SELECT ${id}::uuid, coalesce(max(seq), 0) + 1, ${event.kind}::text, ${event.step ?? null}::text,
      ${event.topic ?? null}::text, ${event.eventId ?? null}::text, ${event.causationId ?? null}::text,
      ${JSON.stringify(event.data ?? {})}::jsonb
    FROM choreography_event WHERE choreography_id = ${id}
    ON CONFLICT ON CONSTRAINT choreography_event_once DO NOTHING`);
  if (inserted === 1) await tx.execute(sql`UPDATE choreography SET updated_at = now() WHERE id = ${id}`);
  return inserted === 1;
}

export async function completeChoreography(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`
    UPDATE choreography SET status = 'completed', ended_at = now(), updated_at = now() WHERE id = ${id}`);
}

/** It begins once more, with a new deadline. */
export async function restartChoreography(tx: Tx, id: string, deadlineMs: number): Promise<void> {
  await tx.execute(sql`
    UPDATE choreography SET status = 'running', attempt = attempt + 1, updated_at = now(),
      deadline_at = now() + ${deadlineMs}::integer * interval '1 millisecond'
    WHERE id = ${id}`);
}

/** Marks those stuck whose deadline is over, the oldest first, at most so many; another process skips them. */
export async function takeOverdue(tx: Tx, limit: number): Promise<Choreography[]> {
  const rows = await tx.query<Row>(sql`
    UPDATE choreography SET status = 'stuck', updated_at = now()
    WHERE id IN (
      SELECT id FROM choreography WHERE status = 'running' AND deadline_at <= now()
      ORDER BY deadline_at LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED)
    RETURNING ${COLUMNS}`);
  return rows.map(choreographyOf);
}

/** How many are stuck, counted up to a bound, and how long the oldest has been running. */
export async function measureChoreographies(
  db: Executor,
  countedMax: number,
): Promise<{ readonly stuck: number; readonly oldestSeconds: number }> {
  const [row] = await db.query<{ stuck: bigint; oldest: string | null }>(sql`
    SELECT (SELECT count(*) FROM (SELECT FROM choreography WHERE status = 'stuck' LIMIT ${countedMax}) AS marked) AS stuck,
      (SELECT extract(epoch FROM now() - min(started_at)) FROM (
        SELECT started_at FROM choreography WHERE status = 'running' ORDER BY deadline_at LIMIT ${countedMax}) AS begun
      ) AS oldest`);
  return { stuck: Number(row?.stuck ?? 0n), oldestSeconds: Number(row?.oldest ?? 0) };
}

/** A page, the newest first; ids begin with the time they were made. */
export async function listChoreographies(
  db: Executor,
  page: {
    readonly status: ChoreographyStatus | undefined;
    readonly type: string | undefined;
    readonly beforeId: string | undefined;
    readonly limit: number;
  },
): Promise<Choreography[]> {
  const status = page.status === undefined ? emptySql : sql`AND status = ${page.status}`;
  const type = page.type === undefined ? emptySql : sql`AND type = ${page.type}`;
  const before = page.beforeId === undefined ? emptySql : sql`AND id < ${page.beforeId}::uuid`;
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM choreography WHERE true ${status} ${type} ${before} ORDER BY id DESC LIMIT ${page.limit}`);
  return rows.map(choreographyOf);
}

/** What happened to one, in order, at most so much. */
export async function listEvents(db: Executor, id: string, limit: number): Promise<ChoreographyEvent[]> {
  const rows = await db.query<{
    seq: number;
    kind: ChoreographyEventKind;
    step: string | null;
    topic: string | null;
    event_id: string | null;
    causation_id: string | null;
    data: ChoreographyEventData;
    at: Date;
  }>(sql`
    SELECT seq, kind, step, topic, event_id, causation_id, data, at FROM choreography_event
    WHERE choreography_id = ${id} ORDER BY seq LIMIT ${limit}`);
  return rows.map((row) => ({
    seq: row.seq,
    kind: row.kind,
    step: row.step ?? undefined,
    topic: row.topic ?? undefined,
    eventId: row.event_id ?? undefined,
    causationId: row.causation_id ?? undefined,
    data: row.data,
    atMs: row.at.getTime(),
  }));
}

function choreographyOf(row: Row): Choreography {
  return {
    id: row.id,
    type: row.type,
    definitionVersion: row.definition_version,
    subject: row.subject,
    status: row.status,
    attempt: row.attempt,
    deadlineAtMs: row.deadline_at.getTime(),
    startedAtMs: row.started_at.getTime(),
    updatedAtMs: row.updated_at.getTime(),
    attentionSeq: row.attention_seq,
    heard: row.heard,
  };
}
