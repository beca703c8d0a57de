import {
  type Cache,
  FIELDS_MAX,
  type RateLimit,
  type Take,
  VERSIONED_CHARACTERS_MAX,
  type Versioned,
} from '@florin/cache';
import type { TlsCredentials } from '@florin/http';
import type { Logger } from '@florin/observability';
import { createCircuit, type Environment, Fault, readSettings, settingTable } from '@florin/primitives';
import { Redis } from 'ioredis';
import { FIELDS, PUT_NEWER, RAISE, TAKE } from './scripts.ts';

export interface RedisOptions {
  /** `redis://` or `rediss://user:password@host:port`. */
  readonly url: string;
  /** The certificate shown to the server, and whom it must have its own from; of `rediss://` only. */
  readonly credentials?: TlsCredentials | undefined;
  readonly logger: Logger;
  /** How long a command may take; 100 ms when absent. Less for who has somebody else to ask. */
  readonly timeoutMs?: number;
}

/** Where the common cache is; the gateway and accounts read it when they run alone. */
export const REDIS_SETTINGS = settingTable({
  FLORIN_REDIS_URL: {
    meaning:
      'the cache that processes share, `rediss://user:password@host:port`; with `rediss` the peer certificate is shown and its authority trusted',
    otherwise: 'each process has a cache of its own',
  },
});

/** Reads it; undefined when there is none. Faults with `setting-invalid`, without a word of the password. */
export function readRedisUrl(environment: Environment): string | undefined {
  const settings = readSettings(REDIS_SETTINGS, environment);
  const url = settings.FLORIN_REDIS_URL;
  if (!url) return undefined;
  if (/^rediss?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new Fault('setting-invalid', 'the setting FLORIN_REDIS_URL must begin with redis:// or rediss://');
}

/** A request waits for the cache no longer: it knows what to do without. A healthy server answers within a millisecond. */
const COMMAND_TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 1_000;
/** Why it is away, as far as the log tells before it is back. */
const REASONS_MAX = 8;
/** A start waits for the first connection so long, and goes on without it. */
const FIRST_CONNECTION_MS = 2_000;
/** A server that hangs costs three requests this time, then one every half second. */
const CIRCUIT = { failuresMax: 3, restMs: 500 };
const RECONNECT_MS_MAX = 1_000;

const MICROSECONDS_PER_SECOND = 1_000_000;

/** The cache that several processes share: Redis 7. It may be emptied, or die, at any moment. */
export async function openRedisCache(options: RedisOptions): Promise<Cache<string>> {
  const redis = connect(options);
  await firstConnection(redis);
  const circuit = createCircuit(CIRCUIT);

  async function ask<Answer>(command: () => Promise<Answer>): Promise<Answer> {
    if (circuit.isOpen(performance.now())) throw unavailable();
    try {
      const answer = await command();
      circuit.succeeded(performance.now());
      return answer;
    } catch (error) {
      circuit.failed(performance.now());
      throw unavailable(error);
    }
  }

  return {
    get: (key) => ask(async () => (await redis.get(key)) ?? undefined),
    set: (key, value, ttlMs) => ask(async () => void (await redis.set(key, value, 'PX', Math.ceil(ttlMs)))),
    delete: (key) => ask(async () => void (await redis.del(key, ...pairOf(key)))),
    putNewer: (key, { version, value }, ttlMs) =>
      ask(async () => {
        if (value.length > VERSIONED_CHARACTERS_MAX) return false;
        return (await redis.eval(PUT_NEWER, 1, key, version, value, Math.ceil(ttlMs))) === 1;
      }),
    newest: (key) => ask(async () => versionedOf(await redis.get(key))),
    raise: (key, field, version, ttlMs) =>
      ask(async () => void (await redis.eval(RAISE, 2, ...pairOf(key), field, version, Math.ceil(ttlMs), FIELDS_MAX))),
    fields: (key) =>
      ask(async () => {
        const answer = (await redis.eval(FIELDS, 2, ...pairOf(key))) as readonly string[];
        return new Map(
          Array.from({ length: answer.length / 2 }, (_, index) => [
            answer[2 * index] ?? '',
            Number(answer[2 * index + 1]),
          ]),
        );
      }),
    take: (key, limit, cost = 1) => ask(() => takeFrom(redis, key, limit, cost)),
    async close() {
      redis.disconnect();
    },
  };
}

/** `<version>:<value>`, as the script writes it. */
function versionedOf(text: string | null): Versioned | undefined {
  if (text === null) return undefined;
  const end = text.indexOf(':');
  return { version: end < 1 ? Number.NaN : Number(text.slice(0, end)), value: text.slice(end + 1) };
}

/** Versions and their order; the braces keep both in one slot of a cluster. */
function pairOf(key: string): readonly [string, string] {
  return [`{${key}}:versions`, `{${key}}:order`];
}

async function takeFrom(redis: Redis, key: string, limit: RateLimit, cost: number): Promise<Take> {
  const periodUs = Math.max(1, Math.round(MICROSECONDS_PER_SECOND / limit.ratePerSecond));
  const answer = (await redis.eval(TAKE, 1, key, periodUs, limit.burst, cost)) as readonly [number, number, number];
  const [allowed, keptUs, waitUs] = answer;
  return {
    allowed: allowed === 1,
    remaining: Math.max(0, Math.floor((periodUs * limit.burst - keptUs) / periodUs)),
    retryAfterMs: Math.ceil(waitUs / 1_000),
    resetMs: Math.ceil(keptUs / 1_000),
  };
}

function connect({ url, credentials, logger, timeoutMs = COMMAND_TIMEOUT_MS }: RedisOptions): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: timeoutMs,
    // A request that finds no connection is told so at once; what waits in a queue would come after its answer.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), RECONNECT_MS_MAX),
    ...(url.startsWith('rediss:') && credentials !== undefined ? { tls: { ...credentials.current() } } : {}),
  });
  // Each reason once: a busy start may be the first, and a wrong password the one that stays.
  const said = new Set<string>();
  redis.on('error', (error: Error) => {
    if (said.has(error.message) || said.size >= REASONS_MAX) return;
    said.add(error.message);
    logger.warn({ err: error }, 'the cache is away');
  });
  redis.on('ready', () => {
    if (said.size > 0) logger.info('the cache is back');
    said.clear();
  });
  return redis;
}

function firstConnection(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, FIRST_CONNECTION_MS);
    redis.once('ready', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function unavailable(cause?: unknown): Fault {
  return new Fault('cache-unavailable', 'the cache does not answer', { retryable: true, cause });
}
