import { readFileSync } from 'node:fs';
import type { ServiceName } from '@florin/contracts';
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
import { type Environment, Fault, portSetting, readSettings, settingTable } from '@florin/primitives';
import { REDIS_SETTINGS, readRedisUrl } from '@florin/redis';
import { DEFAULT_LIMITS, type GatewayLimits } from './rate-limits.ts';

/** Everything the gateway reads from the environment, when it runs as a process of its own. */
export interface GatewayConfig {
  readonly publicUrl: string;
  readonly host: string;
  readonly port: number;
  readonly internalPort: number;
  readonly serviceUrls: Readonly<Record<ServiceName, string>>;
  /** Where each service says whether it is ready, on its internal port. */
  readonly healthUrls: Readonly<Record<ServiceName, string>>;
  /** The public certificate; it speaks plain http when absent. */
  readonly tlsFiles: TlsFiles | undefined;
  /** The certificate it shows to services, and whom it trusts; it talks to them in plain text when absent. */
  readonly peerFiles: TlsFiles | undefined;
  /** Some brokers of Kafka, which tell of sessions that were ended. */
  readonly kafkaBrokers: readonly string[] | undefined;
  readonly telemetry: TelemetrySettings;
  /** The cache that all gateways share; each has its own when absent. */
  readonly redisUrl: string | undefined;
  readonly guarded: GuardedSettings;
  readonly webClient?: { readonly folder: string };
  /** The private JWK internal tokens are signed with, as JSON text. */
  readonly internalKeyText: string;
  readonly trustedProxies: readonly string[];
  readonly securityContact: string | undefined;
  readonly limits: GatewayLimits;
  readonly logLevel: string;
}

/** Where a service that runs alone says how it is: its internal port is the one after its own. */
const NEXT_PORT = '`/health/ready` on the port after that of its address';

/** The rate limits, which `npm start` reads as well. There is no value that switches one off. */
export const LIMIT_SETTINGS = settingTable({
  FLORIN_LIMIT_ADDRESS_PER_SECOND: {
    meaning: 'requests a second of one address (a /64 of IPv6)',
    default: String(DEFAULT_LIMITS.address.ratePerSecond),
  },
  FLORIN_LIMIT_ADDRESS_BURST: {
    meaning: 'how many may come at once before that',
    default: String(DEFAULT_LIMITS.address.burst),
  },
  FLORIN_LIMIT_CALLER_PER_SECOND: {
    meaning: 'requests a second of one who is signed in',
    default: String(DEFAULT_LIMITS.caller.ratePerSecond),
  },
  FLORIN_LIMIT_CALLER_BURST: {
    meaning: 'how many may come at once before that',
    default: String(DEFAULT_LIMITS.caller.burst),
  },
  FLORIN_LIMIT_SIGN_IN_PER_SECOND: {
    meaning: 'sign-up, sign-in and token requests a second of one address',
    otherwise: 'ten a minute',
  },
  FLORIN_LIMIT_SIGN_IN_BURST: {
    meaning: 'how many may come at once before that',
    default: String(DEFAULT_LIMITS.signIn.burst),
  },
});

/** Whom to tell of a hole, which `npm start` reads as well. */
export const CONTACT_SETTINGS = settingTable({
  FLORIN_SECURITY_CONTACT: {
    meaning:
      'whom to tell of a hole, in `/.well-known/security.txt`: an address that begins with `https:` or `mailto:`',
    otherwise: 'there is no such file',
  },
});

/** The public certificate, which `npm start` reads as well. */
export const EDGE_TLS_SETTINGS = settingTable({
  FLORIN_TLS_CERTIFICATE_FILE: {
    meaning: 'the public certificate with those between it and its authority, PEM; read again when it changes',
    otherwise: 'it speaks plain http',
  },
  FLORIN_TLS_KEY_FILE: { meaning: 'the key of that certificate, PEM', otherwise: 'as above' },
});

/** The environment of a gateway run alone. */
export const GATEWAY_SETTINGS = settingTable({
  FLORIN_PUBLIC_URL: {
    meaning: 'the address people use, and the issuer; an origin, without a path',
    otherwise: '`https://localhost:` with a certificate, else `http://localhost:`, and the port',
  },
  FLORIN_HOST: { meaning: 'the address it listens on', default: '127.0.0.1' },
  FLORIN_PORT: { meaning: 'the public port', default: '8080' },
  FLORIN_INTERNAL_PORT: { meaning: 'the port of health and metrics', otherwise: 'the one after the public port' },
  FLORIN_USERS_URL: { meaning: 'where the users service answers' },
  FLORIN_ACCOUNTS_URL: { meaning: 'where the accounts service answers' },
  FLORIN_TRANSACTIONS_URL: { meaning: 'where the ledger answers' },
  FLORIN_NOTIFICATIONS_URL: { meaning: 'where the notifications service answers' },
  FLORIN_USERS_HEALTH_URL: { meaning: 'where the users service says whether it is ready', otherwise: NEXT_PORT },
  FLORIN_ACCOUNTS_HEALTH_URL: { meaning: 'where the accounts service says so', otherwise: NEXT_PORT },
  FLORIN_TRANSACTIONS_HEALTH_URL: { meaning: 'where the ledger says so', otherwise: NEXT_PORT },
  FLORIN_NOTIFICATIONS_HEALTH_URL: { meaning: 'where the notifications service says so', otherwise: NEXT_PORT },
  FLORIN_WEB_FOLDER: { meaning: 'the built web client', otherwise: 'there is none' },
  FLORIN_INTERNAL_KEY_FILE: {
    meaning: 'a file with the private key of internal tokens (a JWK, key id `gateway/` and a number)',
  },
  ...EDGE_TLS_SETTINGS,
  ...KAFKA_SETTINGS,
  ...REDIS_SETTINGS,
  ...PEER_SETTINGS,
  ...GUARD_SETTINGS,
  ...TELEMETRY_SETTINGS,
  FLORIN_TRUSTED_PROXIES: {
    meaning: 'addresses or ranges whose `X-Forwarded-For` is believed, comma-separated',
    otherwise: 'none',
  },
  ...CONTACT_SETTINGS,
  ...LIMIT_SETTINGS,
  FLORIN_LOG_LEVEL: { meaning: 'how much is logged; at `info` one line a request', default: 'info' },
});

/** Reads the environment. Faults with `setting-missing` or `setting-invalid`, naming the variable. */
export function readConfig(environment: Environment): GatewayConfig {
  const settings = readSettings(GATEWAY_SETTINGS, environment);
  const port = portSetting('FLORIN_PORT', settings.FLORIN_PORT);
  const internalPort = settings.FLORIN_INTERNAL_PORT;
  const serviceUrls = {
    users: address('FLORIN_USERS_URL', settings.FLORIN_USERS_URL),
    accounts: address('FLORIN_ACCOUNTS_URL', settings.FLORIN_ACCOUNTS_URL),
    transactions: address('FLORIN_TRANSACTIONS_URL', settings.FLORIN_TRANSACTIONS_URL),
    notifications: address('FLORIN_NOTIFICATIONS_URL', settings.FLORIN_NOTIFICATIONS_URL),
  };
  const webFolder = settings.FLORIN_WEB_FOLDER;
  const tlsFiles = readEdgeFiles(environment);
  const internalKeyText = readFileSync(settings.FLORIN_INTERNAL_KEY_FILE, 'utf8');
  return {
    publicUrl: settings.FLORIN_PUBLIC_URL ?? `${tlsFiles === undefined ? 'http' : 'https'}://localhost:${port}`,
    tlsFiles,
    peerFiles: readPeerFiles(environment),
    kafkaBrokers: readKafkaBrokers(environment),
    telemetry: readTelemetry(environment),
    redisUrl: readRedisUrl(environment),
    guarded: guardedSettings(environment, {
      secrets: { FLORIN_INTERNAL_KEY_FILE: internalKeyText },
      peerUrls: Object.fromEntries(
        Object.entries(serviceUrls).map(([service, url]) => [`FLORIN_${service.toUpperCase()}_URL`, url]),
      ),
      databaseUrls: {},
    }),
    host: settings.FLORIN_HOST,
    port,
    internalPort: internalPort === undefined ? port + 1 : portSetting('FLORIN_INTERNAL_PORT', internalPort),
    serviceUrls,
    healthUrls: {
      users: address('FLORIN_USERS_HEALTH_URL', settings.FLORIN_USERS_HEALTH_URL ?? healthUrlOf(serviceUrls.users)),
      accounts: address(
        'FLORIN_ACCOUNTS_HEALTH_URL',
        settings.FLORIN_ACCOUNTS_HEALTH_URL ?? healthUrlOf(serviceUrls.accounts),
      ),
      transactions: address(
        'FLORIN_TRANSACTIONS_HEALTH_URL',
        settings.FLORIN_TRANSACTIONS_HEALTH_URL ?? healthUrlOf(serviceUrls.transactions),
      ),
      notifications: address(
        'FLORIN_NOTIFICATIONS_HEALTH_URL',
        settings.FLORIN_NOTIFICATIONS_HEALTH_URL ?? healthUrlOf(serviceUrls.notifications),
      ),
    },
    ...(webFolder === undefined ? {} : { webClient: { folder: webFolder } }),
    internalKeyText,
    trustedProxies: (settings.FLORIN_TRUSTED_PROXIES ?? '').split(',').filter((proxy) => proxy !== ''),
    securityContact: readSecurityContact(environment),
    limits: readLimits(environment),
    logLevel: settings.FLORIN_LOG_LEVEL,
  };
}

/** Reads where the public certificate is: both files or none. Faults with `setting-missing`, naming the other one. */
export function readEdgeFiles(environment: Environment): TlsFiles | undefined {
  const settings = readSettings(EDGE_TLS_SETTINGS, environment);
  const { FLORIN_TLS_CERTIFICATE_FILE: certificateFile, FLORIN_TLS_KEY_FILE: keyFile } = settings;
  if (certificateFile && keyFile) return { certificateFile, keyFile };
  if (!certificateFile && !keyFile) return undefined;
  const missing = certificateFile ? 'FLORIN_TLS_KEY_FILE' : 'FLORIN_TLS_CERTIFICATE_FILE';
  throw new Fault('setting-missing', `the setting ${missing} is missing, which goes with the other one`);
}

/** Reads whom to tell of a hole. Faults with `setting-invalid` for what is no address, or would be more than one line. */
export function readSecurityContact(environment: Environment): string | undefined {
  const settings = readSettings(CONTACT_SETTINGS, environment);
  const contact = settings.FLORIN_SECURITY_CONTACT;
  if (contact === undefined || /^(https:|mailto:)[\x21-\x7e]+$/.test(contact)) return contact;
  throw new Fault('setting-invalid', 'the setting FLORIN_SECURITY_CONTACT must begin with https: or mailto:');
}

/** Reads the rate limits. Faults with `setting-invalid`, naming the variable. */
export function readLimits(environment: Environment): GatewayLimits {
  const set = readSettings(LIMIT_SETTINGS, environment);
  const signInRate = set.FLORIN_LIMIT_SIGN_IN_PER_SECOND ?? String(DEFAULT_LIMITS.signIn.ratePerSecond);
  const settings = { ...set, FLORIN_LIMIT_SIGN_IN_PER_SECOND: signInRate };
  const rate = (name: keyof typeof settings) => positive(name, settings[name], 0);
  const burst = (name: keyof typeof settings) => positive(name, settings[name], 1);
  return {
    address: { ratePerSecond: rate('FLORIN_LIMIT_ADDRESS_PER_SECOND'), burst: burst('FLORIN_LIMIT_ADDRESS_BURST') },
    caller: { ratePerSecond: rate('FLORIN_LIMIT_CALLER_PER_SECOND'), burst: burst('FLORIN_LIMIT_CALLER_BURST') },
    signIn: { ratePerSecond: rate('FLORIN_LIMIT_SIGN_IN_PER_SECOND'), burst: burst('FLORIN_LIMIT_SIGN_IN_BURST') },
  };
}

/** A positive number, at least `min`: a limit is raised or lowered, and there is no value that switches it off. */
function positive(name: string, text: string, min: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0 && value >= min) return value;
  throw new Fault('setting-invalid', `the setting ${name} must be a positive number`);
}

function address(name: string, text: string): string {
  if (URL.canParse(text)) return text;
  throw new Fault('setting-invalid', `the setting ${name} must be an address`);
}

function healthUrlOf(serviceUrl: string): string {
  const url = new URL('/health/ready', serviceUrl);
  const standardPort = url.protocol === 'https:' ? 443 : 80;
  url.port = String((url.port === '' ? standardPort : Number(url.port)) + 1);
  return url.href;
}
