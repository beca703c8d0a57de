import { Fault } from '@florin/primitives';
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
  /** 32 random bytes, base64url. Everything secret in the database is sealed with keys made from it. */
  readonly keyEncryptionKey: string;
  /** Sign the issuer's cookies. The first signs, the others are still accepted, so they can be replaced one by one. */
  readonly cookieKeys: readonly string[];
  /** A web session ends after so long without a request; 5 to 15 minutes is what banks do. */
  readonly webIdleSeconds?: number;
  /** Holds every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

const WEB_IDLE_SECONDS = 10 * 60;
const WEB_IDLE_SECONDS_MIN = 60;
const WEB_IDLE_SECONDS_MAX = 15 * 60;
const KEY_BYTES = 32;

/** The settings of this service run alone. */
export interface StandaloneConfig extends UsersConfig {
  readonly host: string;
  readonly port: number;
  /** The public keys of everyone who may call, a JWK set. */
  readonly publicJwks: JSONWebKeySet;
}

const HOST = '127.0.0.1';
const PORT = '8081';
const PORT_MAX = 65_535;

/** Reads the environment; throws the Fault `setting-invalid`, one clear sentence, about what is missing or ill-formed. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): StandaloneConfig {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw invalid(`${name} must be set.`);
    return value;
  };
  const owner = environment['FLORIN_USERS_OWNER_URL'];
  const audience = environment['FLORIN_API_AUDIENCE'];
  const idle = environment['FLORIN_WEB_IDLE_SECONDS'];
  const port = Number(environment['FLORIN_USERS_PORT'] ?? PORT);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) throw invalid('FLORIN_USERS_PORT must be a port.');
  return {
    databaseUrl: required('FLORIN_USERS_DATABASE_URL'),
    ...(owner === undefined ? {} : { ownerUrl: owner }),
    publicUrl: required('FLORIN_PUBLIC_URL'),
    ...(audience === undefined ? {} : { apiAudience: audience }),
    keyEncryptionKey: required('FLORIN_USERS_KEY'),
    cookieKeys: required('FLORIN_USERS_COOKIE_KEYS').split(','),
    ...(idle === undefined ? {} : { webIdleSeconds: Number(idle) }),
    host: environment['FLORIN_HOST'] ?? HOST,
    port,
    publicJwks: parseKeys(required('FLORIN_INTERNAL_JWKS')),
  };
}

function parseKeys(text: string): JSONWebKeySet {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('FLORIN_INTERNAL_JWKS must be JSON.');
  }
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
