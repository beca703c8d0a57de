import { PEER_SETTINGS, readPeerFiles, type TlsFiles } from '@florin/http';
import { type Environment, jsonSetting, portSetting, readSettings, settingTable } from '@florin/primitives';

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
  readonly publicJwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
}

/** The environment of this service run alone. */
export const NOTIFICATIONS_SETTINGS = settingTable({
  FLORIN_NOTIFICATIONS_DATABASE_URL: { meaning: 'the database, as the role that serves requests' },
  FLORIN_NOTIFICATIONS_OWNER_URL: { meaning: 'the same, as the role that owns the tables; for migrations' },
  FLORIN_INTERNAL_JWKS: { meaning: 'the public keys of everyone who may call, a JWK set' },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_NOTIFICATIONS_PORT: { meaning: 'its port; health and metrics are on the next', default: '8084' },
  ...PEER_SETTINGS,
});

/** Reads the environment. Faults with `setting-missing` or `setting-invalid`, naming the variable. */
export function readConfig(environment: Environment): StandaloneConfig {
  const settings = readSettings(NOTIFICATIONS_SETTINGS, environment);
  return {
    databaseUrl: settings.FLORIN_NOTIFICATIONS_DATABASE_URL,
    ownerUrl: settings.FLORIN_NOTIFICATIONS_OWNER_URL,
    publicJwks: jsonSetting('FLORIN_INTERNAL_JWKS', settings.FLORIN_INTERNAL_JWKS),
    host: settings.FLORIN_HOST,
    port: portSetting('FLORIN_NOTIFICATIONS_PORT', settings.FLORIN_NOTIFICATIONS_PORT),
    peerFiles: readPeerFiles(environment),
  };
}
