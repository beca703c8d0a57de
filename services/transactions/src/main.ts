import { createPeerCircuits, httpCalls, openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { openBroker } from '@florin/kafka';
import { createLogger, openTelemetry } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter } from '@florin/security';
import { readConfig } from './config.ts';
import { startTransactions } from './service.ts';

// Starts this service alone. Without Kafka its events wait in the outbox, and it hears of none.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, {
  peerFiles: config.peerFiles,
  readRole: readRuntimeRole,
  mayPayUnconfirmed: config.strongAuthentication !== 'always',
});
const logger = createLogger({ service: 'transactions' });
const telemetry = await openTelemetry(config.telemetry, { service: 'transactions', logger });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const clock = systemClock;
const broker = openBroker({ brokers: config.kafkaBrokers, clientId: 'transactions', credentials, logger, clock });
const calls = httpCalls({ users: config.usersUrl }, credentials, createPeerCircuits({ logger }));
const tokens = createInternalTokenMinter({ privateJwk: config.privateJwk, issuer: 'transactions', clock });
const service = await startTransactions(config, { broker, calls, tokens, logger, clock, newId });
telemetry.measure([service.metrics.registry]);
await serveAlone({
  service,
  host: config.host,
  port: config.port,
  credentials,
  callers: ['gateway', 'accounts'],
  logger,
  isHearing: broker.isReady,
  leave: broker.leave,
  closeAfter: [broker, calls, telemetry],
});
