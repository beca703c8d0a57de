import type { Logger } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import type { Database } from './database.ts';
import { sql } from './sql.ts';

/** Tokens between services live a minute: a clock that is further off takes none of them, and makes none that others take. */
const CLOCK_DIFFERENCE_MS_MAX = 30_000;

export interface ReadinessOptions {
  /** Of a service: one, or one a shard. */
  readonly databases: readonly Database[];
  /** That of this machine. */
  readonly clock: Clock;
  readonly logger: Logger;
}

type State = 'ready' | 'database-away' | 'clock-off';

/**
 * Whether a service can work: its databases answer, and the clock of this machine is theirs. Says in the log when that
 * changes, and why. The answer never rejects.
 */
export function databaseReadiness({ databases, clock, logger }: ReadinessOptions): () => Promise<boolean> {
  let told: State = 'ready';
  const tell = (state: State, fields: object, message: string): void => {
    if (state === told) return;
    told = state;
    if (state === 'ready') logger.info(fields, message);
    else logger.warn(fields, message);
  };

  return async () => {
    try {
      const differencesMs = await Promise.all(databases.map((database) => clockDifferenceMs(database, clock)));
      const differenceMs = Math.max(...differencesMs.map(Math.abs));
      if (differenceMs > CLOCK_DIFFERENCE_MS_MAX) {
        tell('clock-off', { differenceMs }, 'not ready: the clock of this machine is not that of its database');
        return false;
      }
      tell('ready', {}, 'ready again');
      return true;
    } catch (error) {
      tell('database-away', { err: error }, 'not ready: the database does not answer');
      return false;
    }
  };
}

async function clockDifferenceMs(database: Database, clock: Clock): Promise<number> {
  const askedAtMs = clock();
  const [row] = await database.query<{ nowMs: number }>(
    sql`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "nowMs"`,
  );
  const nowMs = row?.nowMs ?? 0;
  // The server looked at its clock at some moment between the question and the answer.
  if (nowMs < askedAtMs) return nowMs - askedAtMs;
  return Math.max(0, nowMs - clock());
}
