import { type Executor, sql, type Tx } from '@florin/postgres';
import type { ActionOrigin } from '@florin/primitives';
import type { EnforcedStatus } from '../domain/account.ts';
import type { ControlAction, ControlIntent } from '../domain/control.ts';

interface Row {
  account_id: string;
  control_version: bigint;
  action: ControlAction;
  wanted_status: EnforcedStatus;
  wanted_daily_limit_minor: bigint;
  actor: string;
  roles: string[];
  reason: string | null;
  trace_id: string;
  correlation_id: string | null;
  causation_id: string | null;
  origin: ActionOrigin | null;
}

const COLUMNS = sql`
  account_id, control_version, action, wanted_status, wanted_daily_limit_minor, actor, roles, reason, trace_id,
  correlation_id, causation_id, origin`;

/** Writes an intent. Its first owner is the request that made it, so the sweeper leaves it alone for a while. */
export async function insertIntent(tx: Tx, intent: ControlIntent, sweepAfterMs: number): Promise<void> {
  await tx.execute(sql`
    INSERT INTO control_intent (${COLUMNS}, next_try_at)
    VALUES (${intent.accountId}, ${intent.controlVersion}, ${intent.action}, ${intent.wanted.status},
      ${intent.wanted.dailyLimitMinor}, ${intent.actor}, ${intent.roles}, ${intent.reason}, ${intent.traceId},
      ${intent.follows?.correlationId ?? null}, ${intent.follows?.eventId ?? null},
      ${intent.origin === undefined ? null : JSON.stringify(intent.origin)}::jsonb,
      now() + ${sweepAfterMs}::integer * interval '1 millisecond')`);
}

/** The instruction of an account whose outcome is not known yet. */
export async function findOpenIntent(db: Executor, accountId: string): Promise<ControlIntent | undefined> {
  const [row] = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM control_intent WHERE account_id = ${accountId} AND done_at IS NULL`);
  return row && intentOf(row);
}

/** Whether an intent ended, and how: `undefined` while it is open. */
export async function findOutcome(
  db: Executor,
  accountId: string,
  controlVersion: number,
): Promise<'applied' | 'refused' | undefined> {
  const [row] = await db.query<{ outcome: 'applied' | 'refused' | null }>(sql`
    SELECT outcome FROM control_intent WHERE account_id = ${accountId} AND control_version = ${controlVersion}`);
  return row?.outcome ?? undefined;
}

/** Ends an intent; false when someone else ended it first. */
export async function endIntent(
  tx: Tx,
  intent: ControlIntent,
  outcome: 'applied' | 'refused',
  refusal: string | null,
): Promise<boolean> {
  const ended = await tx.execute(sql`
    UPDATE control_intent SET done_at = now(), outcome = ${outcome}, refusal = ${refusal}
    WHERE account_id = ${intent.accountId} AND control_version = ${intent.controlVersion} AND done_at IS NULL`);
  return ended === 1;
}

/**
 * Takes open intents that are due, oldest first, and puts their next try off: another process skips them, and one
 * that fails comes back after 2, 4, 8 ... seconds, at most a minute.
 */
export async function takeDueIntents(db: Executor, limit: number): Promise<ControlIntent[]> {
  const rows = await db.query<Row>(sql`
    UPDATE control_intent SET attempts = attempts + 1,
      next_try_at = now() + least(60, power(2, least(attempts + 1, 10))) * interval '1 second'
    WHERE (account_id, control_version) IN (
      SELECT account_id, control_version FROM control_intent
      WHERE done_at IS NULL AND next_try_at <= now() ORDER BY next_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING ${COLUMNS}`);
  return rows.map(intentOf);
}

/** How many intents wait for the ledger, and how old the oldest is. */
export async function measureOpenIntents(
  db: Executor,
  countedMax: number,
): Promise<{ readonly count: number; readonly oldestSeconds: number }> {
  const [row] = await db.query<{ count: bigint; oldest: string | null }>(sql`
    SELECT count(*) AS count, extract(epoch FROM now() - min(created_at)) AS oldest
    FROM (SELECT created_at FROM control_intent WHERE done_at IS NULL LIMIT ${countedMax}) AS open`);
  return { count: Number(row?.count ?? 0), oldestSeconds: Number(row?.oldest ?? 0) };
}

function intentOf(row: Row): ControlIntent {
  return {
    accountId: row.account_id,
    controlVersion: Number(row.control_version),
    action: row.action,
    wanted: { status: row.wanted_status, dailyLimitMinor: row.wanted_daily_limit_minor },
    actor: row.actor,
    roles: row.roles,
    reason: row.reason,
    traceId: row.trace_id,
    ...(row.origin === null ? {} : { origin: row.origin }),
    ...(row.correlation_id === null || row.causation_id === null
      ? {}
      : { follows: { correlationId: row.correlation_id, eventId: row.causation_id } }),
  };
}
