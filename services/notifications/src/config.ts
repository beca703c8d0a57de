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
import { type Environment, jsonSetting, portSetting, readSettings, settingTable } from '@florin/primitives';
import { type KeyManagement, openKeyFile, readKeyFile } from '@florin/security';

export interface NotificationsConfig {
  /** The database as the role that serves requests; it owns nothing. */
  readonly databaseUrl: string;
  /** The same database as the role that owns its tables; used for migrations only. */
  readonly ownerUrl: string;
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

/** The settings of this service run alone. */
export interface StandaloneConfig extends NotificationsConfig {
  readonly host: string;
  readonly port: number;
  /** This process's certificate, and whom it trusts; it talks to the others in plain text when absent. */
  readonly peerFiles: TlsFiles | undefined;
  /** Some brokers of Kafka; none when events are to wait. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly telemetry: TelemetrySettings;
  readonly guarded: GuardedSettings;
  readonly keyManagement: KeyManagement;
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** The environment of this service run alone. */
export const NOTIFICATIONS_SETTINGS = settingTable({
  FLORIN_NOTIFICATIONS_DATABASE_URL: { meaning: 'the database, as the role that serves requests' },
  FLORIN_NOTIFICATIONS_OWNER_URL: { meaning: 'the same, as the role that owns the tables; for migrations' },
  FLORIN_INTERNAL_JWKS: { meaning: 'the public keys of everyone who may call, a JWK set' },
  FLORIN_KEY_FILE: {
    meaning: 'the file of the keys that lock the keys in the database; for its owner only. Keep a copy elsewhere',
  },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_NOTIFICATIONS_PORT: { meaning: 'its port; health and metrics are on the next', default: '8084' },
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
  const settings = readSettings(NOTIFICATIONS_SETTINGS, environment);
  const databaseUrl = verifiedAddress(settings.FLORIN_NOTIFICATIONS_DATABASE_URL, settings.FLORIN_POSTGRES_CA_FILE);
  return {
    databaseUrl,
    ownerUrl: verifiedAddress(settings.FLORIN_NOTIFICATIONS_OWNER_URL, settings.FLORIN_POSTGRES_CA_FILE),
    keyManagement: openKeyFile(settings.FLORIN_KEY_FILE),
    publicJwks: jsonSetting('FLORIN_INTERNAL_JWKS', settings.FLORIN_INTERNAL_JWKS),
    host: settings.FLORIN_HOST,
    port: portSetting('FLORIN_NOTIFICATIONS_PORT', settings.FLORIN_NOTIFICATIONS_PORT),
    peerFiles: readPeerFiles(environment),
    kafkaBrokers: readKafkaBrokers(environment),
    telemetry: readTelemetry(environment),
    guarded: guardedSettings(environment, {
      secrets: {
        FLORIN_KEY_FILE: Object.keys(readKeyFile(settings.FLORIN_KEY_FILE).keys).join(' '),
        FLORIN_INTERNAL_JWKS: settings.FLORIN_INTERNAL_JWKS,
        FLORIN_NOTIFICATIONS_DATABASE_URL: settings.FLORIN_NOTIFICATIONS_DATABASE_URL,
        FLORIN_NOTIFICATIONS_OWNER_URL: settings.FLORIN_NOTIFICATIONS_OWNER_URL,
      },
      peerUrls: {},
      databaseUrls: { FLORIN_NOTIFICATIONS_DATABASE_URL: [databaseUrl] },
    }),
  };
}
