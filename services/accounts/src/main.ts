import { httpCalls, listen, startInternalServer } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter, createInternalTokenVerifier } from '@florin/security';
import { readConfig } from './config.ts';
import { startAccounts } from './service.ts';

// Starts this service alone. Its events stay in this process until a broker between processes is configured.
const config = readConfig(process.env);
const logger = createLogger({ service: 'accounts' });
const clock = systemClock;
const calls = httpCalls({ transactions: config.transactionsUrl });
const broker = memoryBroker();
const service = await startAccounts(config, {
  calls,
  tokens: createInternalTokenMinter({ privateJwk: config.privateJwk, issuer: 'accounts', clock }),
  verifyToken: createInternalTokenVerifier({
    publicJwks: { keys: [...config.publicJwks.keys] },
    audience: 'accounts',
    clock,
  }).verify,
  broker,
  logger,
  clock,
  newId,
});
const listener = await listen({ host: config.host, port: config.port, handle: service.handle });
const internal = await startInternalServer({ host: config.host, port: config.port + 1, services: () => [service] });
logger.info({ port: listener.port, internalPort: internal.port }, 'accounts is ready');

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await listener.drain();
  await service.drain();
  await service.close();
  await broker.close();
  await calls.close();
  await internal.close();
}
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
