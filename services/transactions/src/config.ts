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
  /** Four letters in every IBAN of this bank, the same as the accounts service's; `BANK_CODE` when absent. */
  readonly bankCode?: string;
}

/** How many writers a ledger opens unless told otherwise. */
export const WRITERS_DEFAULT = 2;

export const BANK_CODE = 'FLRN';

/** The settings of a ledger in a process of its own. */
export interface StandaloneConfig extends TransactionsConfig {
  readonly host: string;
  readonly port: number;
}

const HOST = '127.0.0.1';
const PORT = '8083';

/**
 * Reads the environment of a ledger that runs alone. Faults with `setting-missing` or `setting-invalid`, naming the
 * variable.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): StandaloneConfig {
  const read = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Fault('setting-missing', `the setting ${name} is missing`);
    return value;
  };
  const whole = (name: string, otherwise: string, max: number): number => {
    const value = Number(environment[name] ?? otherwise);
    if (Number.isInteger(value) && value >= 1 && value <= max) return value;
    throw new Fault('setting-invalid', `the setting ${name} must be a whole number from 1 to ${max}`);
  };
  return {
    databaseUrl: read('FLORIN_TRANSACTIONS_DATABASE_URL'),
    ownerUrl: read('FLORIN_TRANSACTIONS_OWNER_URL'),
    internalJwks: JSON.parse(read('FLORIN_INTERNAL_JWKS')),
    bankCode: environment['FLORIN_BANK_CODE'] ?? BANK_CODE,
    writers: whole('FLORIN_LEDGER_WRITERS', String(WRITERS_DEFAULT), 16),
    host: environment['FLORIN_HOST'] ?? HOST,
    port: whole('FLORIN_TRANSACTIONS_PORT', PORT, 65_534),
  };
}
