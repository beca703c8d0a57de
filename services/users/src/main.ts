import { createPeerCircuits, httpCalls, openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { openBroker } from '@florin/kafka';
import { createLogger, openTelemetry } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter, createInternalTokenVerifier } from '@florin/security';
import { readConfig } from './config.ts';
import { startUsers } from './service.ts';

// Starts this service alone. Without Kafka its events wait in the outbox, and it hears of none.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, {
  peerFiles: config.peerFiles,
  publicUrl: config.publicUrl,
  mail: config.mail,
  readRole: readRuntimeRole,
});
const logger = createLogger({ service: 'users' });
const telemetry = await openTelemetry(config.telemetry, { service: 'users', logger });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const clock = systemClock;
const broker = openBroker({ brokers: config.kafkaBrokers, clientId: 'users', credentials, logger, clock });
const { verify } = createInternalTokenVerifier({ publicJwks: config.publicJwks, audience: 'users', clock });
const calls = httpCalls({ accounts: config.accountsUrl }, credentials, createPeerCircuits({ logger }));
const { keyManagement } = config;
const service = await startUsers(config, {
  verifyToken: verify,
  keyManagement,
  calls,
  tokens: createInternalTokenMinter({ privateJwk: config.privateJwk, issuer: 'users', clock }),
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
  callers: ['gateway', 'accounts', 'transactions'],
  logger,
  isHearing: broker.isReady,
  leave: broker.leave,
  closeAfter: [broker, calls, telemetry],
});
