import { listen, startInternalServer } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenVerifier } from '@florin/security';
import { readConfig } from './config.ts';
import { startUsers } from './service.ts';

// Starts this service alone. Its events stay in this process until a broker between processes is configured.
const config = readConfig(process.env);
const logger = createLogger({ service: 'users' });
const clock = systemClock;
const broker = memoryBroker();
const { verify } = createInternalTokenVerifier({ publicJwks: config.publicJwks, audience: 'users', clock });
const service = await startUsers(config, { verifyToken: verify, broker, logger, clock, newId });
const listener = await listen({ host: config.host, port: config.port, handle: service.handle });
const internal = await startInternalServer({ host: config.host, port: config.port + 1, services: () => [service] });
logger.info({ port: listener.port, internalPort: internal.port }, 'users is ready');

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await listener.drain();
  await service.drain();
  await service.close();
  await broker.close();
  await internal.close();
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
