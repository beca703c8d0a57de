import { openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { openBroker } from '@florin/kafka';
import { createLogger, openTelemetry } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenVerifier } from '@florin/security';
import { readConfig } from './config.ts';
import { startNotifications } from './service.ts';

// Starts this service alone. Without Kafka its events wait in the outbox, and it hears of none.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, { peerFiles: config.peerFiles, readRole: readRuntimeRole });
const logger = createLogger({ service: 'notifications' });
const telemetry = await openTelemetry(config.telemetry, { service: 'notifications', logger });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const clock = systemClock;
const broker = openBroker({ brokers: config.kafkaBrokers, clientId: 'notifications', credentials, logger, clock });
const publicJwks = { keys: [...config.publicJwks.keys] };
const { verify } = createInternalTokenVerifier({ publicJwks, audience: 'notifications', clock });
const service = await startNotifications(config, {
  verifyToken: verify,
  keyManagement: config.keyManagement,
  broker,
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
  callers: ['gateway'],
  logger,
  isHearing: broker.isReady,
  leave: broker.leave,
  closeAfter: [broker, telemetry],
});
