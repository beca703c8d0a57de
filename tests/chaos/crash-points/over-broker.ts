import { sagaCommandTopic, sagaReplyTopic } from '@florin/contracts';
import { appendToOutbox, type Broker, consumer, memoryBroker, type Subscription, startRelay } from '@florin/messaging';
import type { Database } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { type Operation, overBroker, type SagaCommand, sagaCommandConsumer, sagaReplySubscription } from '@florin/saga';
import { logger, metrics, type OpenDesk, openSide } from './desk.ts';
import type { At } from './fault.ts';
import { HOST, openOrchestrator, operationsOf, outboxDepth } from './transfer-saga.ts';

const SIDES = ['payer', 'payee'] as const;

/** Where a relay may end. */
export const RELAY_POINTS = ['before-publish', 'after-publish'] as const;

/** The broker with the points of a relay around it. */
export function passing(broker: Broker, at: At): Broker {
  return {
    ...broker,
    async publish(events) {
      at('before-publish');
      await broker.publish(events);
      at('after-publish');
    },
  };
}

/** The orchestrator and both sides in one process, as the broker is: what they say is in their databases until it is taken. */
export const openOverBroker: OpenDesk = async (places, at) => {
  const broker = memoryBroker({ paused: true });
  const dbs = { payer: openSide(places.payerUrl), payee: openSide(places.payeeUrl) };
  const relayOf = (side: (typeof SIDES)[number], url: string) =>
    startRelay({
      url,
      name: side,
      source: side,
      broker: passing(broker, at),
      logger,
      metrics,
      clock: systemClock,
      leaseMs: 1_000,
    });
  const relays = { payer: relayOf('payer', places.payerUrl), payee: relayOf('payee', places.payeeUrl) };
  for (const side of SIDES) {
    const wake = () => relays[side].wake();
    const options = { database: dbs[side], participant: side, hosts: [HOST], logger, metrics, clock: systemClock };
    const takesPart = { ...options, operations: operationsOf(at), committed: wake };
    const commands = places.guarded ? sagaCommandConsumer(takesPart) : unguarded(takesPart);
    broker.subscribe({
      ...commands,
      async handle(events) {
        at('command-received');
        await commands.handle(events);
        at('after-effect-commit');
      },
    });
  }
  const transports = { payer: overBroker({ host: HOST }), payee: overBroker({ host: HOST }) };
  const committed = () => relays.payer.wake();
  const { desk, runner } = await openOrchestrator(places, at, dbs.payer, { transports, committed });
  const deliver: typeof runner.deliver = async (reply) => {
    const taken = await runner.deliver(reply);
    at('reply-taken');
    return taken;
  };
  broker.subscribe(sagaReplySubscription({ host: HOST, participants: SIDES, deliver, logger }));
  broker.resume();
  return {
    async begin(transfer, refused) {
      await desk.begin(transfer, refused);
      relays.payer.wake();
    },
    async standing(transfer) {
      const standing = await desk.standing(transfer);
      const waiting = (await outboxDepth(dbs.payer)) + (await outboxDepth(dbs.payee));
      return waiting === 0 ? standing : { ...standing, end: undefined };
    },
  };
};

interface Unguarded {
  readonly database: Database;
  readonly participant: string;
  readonly operations: Readonly<Record<string, Operation>>;
  committed(): void;
}

/** For the control: whatever comes is done, also when it was done already. */
function unguarded({ database, participant, operations, committed }: Unguarded): Subscription {
  return consumer({
    database,
    group: `${participant}-saga-commands`,
    topics: [sagaCommandTopic(HOST)],
    logger,
    metrics,
    committed,
    async handle(events, tx) {
      for (const { data, id, time } of events) {
        const command = data as SagaCommand;
        if (command.participant !== participant) continue;
        const { sagaId, branch, op, attempt, operation, payload } = command;
        const outcome = await operations[operation]?.(tx, payload, command);
        const reply = { sagaId, branch, op, attempt, outcome };
        const topic = sagaReplyTopic(participant);
        await appendToOutbox(tx, participant, [{ topic, key: sagaId, id, data: reply, time }]);
      }
    },
  });
}
