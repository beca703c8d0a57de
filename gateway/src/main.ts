import { randomUUID } from 'node:crypto';
import { memoryCache } from '@florin/cache';
import { bankRoutes } from '@florin/contracts';
import {
  createPeerCircuits,
  httpCalls,
  httpForward,
  LINGER_MS,
  openTlsCredentials,
  startInternalServer,
  stopUnlessReady,
} from '@florin/http';
import { openBroker } from '@florin/kafka';
import { createLogger, createMetrics, openTelemetry } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { openRedisCache } from '@florin/redis';
import { createAccessTokenVerifier, createInternalTokenMinter } from '@florin/security';
import { caughtUp } from './catch-up.ts';
import { readConfig } from './config.ts';
import { feedDenylist } from './denylist-feed.ts';
import { createGateway } from './gateway.ts';
import { fetchIssuerKeys, resolveSessionThrough } from './issuer.ts';
import { httpHealth } from './service-health.ts';

// Starts the gateway alone, in front of services in other processes.
const config = readConfig(process.env);
const isBehindProxy = config.trustedProxies.length > 0;
await stopUnlessReady(config.guarded, {
  publicUrl: config.publicUrl,
  publicTls: config.tlsFiles !== undefined ? 'here' : isBehindProxy ? 'proxy' : 'nobody',
  tlsFiles: config.tlsFiles,
  peerFiles: config.peerFiles,
});
const clock = systemClock;
const issuer = new URL(config.publicUrl).origin;
const logger = createLogger({ service: 'gateway', level: config.logLevel });
const telemetry = await openTelemetry(config.telemetry, { service: 'gateway', isEdge: true, logger });
const tls = config.tlsFiles && { credentials: openTlsCredentials(config.tlsFiles, { logger }) };
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const circuits = createPeerCircuits({ logger });
const calls = httpCalls(config.serviceUrls, credentials, circuits);
const forward = httpForward(config.serviceUrls, { credentials, circuits });
const internalTokens = createInternalTokenMinter({
  privateJwk: JSON.parse(config.internalKeyText),
  issuer: 'gateway',
  clock,
});
const broker = openBroker({ brokers: config.kafkaBrokers, clientId: 'gateway', credentials, logger, clock });
const fed = feedDenylist(broker, calls, internalTokens);
const ending = new AbortController();
let isOpen = false;
const { redisUrl } = config;
const cache = redisUrl ? await openRedisCache({ url: redisUrl, credentials, logger }) : memoryCache({ clock });

const gateway = await createGateway({
  ...config,
  tls,
  routes: bankRoutes,
  forward,
  calls,
  cache,
  instanceId: randomUUID(),
  accessTokens: createAccessTokenVerifier({
    issuer,
    audience: `${issuer}/v1`,
    jwks: fetchIssuerKeys(calls, internalTokens),
    clock,
  }),
  denylist: fed.denylist,
  isReady: () => isOpen && broker.isReady(),
  lingerMs: LINGER_MS,
  internalTokens,
  resolveSession: resolveSessionThrough(calls, internalTokens),
  health: httpHealth(config.healthUrls, credentials),
  logger,
  metrics: createMetrics({ service: 'gateway' }),
  clock,
});
telemetry.measure([gateway.metrics.registry]);
const operators = await startInternalServer({
  host: config.host,
  port: config.internalPort,
  services: () => [gateway],
  tls: credentials && { credentials },
});
async function stop(): Promise<void> {
  ending.abort();
  await gateway.drain();
  await Promise.all([
    gateway.close(),
    forward.close(),
    calls.close(),
    broker.close(),
    cache.close(),
    operators.close(),
  ]);
  await telemetry.close();
}

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second signal changes nothing: npm forwards Ctrl-C twice.
    if (isStopping) return;
    isStopping = true;
    stop().catch((error: unknown) => {
      logger.error({ err: error }, 'the gateway did not stop cleanly');
      process.exit(1);
    });
  });
}

// Whoever was signed out before this process started must not get in while it does not know.
if (await caughtUp(fed, logger, ending.signal)) {
  const { port } = await gateway.listen();
  isOpen = true;
  logger.info({ port }, 'the gateway is open');
}
