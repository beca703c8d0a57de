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
import { type KeyManagement, openKeyFile, readKeyFile } from '@florin/security';
import type { JSONWebKeySet } from 'jose';

/** Everything about the users service that differs from one installation to the next. */
export interface UsersConfig {
  /** The database, as the runtime role. */
  readonly databaseUrl: string;
  /** The database, as the role that owns its tables; runs the migrations. Absent: someone else runs them. */
  readonly ownerUrl?: string;
  /** Where people reach the bank. Its origin is the issuer. */
  readonly publicUrl: string;
  /** The audience of access tokens; `<issuer>/v1` unless told otherwise. */
  readonly apiAudience?: string;
  /**
   * 32 random bytes, base64url. Keyed hashes are made with keys from it, and what was sealed before there were data keys is
   * opened with one. It can not be replaced.
   */
  readonly keyEncryptionKey: string;
  /** Sign the issuer's cookies. The first signs, the others are still accepted, so they can be replaced one by one. */
  readonly cookieKeys: readonly string[];
  /** A web session ends after so long without a request; 5 to 15 minutes is what banks do. */
  readonly webIdleSeconds?: number;
  /** How long a sign-up may take to its first account before somebody must look; a minute unless told otherwise. */
  readonly welcomeDeadlineMs?: number;
  /**
   * How mail leaves: `smtps://user:password@host`, `smtp://...`, or `file:` and a folder. Absent: none does, and nobody can
   * confirm an address or set a new password.
   */
  readonly mailUrl?: string;
  /** Who it is from. */
  readonly mailFrom?: string;
  /** How many wrong passwords over all names are a flood; for tests. */
  readonly floodLimits?: { readonly namesOfOnePasswordMax: number; readonly failuresMax: number };
  /** The file of those who know people as well, and sign them in. */
  readonly identityProvidersFile?: string;
  /** Holds every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

const WEB_IDLE_SECONDS = 10 * 60;
const WEB_IDLE_SECONDS_MIN = 60;
const WEB_IDLE_SECONDS_MAX = 15 * 60;
const KEY_BYTES = 32;
export const MAIL_FROM = 'Florin <no-reply@florin.example>';

/** The settings of this service run alone. */
export interface StandaloneConfig extends UsersConfig {
  readonly host: string;
  readonly port: number;
  /** This process's certificate, and whom it trusts; it talks to the others in plain text when absent. */
  readonly peerFiles: TlsFiles | undefined;
  /** Some brokers of Kafka; none when events are to wait. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly telemetry: TelemetrySettings;
  readonly guarded: GuardedSettings;
  readonly keyManagement: KeyManagement;
  /** Where mail goes, as far as production cares. */
  readonly mail: 'server' | 'folder' | 'nowhere';
  /** The public keys of everyone who may call, a JWK set. */
  readonly publicJwks: JSONWebKeySet;
  readonly accountsUrl: string;
  /** This service's own signing key, a private JWK. */
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

/** Who else signs people in, which `npm start` reads as well. */
export const PROVIDER_SETTINGS = settingTable({
  FLORIN_IDENTITY_PROVIDERS_FILE: {
    meaning: 'a file of the directories (LDAP) and other issuers (OpenID Connect) that people may sign in with, JSON',
    otherwise: 'people sign in with passwords and passkeys of this bank',
  },
});

/** The environment of this service run alone. */
export const USERS_SETTINGS = settingTable({
  FLORIN_PUBLIC_URL: {
    meaning: 'where people reach the bank; its origin is the issuer. https, except on this machine',
  },
  FLORIN_USERS_DATABASE_URL: { meaning: 'the database, as the role that serves requests' },
  FLORIN_USERS_OWNER_URL: {
    meaning: 'the same, as the role that owns the tables; for migrations',
    otherwise: 'someone else runs the migrations',
  },
  FLORIN_USERS_KEY: {
    meaning: '32 random bytes, base64url. People are found by hashes that it keys: keep a copy elsewhere',
  },
  FLORIN_KEY_FILE: {
    meaning: 'the file of the keys that lock the keys in the database; for its owner only. Keep a copy elsewhere',
  },
  FLORIN_USERS_COOKIE_KEYS: {
    meaning: "sign the issuer's cookies; comma-separated, at least 32 characters each, the first signs",
  },
  FLORIN_API_AUDIENCE: { meaning: 'the audience of access tokens', otherwise: 'the issuer, and `/v1`' },
  FLORIN_WEB_IDLE_SECONDS: {
    meaning: `a web session ends after so long without a request; from ${WEB_IDLE_SECONDS_MIN} to ${WEB_IDLE_SECONDS_MAX}`,
    default: String(WEB_IDLE_SECONDS),
  },
  FLORIN_MAIL_URL: {
    meaning:
      'how mail leaves: `smtps://user:password@host`, `smtp://...`, which must offer STARTTLS unless it is this machine, or `file:` and a folder, not in production',
    otherwise: 'none does: nobody can confirm an address or reset a password. Not in production',
  },
  FLORIN_MAIL_FROM: { meaning: 'who mail is from', default: MAIL_FROM },
  FLORIN_ACCOUNTS_URL: { meaning: 'where the accounts service answers' },
  FLORIN_USERS_PRIVATE_JWK: { meaning: "this service's signing key for internal tokens, a private JWK" },
  FLORIN_INTERNAL_JWKS: { meaning: 'the public keys of everyone who may call, a JWK set' },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_USERS_PORT: { meaning: 'its port; health and metrics are on the next', default: '8081' },
  FLORIN_POSTGRES_CA_FILE: {
    meaning: "the authority of PostgreSQL's certificate, PEM; addresses then mean `sslmode=verify-full`",
    otherwise: 'what the addresses say about TLS holds',
  },
  ...KAFKA_SETTINGS,
  ...PROVIDER_SETTINGS,
  ...PEER_SETTINGS,
  ...GUARD_SETTINGS,
  ...TELEMETRY_SETTINGS,
});

/** Reads the environment. Faults with `setting-missing` or `setting-invalid`, naming the variable. */
export function readConfig(environment: Environment): StandaloneConfig {
  const settings = readSettings(USERS_SETTINGS, environment);
  const databaseUrl = verifiedAddress(settings.FLORIN_USERS_DATABASE_URL, settings.FLORIN_POSTGRES_CA_FILE);
  const ownerUrl = settings.FLORIN_USERS_OWNER_URL;
  const apiAudience = settings.FLORIN_API_AUDIENCE;
  const mailUrl = settings.FLORIN_MAIL_URL;
  const providersFile = settings.FLORIN_IDENTITY_PROVIDERS_FILE;
  return {
    databaseUrl,
    ...(ownerUrl !== undefined && { ownerUrl: verifiedAddress(ownerUrl, settings.FLORIN_POSTGRES_CA_FILE) }),
    publicUrl: settings.FLORIN_PUBLIC_URL,
    ...(apiAudience !== undefined && { apiAudience }),
    keyEncryptionKey: settings.FLORIN_USERS_KEY,
    keyManagement: openKeyFile(settings.FLORIN_KEY_FILE),
    cookieKeys: settings.FLORIN_USERS_COOKIE_KEYS.split(','),
    webIdleSeconds: Number(settings.FLORIN_WEB_IDLE_SECONDS),
    ...(mailUrl !== undefined && { mailUrl }),
    mailFrom: settings.FLORIN_MAIL_FROM,
    mail: mailUrl === undefined ? 'nowhere' : mailUrl.startsWith('file:') ? 'folder' : 'server',
    host: settings.FLORIN_HOST,
    port: portSetting('FLORIN_USERS_PORT', settings.FLORIN_USERS_PORT),
    ...(providersFile !== undefined && { identityProvidersFile: providersFile }),
    peerFiles: readPeerFiles(environment),
    kafkaBrokers: readKafkaBrokers(environment),
    telemetry: readTelemetry(environment),
    guarded: guardedSettings(environment, {
      secrets: {
        FLORIN_USERS_KEY: settings.FLORIN_USERS_KEY,
        FLORIN_KEY_FILE: Object.keys(readKeyFile(settings.FLORIN_KEY_FILE).keys).join(' '),
        FLORIN_USERS_COOKIE_KEYS: settings.FLORIN_USERS_COOKIE_KEYS,
        FLORIN_USERS_PRIVATE_JWK: settings.FLORIN_USERS_PRIVATE_JWK,
        FLORIN_INTERNAL_JWKS: settings.FLORIN_INTERNAL_JWKS,
        FLORIN_USERS_DATABASE_URL: settings.FLORIN_USERS_DATABASE_URL,
        ...(ownerUrl !== undefined && { FLORIN_USERS_OWNER_URL: ownerUrl }),
        ...(mailUrl !== undefined && { FLORIN_MAIL_URL: mailUrl }),
      },
      peerUrls: { FLORIN_ACCOUNTS_URL: settings.FLORIN_ACCOUNTS_URL },
      databaseUrls: { FLORIN_USERS_DATABASE_URL: [databaseUrl] },
    }),
    accountsUrl: settings.FLORIN_ACCOUNTS_URL,
    privateJwk: jsonSetting('FLORIN_USERS_PRIVATE_JWK', settings.FLORIN_USERS_PRIVATE_JWK),
    publicJwks: jsonSetting('FLORIN_INTERNAL_JWKS', settings.FLORIN_INTERNAL_JWKS),
  };
}

/** What the settings mean, once they are found to be good. */
export interface CheckedConfig {
  readonly issuer: string;
  readonly https: boolean;
  readonly apiAudience: string;
  readonly keyEncryptionKey: Buffer;
  readonly webIdleSeconds: number;
}

/** Checks settings; a service with a weak key or a plain-text issuer on the network does not start. */
export function checkConfig(config: UsersConfig): CheckedConfig {
  const url = URL.parse(config.publicUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid('the public URL is not an http(s) address');
  const https = url.protocol === 'https:';
  if (!https && !LOOPBACK.test(url.hostname))
    throw invalid('the public URL must be https, except on this very machine');
  const keyEncryptionKey = Buffer.from(config.keyEncryptionKey, 'base64url');
  if (keyEncryptionKey.length !== KEY_BYTES) throw invalid('the key of the users service is not 32 bytes in base64url');
  if (config.cookieKeys.length === 0 || config.cookieKeys.some((key) => key.length < KEY_BYTES)) {
    throw invalid('cookie keys have at least 32 characters');
  }
  const webIdleSeconds = config.webIdleSeconds ?? WEB_IDLE_SECONDS;
  if (!(webIdleSeconds >= WEB_IDLE_SECONDS_MIN && webIdleSeconds <= WEB_IDLE_SECONDS_MAX)) {
    throw invalid(`web sessions idle out after ${WEB_IDLE_SECONDS_MIN} to ${WEB_IDLE_SECONDS_MAX} seconds`);
  }
  return {
    issuer: url.origin,
    https,
    apiAudience: config.apiAudience ?? `${url.origin}/v1`,
    keyEncryptionKey,
    webIdleSeconds,
  };
}

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function invalid(message: string): Fault {
  return new Fault('setting-invalid', message);
}
