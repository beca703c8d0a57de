import type { ClientConfig } from 'pg';
import { typeParsers } from './type-parsers.ts';

/**
 * Settings of connections that run the same few statements all day (the writer of the ledger, the relay). A generic
 * plan made while the tables were still empty is a sequential scan for ever; without these a ledger runs at half speed.
 */
export const PLAN_SETTINGS: Readonly<Record<string, string>> = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** Longer than any statement a person waits for; a statement beyond it is a fault of ours. */
const STATEMENT_TIMEOUT_MS = 5_000;

/** The answer to "is the database there?" must reach a caller within two seconds. */
export const CONNECT_TIMEOUT_MS = 1_500;

/**
 * Setting up is not a request: nobody waits for an answer within two seconds, and a server that has just replayed its
 * log, or a machine that is busy with something else, needs more to shake hands.
 */
export const SETUP_TIMEOUT_MS = 30_000;

/** The server's own limit should speak first; ours is for a server that answers nothing at all. */
const READ_GRACE_MS = 1_000;

/** A transaction someone forgot would hold locks and keep vacuum from its work. */
const IDLE_IN_TRANSACTION_MS = 10_000;

export interface ConnectionOptions {
  /** A postgres:// address with user, password, host, port and database. */
  readonly url: string;
  readonly applicationName: string;
  /** Server settings of every connection, such as `PLAN_SETTINGS`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long a statement may take, 5 s unless told otherwise. */
  readonly statementTimeoutMs?: number;
}

/** What the driver needs for a pipelined client with our types, limits and the time zone UTC. */
export function clientOptions(options: ConnectionOptions): ClientConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const settings = {
    TimeZone: 'UTC',
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(IDLE_IN_TRANSACTION_MS),
    ...options.settings,
  };
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value.replace(/([\\ ])/g, '\\$1')}`)
      .join(' '),
    types: typeParsers,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: statementTimeoutMs + READ_GRACE_MS,
  };
}
