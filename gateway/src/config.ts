import { readFileSync } from 'node:fs';
import type { ServiceName } from '@florin/contracts';
import { invariant } from '@florin/primitives';
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
  readonly webClient?: { readonly folder: string };
  /** The private JWK internal tokens are signed with, as JSON text. */
  readonly internalKeyText: string;
  readonly trustedProxies: readonly string[];
  readonly limits: GatewayLimits;
  readonly logLevel: string;
}

const PORT_DEFAULT = 8080;

/** Reads the configuration once; what is missing or ill-formed stops the start with one clear sentence. */
export function readConfig(environment: NodeJS.ProcessEnv): GatewayConfig {
  const port = numberOf(environment, 'FLORIN_PORT', PORT_DEFAULT);
  const serviceUrls = readServiceUrls(environment);
  const webFolder = environment['FLORIN_WEB_FOLDER'];
  return {
    publicUrl: environment['FLORIN_PUBLIC_URL'] ?? `http://localhost:${port}`,
    host: environment['FLORIN_HOST'] ?? '127.0.0.1',
    port,
    internalPort: numberOf(environment, 'FLORIN_INTERNAL_PORT', port + 1),
    serviceUrls,
    healthUrls: {
      users: environment['FLORIN_USERS_HEALTH_URL'] ?? healthUrlOf(serviceUrls.users),
      accounts: environment['FLORIN_ACCOUNTS_HEALTH_URL'] ?? healthUrlOf(serviceUrls.accounts),
      transactions: environment['FLORIN_TRANSACTIONS_HEALTH_URL'] ?? healthUrlOf(serviceUrls.transactions),
    },
    ...(webFolder === undefined ? {} : { webClient: { folder: webFolder } }),
    internalKeyText: readFileSync(required(environment, 'FLORIN_INTERNAL_KEY_FILE'), 'utf8'),
    trustedProxies: (environment['FLORIN_TRUSTED_PROXIES'] ?? '').split(',').filter((proxy) => proxy !== ''),
    limits: readLimits(environment),
    logLevel: environment['FLORIN_LOG_LEVEL'] ?? 'info',
  };
}

/** The rate limits: FLORIN_LIMIT_ADDRESS_PER_SECOND and _BURST, likewise _CALLER_ and _SIGN_IN_. */
export function readLimits(environment: NodeJS.ProcessEnv): GatewayLimits {
  return {
    address: limitOf(environment, 'FLORIN_LIMIT_ADDRESS', DEFAULT_LIMITS.address),
    caller: limitOf(environment, 'FLORIN_LIMIT_CALLER', DEFAULT_LIMITS.caller),
    signIn: limitOf(environment, 'FLORIN_LIMIT_SIGN_IN', DEFAULT_LIMITS.signIn),
  };
}

function readServiceUrls(environment: NodeJS.ProcessEnv): GatewayConfig['serviceUrls'] {
  return {
    users: addressOf(environment, 'FLORIN_USERS_URL'),
    accounts: addressOf(environment, 'FLORIN_ACCOUNTS_URL'),
    transactions: addressOf(environment, 'FLORIN_TRANSACTIONS_URL'),
  };
}

function addressOf(environment: NodeJS.ProcessEnv, name: string): string {
  const address = required(environment, name);
  invariant(URL.canParse(address), `the setting ${name} is not an address`);
  return address;
}

/** A service that runs alone has its internal port next to its own. */
function healthUrlOf(serviceUrl: string): string {
  const url = new URL('/health/ready', serviceUrl);
  const standardPort = url.protocol === 'https:' ? 443 : 80;
  url.port = String((url.port === '' ? standardPort : Number(url.port)) + 1);
  return url.href;
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  invariant(value !== undefined && value !== '', `the setting ${name} is missing`);
  return value;
}

function numberOf(environment: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const value = environment[name];
  if (value === undefined) return otherwise;
  const number = Number(value);
  invariant(value !== '' && Number.isFinite(number) && number >= 0, `the setting ${name} is not a number`);
  return number;
}

/** Both numbers must be positive: a limit is raised or lowered, and there is no value that switches it off. */
function limitOf(
  environment: NodeJS.ProcessEnv,
  name: string,
  otherwise: GatewayLimits['caller'],
): GatewayLimits['caller'] {
  const limit = {
    ratePerSecond: numberOf(environment, `${name}_PER_SECOND`, otherwise.ratePerSecond),
    burst: numberOf(environment, `${name}_BURST`, otherwise.burst),
  };
  invariant(limit.ratePerSecond > 0 && limit.burst >= 1, `the setting ${name} must be positive in both numbers`);
  return limit;
}
