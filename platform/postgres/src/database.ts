import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, invariant } from '@florin/primitives';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import { CONNECT_TIMEOUT_MS, type ConnectionOptions, clientOptions } from './client-options.ts';
import { classify, databaseUnavailable, isTransactionConflict } from './database-error.ts';
import { type Executor, TX, type Tx } from './executor.ts';
import { type Statement, sql } from './sql.ts';
import { spanned } from './statement-span.ts';
import { createWire, quiet, type Wire } from './wire.ts';

export interface TransactionOptions {
  /** `read committed` unless told otherwise. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** How often the work is run again after a deadlock or serialisation failure; 3 unless told otherwise. */
  readonly retries?: number;
}

/** A pool of connections to one database. It connects when it is used and recovers from an outage by itself. */
export interface Database extends Executor {
  /**
   * Runs the work in one transaction: COMMIT when it returns, ROLLBACK when it throws. After a deadlock or a
   * serialisation failure the work runs again from the start, so it must not have effects outside the database.
   * Faults: `database-unavailable`; `transaction-conflict` when the retries are used up; `commit-refused` when the
   * work swallowed an error of a statement. Lost at COMMIT, the outcome is unknown, as the message then says.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Connections that exist, that are idle, and callers waiting for one. */
  usage(): { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Waits for what is running, within a bound, and closes every connection. */
  close(): Promise<void>;
}

export interface DatabaseOptions extends ConnectionOptions {
  /** Connections at most, 10 unless told otherwise. */
  readonly poolSize?: number;
  /** How long a caller waits for a connection, 1.5 s unless told otherwise. */
  readonly acquireTimeoutMs?: number;
}

const POOL_SIZE = 10;
const RETRIES = 3;
/** Callers beyond this would time out anyway; refusing them at once keeps the queue short. */
const WAITING_PER_CONNECTION_MAX = 100;
const IDLE_CONNECTION_MS = 60_000;
const CLOSE_TIMEOUT_MS = 3_000;
/** Two transactions that met in a deadlock must not meet again at once. */
const CONFLICT_PAUSE_MS = 10;

const COMMIT = sql`commit`;
const ROLLBACK = sql`rollback`;
const BEGIN = {
  'read committed': sql`begin isolation level read committed`,
  'repeatable read': sql`begin isolation level repeatable read`,
  serializable: sql`begin isolation level serializable`,
};

interface Lease {
  readonly wire: Wire;
  release(): void;
}

/** Opens a pool. Nothing is connected until it is used, so a database that is away does not keep a service from starting. */
export function openDatabase(options: DatabaseOptions): Database {
  const poolSize = options.poolSize ?? POOL_SIZE;
  const acquireTimeoutMs = options.acquireTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const pool = new Pool({
    ...clientOptions(options),
    max: poolSize,
    connectionTimeoutMillis: acquireTimeoutMs,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
  });
  const wires = new Map<PoolClient, Wire>();
  pool.on('connect', (client) => wires.set(client, createWire(client)));
  pool.on('remove', (client) => wires.delete(client));
  // An idle connection that was lost is gone from the pool already; the next caller gets a new one.
  pool.on('error', () => {});

  const lease = async (): Promise<Lease> => {
    if (pool.ending) throw databaseUnavailable('the database pool is closed');
    if (pool.waitingCount >= poolSize * WAITING_PER_CONNECTION_MAX) {
      throw databaseUnavailable('too many callers wait for a database connection');
    }
    const client = await pool.connect().catch((error: unknown) => {
      throw unreachable(error);
    });
    const wire = wires.get(client);
    invariant(wire, 'every pooled connection has a wire');
    return { wire, release: () => client.release(wire.lost) };
  };

  const run = async (statement: Statement): Promise<QueryResult> => {
    const { wire, release } = await lease();
    try {
      return await wire.send(statement);
    } finally {
      release();
    }
  };

  return {
    query: <Row extends object>(statement: Statement) =>
      spanned('query', statement, () => run(statement).then((result) => result.rows as Row[])),
    execute: (statement) => spanned('execute', statement, () => run(statement).then((result) => result.rowCount ?? 0)),
    transaction: (work, transactionOptions = {}) =>
      spanned('transaction', undefined, () => withRetries(lease, work, transactionOptions)),
    usage: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    async close() {
      if (pool.ending) return;
      const timer = setTimeout(() => {
        for (const wire of wires.values()) wire.drop();
      }, CLOSE_TIMEOUT_MS);
      await pool.end();
      clearTimeout(timer);
    },
  };
}

async function withRetries<T>(
  lease: () => Promise<Lease>,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const retries = options.retries ?? RETRIES;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await once(lease, work, BEGIN[options.isolation ?? 'read committed']);
    } catch (error) {
      if (!isTransactionConflict(error)) throw error;
      if (attempt >= retries) {
        throw new Fault('transaction-conflict', 'a transaction kept meeting others on the same rows', {
          retryable: true,
          retryAfterSeconds: 1,
          cause: error,
        });
      }
      await sleep(randomInt(1, CONFLICT_PAUSE_MS * (attempt + 1)));
    }
  }
}

async function once<T>(lease: () => Promise<Lease>, work: (tx: Tx) => Promise<T>, begin: Statement): Promise<T> {
  const { wire, release } = await lease();
  let open = true;
  const send = (statement: Statement): Promise<QueryResult> => {
    invariant(open, 'a transaction was used after it ended');
    return wire.send(statement);
  };
  const tx: Tx = {
    [TX]: true,
    query: <Row extends object>(statement: Statement) => quiet(send(statement).then((result) => result.rows as Row[])),
    execute: (statement) => quiet(send(statement).then((result) => result.rowCount ?? 0)),
  };
  try {
    // Not awaited: BEGIN and the first statement share a round trip.
    void quiet(send(begin));
    const result = await work(tx);
    open = false;
    await commit(wire);
    return result;
  } catch (error) {
    open = false;
    await wire.send(ROLLBACK).catch(() => wire.drop());
    throw classify(error);
  } finally {
    release();
  }
}

async function commit(wire: Wire): Promise<void> {
  if (wire.lost) throw databaseUnavailable('the connection to the database was lost, nothing was committed');
  try {
    await wire.send(COMMIT);
  } catch (error) {
    if (!wire.lost) throw error;
    throw databaseUnavailable('the connection was lost at COMMIT: the outcome is unknown', error);
  }
}

function unreachable(error: unknown): unknown {
  const known = classify(error);
  return known instanceof Fault ? known : databaseUnavailable('the database could not be reached', error);
}
