import type { OpenSpan } from '@florin/observability';
import { Client, type QueryResult } from 'pg';
import { type ConnectionOptions, clientOptions } from './client-options.ts';
import { databaseUnavailable } from './database-error.ts';
import type { Executor } from './executor.ts';
import { type Statement, sql } from './sql.ts';
import { transactionSpan } from './statement-span.ts';
import { createWire, quiet, type Wire } from './wire.ts';

/**
 * One dedicated connection. Statements issued without awaiting go down the wire at once, in order. It connects when it
 * is first used and again after a loss; a loss rejects everything outstanding with the fault `database-unavailable`.
 * A transaction the connection was lost in stays lost: its later statements are refused until `rollback`, or until
 * the next `begin`, so half of it can never run on the new connection by itself.
 * A promise nobody awaits does not end the process: what failed in a transaction is told by `commit`.
 */
export interface Session extends Executor {
  begin(): Promise<void>;
  /** Fault `commit-refused` (the first error is its cause) when a statement of the transaction had failed. */
  commit(): Promise<void>;
  /** Ends the transaction, whatever became of it. Also resolves when the connection is gone: the effect is the same. */
  rollback(): Promise<void>;
  /** Lets outstanding statements finish, within a bound, and closes the connection. */
  close(): Promise<void>;
}

/** More than any batch sends; beyond it the server has stopped answering and memory must not fill up. */
const OUTSTANDING_MAX = 10_000;

/** How long a closing session waits for the answers still due. */
const CLOSE_TIMEOUT_MS = 2_000;

const BEGIN = sql`begin`;
const COMMIT = sql`commit`;
const ROLLBACK = sql`rollback`;

type Boundary = 'begin' | 'commit' | 'rollback' | 'none';

interface Link {
  readonly client: Client;
  readonly wire: Wire;
}

/** Opens a session; the first statement connects it. */
export function openSession(options: ConnectionOptions): Session {
  let link: Link | undefined;
  let closed = false;
  /** The connection the transaction in progress began on. */
  let begunOn: Link | undefined;
  let span: OpenSpan | undefined;

  const current = (): Link => {
    if (link === undefined || link.wire.lost) link = connect(options);
    return link;
  };

  const send = (statement: Statement): Promise<QueryResult> => {
    if (closed) return Promise.reject(databaseUnavailable('the database session is closed'));
    const boundary = boundaryOf(statement.text);
    const target = boundary === 'begin' ? current() : (begunOn ?? current());
    if (boundary === 'begin') begunOn = target;
    else if (boundary !== 'none') begunOn = undefined;
    // Dropped rather than refused: a transaction that lacks one statement must not be committed.
    if (target.wire.outstanding >= OUTSTANDING_MAX) target.wire.drop();
    return target.wire.send(statement);
  };

  const ended = (ending: Promise<void>): Promise<void> => {
    const ends = span;
    span = undefined;
    return ends === undefined ? ending : ending.finally(() => ends.end());
  };

  return {
    query: <Row extends object>(statement: Statement) => quiet(send(statement).then((result) => result.rows as Row[])),
    execute: (statement) => quiet(send(statement).then((result) => result.rowCount ?? 0)),
    begin() {
      span = transactionSpan();
      return quiet(send(BEGIN).then(ignore));
    },
    commit: () => quiet(ended(send(COMMIT).then(ignore))),
    rollback: () => ended(begunOn === undefined || closed ? Promise.resolve() : send(ROLLBACK).then(ignore, ignore)),
    async close() {
      closed = true;
      if (link !== undefined) await endWithin(link, CLOSE_TIMEOUT_MS);
    },
  };
}

function connect(options: ConnectionOptions): Link {
  const client = new Client(clientOptions(options));
  const wire = createWire(client);
  // The driver rejects what is queued; dropping also covers a server that answers with a refusal.
  client.connect().catch((error: unknown) => wire.drop(error));
  return { client, wire };
}

async function endWithin({ client, wire }: Link, timeoutMs: number): Promise<void> {
  if (wire.lost) return;
  const timer = setTimeout(() => wire.drop(), timeoutMs);
  await client.end().catch(ignore);
  clearTimeout(timer);
}

/** What a statement does to the transaction around it. A savepoint does nothing to it. */
function boundaryOf(text: string): Boundary {
  const word =
    /^\s*(begin|start transaction|commit|end|rollback|abort|prepare transaction)\b(?! *(prepared|to|work to))/i
      .exec(text)?.[1]
      ?.toLowerCase();
  if (word === undefined) return 'none';
  if (word === 'begin' || word === 'start transaction') return 'begin';
  return word === 'rollback' || word === 'abort' ? 'rollback' : 'commit';
}

function ignore(): void {}
