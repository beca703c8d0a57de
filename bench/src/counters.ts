import { type Executor, sql } from '@florin/postgres';
import { sumOf } from './metrics.ts';

/** What the ledger has done since its databases and its process began, as they count it. */
export interface Counters {
  readonly atMs: number;
  /** Database transactions of the shards together, those that only read too. */
  readonly commits: number;
  /** Events, commands of sagas, and requests of two-phase commit. */
  readonly messages: number;
}

/** A run asks each of two branches twice: to prepare, and to end. */
const REQUESTS_PER_TWO_PHASE = 4;
const OUTBOX_OF_LEDGER = /outbox="transactions(-\d+)?"/;

/** Database transactions as PostgreSQL has counted them; `db` may be any database of the server. */
export async function readCommits(db: Executor, databases: readonly string[]): Promise<number> {
  const [row] = await db.query<{ commits: string }>(sql`
    select sum(xact_commit)::text as commits from pg_stat_database where datname = any(${databases}::text[])`);
  return Number(row?.commits ?? 0);
}

/** Messages of the ledger, from its metrics. */
export function messagesIn(metrics: string): number {
  const events = sumOf(metrics, 'florin_events_published_total', (labels) => OUTBOX_OF_LEDGER.test(labels));
  const commands = sumOf(metrics, 'florin_saga_commands_total');
  return events + commands + REQUESTS_PER_TWO_PHASE * sumOf(metrics, 'florin_two_phase_total');
}

/** What happened between two readings beyond what an idle ledger does: it looks for events and for work that is due. */
export function between(
  before: Counters,
  after: Counters,
  idleCommitsPerSecond: number,
): { readonly commits: number; readonly messages: number } {
  const seconds = (after.atMs - before.atMs) / 1_000;
  return {
    commits: after.commits - before.commits - idleCommitsPerSecond * seconds,
    messages: after.messages - before.messages,
  };
}

/**
 * From when the payer can not spend the money any more until the payee can, in milliseconds, of each crossing transfer
 * since a moment: by the steps' records, whose times are those of the transactions of one server.
 */
export async function readOnTheWayMs(
  shards: readonly Executor[],
  sinceMs: number,
  way: 'saga' | 'choreographed',
): Promise<number[]> {
  const arriving = way === 'saga' ? 'receive' : 'credit';
  const leftAt = await readSteps(shards, sinceMs, 'set-aside');
  const arrivedAt = await readSteps(shards, sinceMs, arriving);
  return [...arrivedAt].flatMap(([id, atMs]) => {
    const left = leftAt.get(id);
    return left === undefined ? [] : [atMs - left];
  });
}

async function readSteps(shards: readonly Executor[], sinceMs: number, step: string): Promise<Map<string, number>> {
  const rows = await Promise.all(
    shards.map((db) =>
      db.query<{ id: string; atMs: number }>(sql`
        select split_part(key, ':', 1) as id, (extract(epoch from created_at) * 1000)::float8 as "atMs"
        from command
        where scope = 'saga' and key like ${`%:${step}:do`} and created_at >= to_timestamp(${sinceMs / 1_000}::float8)`),
    ),
  );
  return new Map(rows.flat().map(({ id, atMs }) => [id, atMs]));
}
