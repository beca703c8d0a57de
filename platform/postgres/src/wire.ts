import type { Duplex } from 'node:stream';
import { Fault } from '@florin/primitives';
import type { ClientBase, QueryConfig, QueryResult } from 'pg';
import { classify, databaseUnavailable, isServerAnswer, sqlState } from './database-error.ts';
import type { Statement } from './sql.ts';

/** A connection that sends statements without waiting for the answers before them. */
export interface Wire {
  send(statement: Statement): Promise<QueryResult>;
  /** True once nothing can be sent any more; everything outstanding was or will be rejected. */
  readonly lost: boolean;
  readonly outstanding: number;
  /** Ends the connection at once, for when it cannot be trusted or cannot be made; the cause goes into every fault. */
  drop(cause?: unknown): void;
}

/** A prepared statement costs the server memory for as long as the connection lives. */
const NAMES_PER_CONNECTION_MAX = 500;

/**
 * Driver and server no longer agree on what is prepared: an unknown name, or one that is taken. It happens when the
 * statement that was to prepare it failed while others with its name were on the wire.
 */
const OUT_OF_STEP = new Set(['26000', '42P05']);

/**
 * Wraps a pipelined client. Two rules make pipelining safe. When a statement of a transaction fails, the ones already
 * sent after it answer 25P02 (transaction is aborted): they are rejected with the first error instead, which is the
 * one that says why. And an error that is not the server's answer (a value that would not serialise, a lost
 * connection) leaves in doubt what was sent, so it ends the connection and nothing can be committed by accident.
 */
export function createWire(client: ClientBase): Wire {
  const names = new Set<string>();
  let firstError: unknown;
  let lossCause: unknown;
  let lost = false;
  let outstanding = 0;

  const drop = (cause?: unknown): void => {
    lost = true;
    lossCause ??= cause;
    streamOf(client).destroy();
  };
  // Without a listener a connection lost while idle would end the process.
  client.on('error', (error) => {
    lost = true;
    lossCause ??= error;
  });
  client.on('end', () => {
    lost = true;
  });

  const failed = (error: unknown): unknown => {
    if (!isServerAnswer(error)) {
      drop(error);
      return classify(error);
    }
    // In a transaction that failed already every error is only an echo of the first.
    if (client.getTransactionStatus() === 'E' && firstError !== undefined) return firstError;
    if (OUT_OF_STEP.has(sqlState(error) ?? '') || isStalePlan(error)) {
      drop(error);
      return databaseUnavailable('the prepared statements of a connection were out of step', error);
    }
    firstError = classify(error);
    return firstError;
  };

  const answered = (statement: Statement, result: QueryResult): unknown => {
    const cause = firstError;
    firstError = undefined;
    return refusedCommit(statement, result, cause);
  };

  return {
    get lost() {
      return lost;
    },
    get outstanding() {
      return outstanding;
    },
    drop,
    send(statement) {
      if (lost) return Promise.reject(databaseUnavailable('the connection to the database was lost', lossCause));
      corkForThisTurn(streamOf(client));
      outstanding += 1;
      return new Promise((resolve, reject) => {
        let settled = false;
        void client.query(queryConfig(statement, names), (error: Error | null | undefined, result: QueryResult) => {
          // The driver calls back twice when a value would not serialise.
          if (settled) return;
          settled = true;
          outstanding -= 1;
          const problem = error ? failed(error) : answered(statement, result);
          if (problem === undefined) resolve(result);
          else reject(problem);
        });
      });
    },
  };
}

/** A caller may send several statements and await only the commit; the promises before it must not end the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** A failed transaction answers COMMIT with ROLLBACK, and not with an error. */
function refusedCommit(statement: Statement, result: QueryResult, cause: unknown): Fault | undefined {
  if (result.command !== 'ROLLBACK' || !/^\s*(commit|end|prepare)\b/i.test(statement.text)) return undefined;
  return new Fault('commit-refused', 'the transaction was rolled back instead of committed', { cause });
}

function queryConfig(statement: Statement, names: Set<string>): QueryConfig<unknown[]> {
  const config = { text: statement.text, values: [...statement.values] };
  if (statement.name === undefined) return config;
  if (!names.has(statement.name)) {
    if (names.size >= NAMES_PER_CONNECTION_MAX) return config;
    names.add(statement.name);
  }
  return { ...config, name: statement.name };
}

/** "cached plan must not change result type": a migration changed a table under a prepared statement. */
function isStalePlan(error: unknown): boolean {
  return error instanceof Error && 'routine' in error && error.routine === 'RevalidateCachedQuery';
}

const corked = new WeakSet<Duplex>();

/** Everything sent in one turn of the event loop leaves in one write: a batch is one packet, not twenty. */
function corkForThisTurn(stream: Duplex): void {
  if (corked.has(stream)) return;
  corked.add(stream);
  stream.cork();
  process.nextTick(() => {
    corked.delete(stream);
    stream.uncork();
  });
}

/** The driver's socket. The type definitions leave `connection` out, though it is there for every client. */
function streamOf(client: ClientBase): Duplex {
  return (client as ClientBase & { readonly connection: { readonly stream: Duplex } }).connection.stream;
}
