import { openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { absentBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenVerifier } from '@florin/security';
import { readConfig } from './config.ts';
import { startNotifications } from './service.ts';

// Starts this service alone. It hears of nothing, and its events wait in the outbox, until a broker between processes is
// configured.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, { peerFiles: config.peerFiles, readRole: readRuntimeRole });
const logger = createLogger({ service: 'notifications' });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const clock = systemClock;
const broker = absentBroker();
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
await serveAlone({
  service,
  host: config.host,
  port: config.port,
  credentials,
  callers: ['gateway'],
  logger,
  closeAfter: [broker],
});
