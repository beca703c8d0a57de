/** What this service needs to know about where it runs. */
export interface AccountsConfig {
  /** The database as the role that serves requests; it owns nothing. */
  readonly databaseUrl: string;
  /** The same database as the role that owns its tables; used for migrations only. */
  readonly ownerUrl: string;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode?: string;
  /** Connections for requests. */
  readonly poolSize?: number;
  /**
   * How long a balance in memory is good without news. One second by default, for other processes may consume events
   * that this one does not hear of; a process that is the only consumer of its database may say minutes.
   */
  readonly balanceTtlMs?: number;
  /** How long, how silent and how many streams of account changes may be; for tests, which can not wait. */
  readonly streams?: {
    readonly lifetimeMs?: number;
    readonly heartbeatMs?: number;
    readonly pollMs?: number;
    readonly perCustomerMax?: number;
    readonly perProcessMax?: number;
  };
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

/** The settings of this service run alone. */
export interface StandaloneConfig extends AccountsConfig {
  readonly host: string;
  readonly port: number;
  readonly transactionsUrl: string;
  /** This service's own signing key, a private JWK. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  /** The public keys of everyone who may call, a JWK set. */
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

export const BANK_CODE = 'FLRN';
export const BALANCE_TTL_MS = 1_000;
const HOST = '127.0.0.1';
const PORT = '8082';

/** Reads the environment; a missing or unreadable variable is one clear sentence. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): StandaloneConfig {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`${name} must be set.`);
    return value;
  };
  const json = (name: string) => {
    try {
      return JSON.parse(required(name));
    } catch {
      throw new Error(`${name} must be JSON.`);
    }
  };
  const port = Number(environment['FLORIN_ACCOUNTS_PORT'] ?? PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('FLORIN_ACCOUNTS_PORT must be a port.');
  return {
    databaseUrl: required('FLORIN_ACCOUNTS_DATABASE_URL'),
    ownerUrl: required('FLORIN_ACCOUNTS_OWNER_URL'),
    bankCode: environment['FLORIN_BANK_CODE'] ?? BANK_CODE,
    host: environment['FLORIN_HOST'] ?? HOST,
    port,
    transactionsUrl: required('FLORIN_TRANSACTIONS_URL'),
    privateJwk: json('FLORIN_ACCOUNTS_PRIVATE_JWK'),
    publicJwks: json('FLORIN_INTERNAL_JWKS'),
  };
}
