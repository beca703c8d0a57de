import { Fault } from '@florin/primitives';

/** Settings of the ledger. */
export interface TransactionsConfig {
  /** The database as the role that serves requests; it can not change postings. */
  readonly databaseUrl: string;
  /** The database as the role that owns the tables, for migrations. */
  readonly ownerUrl: string;
  /** The public keys of everyone who may mint internal tokens, as a JWK set. */
  readonly internalJwks: { readonly keys: readonly Record<string, unknown>[] };
  /** Connections that write. Two overlap one batch's reading with the other's fsync; more only share the same disk. */
  readonly writers: number;
}

/** How many writers a ledger opens unless told otherwise. */
export const WRITERS_DEFAULT = 2;

/**
 * Reads the settings of a ledger that runs alone: FLORIN_TRANSACTIONS_DATABASE_URL, FLORIN_TRANSACTIONS_OWNER_URL,
 * FLORIN_INTERNAL_JWKS (JSON) and FLORIN_LEDGER_WRITERS. Faults with `setting-missing` when one is not there.
 */
export function readTransactionsConfig(environment: Readonly<Record<string, string | undefined>>): TransactionsConfig {
  const read = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Fault('setting-missing', `the setting ${name} is missing`);
    return value;
  };
  return {
    databaseUrl: read('FLORIN_TRANSACTIONS_DATABASE_URL'),
    ownerUrl: read('FLORIN_TRANSACTIONS_OWNER_URL'),
    internalJwks: JSON.parse(read('FLORIN_INTERNAL_JWKS')),
    writers: Number(environment['FLORIN_LEDGER_WRITERS'] ?? WRITERS_DEFAULT),
  };
}
