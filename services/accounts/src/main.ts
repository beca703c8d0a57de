import { memoryCache } from '@florin/cache';
import { createPeerCircuits, httpCalls, openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { openBroker } from '@florin/kafka';
import { createLogger, openTelemetry } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { openRedisCache } from '@florin/redis';
import { createInternalTokenMinter, createInternalTokenVerifier } from '@florin/security';
import { CACHE_TIMEOUT_MS, readConfig } from './config.ts';
import { startAccounts } from './service.ts';

// Starts this service alone. Without Kafka its events wait in the outbox, and it hears of none.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, {
  peerFiles: config.peerFiles,
  readRole: readRuntimeRole,
  mayPayUnconfirmed: config.strongAuthentication !== 'always',
});
const logger = createLogger({ service: 'accounts' });
const telemetry = await openTelemetry(config.telemetry, { service: 'accounts', logger });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const clock = systemClock;
const calls = httpCalls(
  { transactions: config.transactionsUrl, users: config.usersUrl },
  credentials,
  createPeerCircuits({ logger }),
);
const broker = openBroker({ brokers: config.kafkaBrokers, clientId: 'accounts', credentials, logger, clock });
const { redisUrl: url } = config;
const cache = url
  ? await openRedisCache({ url, credentials, logger, timeoutMs: CACHE_TIMEOUT_MS })
  : memoryCache({ clock });
const publicJwks = { keys: [...config.publicJwks.keys] };
const service = await startAccounts(config, {
  calls,
  tokens: createInternalTokenMinter({ privateJwk: config.privateJwk, issuer: 'accounts', clock }),
  verifyToken: createInternalTokenVerifier({ publicJwks, audience: 'accounts', clock }).verify,
  broker,
  cache,
  logger,
  clock,
  newId,
});
telemetry.measure([service.metrics.registry]);
await serveAlone({
  service,
  host: config.host,
  port: config.port,
  credentials,
  callers: ['gateway', 'users'],
  logger,
  isHearing: broker.isReady,
  leave: broker.leave,
  closeAfter: [broker, calls, cache, telemetry],
});
