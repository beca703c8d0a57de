import {
  GUARD_SETTINGS,
  type GuardedSettings,
  guardedSettings,
  PEER_SETTINGS,
  readPeerFiles,
  type TlsFiles,
} from '@florin/http';
import { KAFKA_SETTINGS, readKafkaBrokers } from '@florin/kafka';
import { parseMoney } from '@florin/money';
import { readTelemetry, TELEMETRY_SETTINGS, type TelemetrySettings } from '@florin/observability';
import { verifiedAddress } from '@florin/postgres';
import {
  type Environment,
  Fault,
  jsonSetting,
  portSetting,
  readSettings,
  type SettingValues,
  settingTable,
} from '@florin/primitives';

/** The database of one shard. */
export interface ShardAddress {
  /** As the role that serves requests; it can not change postings. */
  readonly databaseUrl: string;
  /** As the role that owns the tables, for migrations. */
  readonly ownerUrl: string;
  /** A standby of it, as the role that serves requests; searches read it. */
  readonly standbyUrl?: string;
}

/** Settings of the ledger. */
export interface TransactionsConfig {
  /** The databases, in the order of the shards; one for a ledger that is not sharded. */
  readonly shards: readonly ShardAddress[];
  /** The public keys of everyone who may mint internal tokens, as a JWK set. */
  readonly internalJwks: { readonly keys: readonly Record<string, unknown>[] };
  /** Connections that write. Two overlap one batch's reading with the other's fsync; more only share the same disk. */
  readonly writers: number;
  /** Four letters in every IBAN of this bank, the same as the accounts service's; `BANK_CODE` when absent. */
  readonly bankCode?: string;
  /** Who confirms payments; those who have a second factor when absent. */
  readonly strongAuthentication?: 'enrolled' | 'always';
  /** What a teller moves in cash alone, in minor units by currency; `CASH_ALONE` when absent. */
  readonly cashLimits?: ReadonlyMap<string, bigint>;
}

/** How many writers a ledger opens unless told otherwise. */
export const WRITERS_DEFAULT = 2;

export const BANK_CODE = 'FLRN';

/** About five thousand euros each. */
export const CASH_ALONE = 'EUR=5000.00 USD=5500.00 GBP=4300.00 CHF=4700.00 JPY=800000 KWD=1700.000';

/** The settings of a ledger in a process of its own. */
export interface StandaloneConfig extends TransactionsConfig {
  readonly host: string;
  readonly port: number;
  /** This process's certificate, and whom it trusts; it talks to the others in plain text when absent. */
  readonly peerFiles: TlsFiles | undefined;
  /** Some brokers of Kafka; none when events are to wait. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly telemetry: TelemetrySettings;
  readonly guarded: GuardedSettings;
  readonly strongAuthentication: 'enrolled' | 'always';
  readonly usersUrl: string;
  /** This service's own signing key, a private JWK. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

/** More writers than this only wait for the same disk. */
const WRITERS_MAX = 16;

/** The environment of this service run alone. */
export const TRANSACTIONS_SETTINGS = settingTable({
  FLORIN_TRANSACTIONS_DATABASE_URL: {
    meaning:
      'the database, as the role that serves requests; of several shards all, in their order, with spaces between',
  },
  FLORIN_TRANSACTIONS_OWNER_URL: { meaning: 'the same, as the roles that own the tables; for migrations' },
  FLORIN_TRANSACTIONS_STANDBY_URL: {
    meaning:
      'standbys of the databases, as many and in their order; the books are searched in them. A shard without one has the address ' +
      'of its database here',
    otherwise: 'the books are searched in the databases',
  },
  FLORIN_USERS_URL: { meaning: 'where the users service answers' },
  FLORIN_TRANSACTIONS_PRIVATE_JWK: { meaning: "this service's signing key for internal tokens, a private JWK" },
  FLORIN_STRONG_AUTHENTICATION: {
    meaning:
      'who confirms payments with a second factor: `enrolled`, those who have one; `always`, everybody, and who has none pays ' +
      'only what is exempt. Production takes `always` only',
    default: 'enrolled',
  },
  FLORIN_INTERNAL_JWKS: { meaning: 'the public keys of everyone who may call, a JWK set' },
  FLORIN_BANK_CODE: {
    meaning: 'four letters in every IBAN of this bank, the same as those of the accounts service',
    default: BANK_CODE,
  },
  FLORIN_CASH_ALONE: {
    meaning:
      'how much cash a teller takes in or pays out without a second person, by currency; in a currency that is not named, none',
    default: CASH_ALONE,
  },
  FLORIN_LEDGER_WRITERS: {
    meaning: `database connections that write, from 1 to ${WRITERS_MAX}`,
    default: String(WRITERS_DEFAULT),
  },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_TRANSACTIONS_PORT: { meaning: 'its port; health and metrics are on the next', default: '8083' },
  FLORIN_POSTGRES_CA_FILE: {
    meaning: "the authority of PostgreSQL's certificate, PEM; addresses then mean `sslmode=verify-full`",
    otherwise: 'what the addresses say about TLS holds',
  },
  ...KAFKA_SETTINGS,
  ...PEER_SETTINGS,
  ...GUARD_SETTINGS,
  ...TELEMETRY_SETTINGS,
});

/** Reads the environment. Faults with `setting-missing` or `setting-invalid`, naming the variable. */
export function readConfig(environment: Environment): StandaloneConfig {
  const settings = readSettings(TRANSACTIONS_SETTINGS, environment);
  const writers = Number(settings.FLORIN_LEDGER_WRITERS);
  if (!Number.isInteger(writers) || writers < 1 || writers > WRITERS_MAX) {
    const message = `the setting FLORIN_LEDGER_WRITERS must be a whole number from 1 to ${WRITERS_MAX}`;
    throw new Fault('setting-invalid', message);
  }
  const shards = readShards(settings);
  const strongAuthentication = settings.FLORIN_STRONG_AUTHENTICATION;
  if (strongAuthentication !== 'enrolled' && strongAuthentication !== 'always') {
    throw new Fault('setting-invalid', 'the setting FLORIN_STRONG_AUTHENTICATION must be enrolled or always');
  }
  return {
    shards,
    strongAuthentication,
    usersUrl: settings.FLORIN_USERS_URL,
    privateJwk: jsonSetting('FLORIN_TRANSACTIONS_PRIVATE_JWK', settings.FLORIN_TRANSACTIONS_PRIVATE_JWK),
    internalJwks: jsonSetting('FLORIN_INTERNAL_JWKS', settings.FLORIN_INTERNAL_JWKS),
    bankCode: settings.FLORIN_BANK_CODE,
    cashLimits: readCashLimits(settings.FLORIN_CASH_ALONE),
    writers,
    host: settings.FLORIN_HOST,
    port: portSetting('FLORIN_TRANSACTIONS_PORT', settings.FLORIN_TRANSACTIONS_PORT),
    peerFiles: readPeerFiles(environment),
    kafkaBrokers: readKafkaBrokers(environment),
    telemetry: readTelemetry(environment),
    guarded: guardedSettings(environment, {
      secrets: {
        FLORIN_INTERNAL_JWKS: settings.FLORIN_INTERNAL_JWKS,
        FLORIN_TRANSACTIONS_PRIVATE_JWK: settings.FLORIN_TRANSACTIONS_PRIVATE_JWK,
        FLORIN_TRANSACTIONS_DATABASE_URL: settings.FLORIN_TRANSACTIONS_DATABASE_URL,
        FLORIN_TRANSACTIONS_OWNER_URL: settings.FLORIN_TRANSACTIONS_OWNER_URL,
        FLORIN_TRANSACTIONS_STANDBY_URL: settings.FLORIN_TRANSACTIONS_STANDBY_URL ?? '',
      },
      peerUrls: { FLORIN_USERS_URL: settings.FLORIN_USERS_URL },
      databaseUrls: { FLORIN_TRANSACTIONS_DATABASE_URL: shards.map((shard) => shard.databaseUrl) },
      standbyUrls: { FLORIN_TRANSACTIONS_STANDBY_URL: shards.flatMap(({ standbyUrl }) => standbyUrl ?? []) },
    }),
  };
}

/** Reads `EUR=5000.00 JPY=800000`. Faults with `setting-invalid`. */
export function readCashLimits(text: string): ReadonlyMap<string, bigint> {
  return new Map(
    wordsOf(text).map((entry) => {
      const [currency = '', amount = ''] = entry.split('=');
      const money = parseMoney({ amount, currency });
      if (money.ok) return [currency, money.value.amountMinor] as const;
      const message = `the setting FLORIN_CASH_ALONE must be amounts by currency, as EUR=5000.00, and ${entry} is not`;
      throw new Fault('setting-invalid', message);
    }),
  );
}

/** One process holds them all, a dozen connections each; the cursor of a list has a place in each of them, too. */
const SHARDS_MAX = 16;

function readShards(settings: SettingValues<typeof TRANSACTIONS_SETTINGS>): ShardAddress[] {
  const addresses = (text: string | undefined) =>
    wordsOf(text ?? '').map((url) => verifiedAddress(url, settings.FLORIN_POSTGRES_CA_FILE));
  const runtimes = addresses(settings.FLORIN_TRANSACTIONS_DATABASE_URL);
  const owners = addresses(settings.FLORIN_TRANSACTIONS_OWNER_URL);
  const standbys = addresses(settings.FLORIN_TRANSACTIONS_STANDBY_URL);
  if (runtimes.length < 1 || runtimes.length > SHARDS_MAX) {
    const message = `the setting FLORIN_TRANSACTIONS_DATABASE_URL must have from 1 to ${SHARDS_MAX} addresses`;
    throw new Fault('setting-invalid', message);
  }
  expectAsMany('FLORIN_TRANSACTIONS_OWNER_URL', owners, runtimes);
  if (standbys.length > 0) expectAsMany('FLORIN_TRANSACTIONS_STANDBY_URL', standbys, runtimes);
  return runtimes.map((databaseUrl, index) => {
    const standbyUrl = standbys[index];
    const hasOne = standbyUrl !== undefined && standbyUrl !== databaseUrl;
    return { databaseUrl, ownerUrl: owners[index] ?? '', ...(hasOne ? { standbyUrl } : {}) };
  });
}

function expectAsMany(setting: string, addresses: readonly string[], { length }: readonly string[]): void {
  if (addresses.length === length) return;
  const message = `the setting ${setting} must have as many addresses as FLORIN_TRANSACTIONS_DATABASE_URL: ${length}`;
  throw new Fault('setting-invalid', message);
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((address) => address !== '');
}
