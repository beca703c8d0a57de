import { createServer, inProcessCalls } from '@florin/http';
import { type Broker, type MemoryBroker, memoryBroker, startRelay } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/observability';
import { systemClock } from '@florin/primitives';
import { overBroker, sagaCommandConsumer, sagaReplySubscription } from './broker-transport.ts';
import type { SagaDefinition } from './definition.ts';
import { overHttp, sagaCommandEndpoint } from './http-transport.ts';
import { local } from './local-transport.ts';
import { PARTICIPANTS, participate, TRIP, type Trips, tripWith } from './testing/trips.ts';
import { type Ends, transportContract } from './transport.contract.ts';
import type { Transport } from './transport.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
const metrics = createMetrics({ service: 'test' });
const definitions: readonly SagaDefinition[] = [TRIP, tripWith({ version: 2 }, { tickets: { do: 'send' } })];

function toAll(transport: Transport) {
  return Object.fromEntries(PARTICIPANTS.map((name) => [name, transport]));
}

transportContract('local', async ({ host, away, operations }) => {
  const transports = toAll(local((command) => participate(away.db, command, operations)));
  return { runner: await host.run({ definitions, transports }), close: async () => {} };
});

transportContract('http', async ({ host, away, operations }) => {
  const server = await createServer({
    service: 'transactions',
    logger,
    metrics: createMetrics({ service: 'test' }),
    endpoints: [sagaCommandEndpoint('transactions', (command) => participate(away.db, command, operations))],
    authenticate: ({ authorization }) =>
      authorization === 'Bearer secret' ? { subject: 'service:trips', kind: 'service', roles: [] } : undefined,
    validateResponses: true,
  });
  const calls = inProcessCalls(() => new Map([['transactions', server]]));
  const transports = toAll(overHttp({ calls, service: 'transactions', token: () => 'secret' }));
  return { runner: await host.run({ definitions, transports }), close: () => server.close() };
});

transportContract('the broker', (ends) => overMemoryBroker(ends, (broker) => broker));

// M1, M2 of what the relay may do: whatever it publishes comes twice.
transportContract('a broker that delivers everything twice', (ends) =>
  overMemoryBroker(ends, (broker) => ({
    ...broker,
    async publish(events) {
      await broker.publish(events);
      await broker.publish(events);
    },
  })),
);

async function overMemoryBroker({ host, away, operations }: Ends, twisted: (broker: MemoryBroker) => Broker) {
  const broker = memoryBroker({ paused: true });
  const relayOf = ({ url }: Trips, name: string) =>
    startRelay({ url, name, source: name, broker: twisted(broker), logger, metrics, clock: systemClock });
  const [hostRelay, awayRelay] = [relayOf(host, 'trips'), relayOf(away, 'away')];
  for (const participant of PARTICIPANTS) {
    broker.subscribe(
      sagaCommandConsumer({
        database: away.db,
        participant,
        hosts: ['trips'],
        operations,
        clock: systemClock,
        committed: () => awayRelay.wake(),
        logger,
        metrics,
      }),
    );
  }
  const transports = toAll(overBroker({ host: 'trips' }));
  const runner = await host.run({ definitions, transports, committed: () => hostRelay.wake() });
  const { deliver } = runner;
  broker.subscribe(sagaReplySubscription({ host: 'trips', participants: PARTICIPANTS, deliver, logger }));
  broker.resume();
  const close = async () => {
    await Promise.all([hostRelay.close(), awayRelay.close()]);
    await broker.close();
  };
  return { runner, close };
}
