import { openTlsCredentials, serveAlone, stopUnlessReady } from '@florin/http';
import { absentBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { readRuntimeRole } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { readConfig } from './config.ts';
import { startTransactions } from './service.ts';

// Starts this service alone. Its events wait in the outbox until a broker between processes is configured.
const config = readConfig(process.env);
await stopUnlessReady(config.guarded, { peerFiles: config.peerFiles, readRole: readRuntimeRole });
const logger = createLogger({ service: 'transactions' });
const credentials = config.peerFiles && openTlsCredentials(config.peerFiles, { logger });
const broker = absentBroker();
const service = await startTransactions(config, { broker, logger, clock: systemClock, newId });
await serveAlone({
  service,
  host: config.host,
  port: config.port,
  credentials,
  callers: ['gateway', 'accounts'],
  logger,
  closeAfter: [broker],
});
