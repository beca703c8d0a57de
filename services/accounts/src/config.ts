import {
  GUARD_SETTINGS,
  type GuardedSettings,
  guardedSettings,
  PEER_SETTINGS,
  readPeerFiles,
  type TlsFiles,
} from '@florin/http';
import { KAFKA_SETTINGS, readKafkaBrokers } from '@florin/kafka';
import { readTelemetry, TELEMETRY_SETTINGS, type TelemetrySettings } from '@florin/observability';
import { verifiedAddress } from '@florin/postgres';
import { type Environment, Fault, jsonSetting, portSetting, readSettings, settingTable } from '@florin/primitives';
import { REDIS_SETTINGS, readRedisUrl } from '@florin/redis';

/** What this service needs to know about where it runs. */
export interface AccountsConfig {
  /** The database as the role that serves requests; it owns nothing. */
  readonly databaseUrl: string;
  /** The same database as the role that owns its tables; used for migrations only. */
  readonly ownerUrl: string;
  /** A standby of that database, for what reads much; as the role that serves requests. */
  readonly standbyUrl?: string;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode?: string;
  /** Who confirms payments, and so closes no account into somebody else's; as the ledger's. */
  readonly strongAuthentication?: 'enrolled' | 'always';
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
  readonly strongAuthentication: 'enrolled' | 'always';
  readonly host: string;
  readonly port: number;
  /** This process's certificate, and whom it trusts; it talks to the others in plain text when absent. */
  readonly peerFiles: TlsFiles | undefined;
  /** Some brokers of Kafka; none when events are to wait. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly telemetry: TelemetrySettings;
  /** The cache that its processes share; each has its own when absent. */
  readonly redisUrl: string | undefined;
  readonly guarded: GuardedSettings;
  readonly transactionsUrl: string;
  readonly usersUrl: string;
  /** This service's own signing key, a private JWK. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
  /** The public keys of everyone who may call, a JWK set. */
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

export const BANK_CODE = 'FLRN';
export const BALANCE_TTL_MS = 1_000;
/** The database answers within some milliseconds, so nobody waits for the cache for long. */
export const CACHE_TIMEOUT_MS = 30;

/** The environment of this service run alone. */
export const ACCOUNTS_SETTINGS = settingTable({
  FLORIN_ACCOUNTS_DATABASE_URL: { meaning: 'the database, as the role that serves requests' },
  FLORIN_ACCOUNTS_OWNER_URL: { meaning: 'the same, as the role that owns the tables; for migrations' },
  FLORIN_ACCOUNTS_STANDBY_URL: {
    meaning:
      'a standby of the database, as the role that serves requests; histories, exports and sums are read from it',
    otherwise: 'everything is read from the database',
  },
  FLORIN_TRANSACTIONS_URL: { meaning: 'where the ledger answers' },
  FLORIN_USERS_URL: { meaning: 'where the users service answers' },
  FLORIN_ACCOUNTS_PRIVATE_JWK: { meaning: "this service's signing key for internal tokens, a private JWK" },
  FLORIN_INTERNAL_JWKS: { meaning: 'the public keys of everyone who may call, a JWK set' },
  FLORIN_STRONG_AUTHENTICATION: {
    meaning: 'who confirms payments, the same as of the ledger: `enrolled` or `always`. Production takes `always` only',
    default: 'enrolled',
  },
  FLORIN_BANK_CODE: { meaning: 'four letters in every IBAN of this bank', default: BANK_CODE },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_ACCOUNTS_PORT: { meaning: 'its port; health and metrics are on the next', default: '8082' },
  FLORIN_POSTGRES_CA_FILE: {
    meaning: "the authority of PostgreSQL's certificate, PEM; addresses then mean `sslmode=verify-full`",
    otherwise: 'what the addresses say about TLS holds',
  },
  ...KAFKA_SETTINGS,
  ...REDIS_SETTINGS,
  ...PEER_SETTINGS,
  ...GUARD_SETTINGS,
  ...TELEMETRY_SETTINGS,
});

/** Reads the environment. Faults with `setting-missing` or `setting-invalid`, naming the variable. */
export function readConfig(environment: Environment): StandaloneConfig {
  const settings = readSettings(ACCOUNTS_SETTINGS, environment);
  const databaseUrl = verifiedAddress(settings.FLORIN_ACCOUNTS_DATABASE_URL, settings.FLORIN_POSTGRES_CA_FILE);
  const strongAuthentication = settings.FLORIN_STRONG_AUTHENTICATION;
  if (strongAuthentication !== 'enrolled' && strongAuthentication !== 'always') {
    throw new Fault('setting-invalid', 'the setting FLORIN_STRONG_AUTHENTICATION must be enrolled or always');
  }
  const standbyUrl =
    settings.FLORIN_ACCOUNTS_STANDBY_URL &&
    verifiedAddress(settings.FLORIN_ACCOUNTS_STANDBY_URL, settings.FLORIN_POSTGRES_CA_FILE);
  return {
    databaseUrl,
    ...(standbyUrl && { standbyUrl }),
    strongAuthentication,
    ownerUrl: verifiedAddress(settings.FLORIN_ACCOUNTS_OWNER_URL, settings.FLORIN_POSTGRES_CA_FILE),
    bankCode: settings.FLORIN_BANK_CODE,
    host: settings.FLORIN_HOST,
    port: portSetting('FLORIN_ACCOUNTS_PORT', settings.FLORIN_ACCOUNTS_PORT),
    peerFiles: readPeerFiles(environment),
    kafkaBrokers: readKafkaBrokers(environment),
    telemetry: readTelemetry(environment),
    redisUrl: readRedisUrl(environment),
    guarded: guardedSettings(environment, {
      secrets: {
        FLORIN_ACCOUNTS_PRIVATE_JWK: settings.FLORIN_ACCOUNTS_PRIVATE_JWK,
        FLORIN_INTERNAL_JWKS: settings.FLORIN_INTERNAL_JWKS,
        FLORIN_ACCOUNTS_DATABASE_URL: settings.FLORIN_ACCOUNTS_DATABASE_URL,
        FLORIN_ACCOUNTS_OWNER_URL: settings.FLORIN_ACCOUNTS_OWNER_URL,
        ...(standbyUrl && { FLORIN_ACCOUNTS_STANDBY_URL: standbyUrl }),
      },
      peerUrls: {
        FLORIN_TRANSACTIONS_URL: settings.FLORIN_TRANSACTIONS_URL,
        FLORIN_USERS_URL: settings.FLORIN_USERS_URL,
      },
      databaseUrls: { FLORIN_ACCOUNTS_DATABASE_URL: [databaseUrl] },
      ...(standbyUrl && { standbyUrls: { FLORIN_ACCOUNTS_STANDBY_URL: [standbyUrl] } }),
    }),
    transactionsUrl: settings.FLORIN_TRANSACTIONS_URL,
    usersUrl: settings.FLORIN_USERS_URL,
    privateJwk: jsonSetting('FLORIN_ACCOUNTS_PRIVATE_JWK', settings.FLORIN_ACCOUNTS_PRIVATE_JWK),
    publicJwks: jsonSetting('FLORIN_INTERNAL_JWKS', settings.FLORIN_INTERNAL_JWKS),
  };
}
