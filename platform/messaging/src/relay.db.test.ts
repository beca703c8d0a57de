import { createLogger, createMetrics } from '@florin/observability';
import { openDatabase, openSession, sql } from '@florin/postgres';
import { Fault, systemClock } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { absentBroker } from './absent-broker.ts';
import type { Broker } from './broker.ts';
import { eventually } from './broker-contract.ts';
import type { CloudEvent } from './cloud-event.ts';
import { memoryBroker } from './memory-broker.ts';
import { messagingMigrations } from './messaging-migrations.ts';
import { appendToOutbox } from './outbox.ts';
import { type Relay, startRelay } from './relay.ts';
import { createRelayLease } from './relay-lease.ts';

let opened: Awaited<ReturnType<typeof testDatabase>>;
const relays: Relay[] = [];

beforeEach(async () => {
  lines.length = 0;
  opened = await testDatabase([messagingMigrations]);
});
afterEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
  await opened.close();
});

const lines: { readonly err: { readonly code?: string } }[] = [];

function start(broker: Broker, leaseMs?: number): Relay {
  const relay = startRelay({
    url: opened.url,
    name: 'test',
    source: '/test',
    broker,
    logger: createLogger({ service: 'test', destination: { write: (line) => lines.push(JSON.parse(line)) } }),
    metrics: createMetrics({ service: 'test' }),
    clock: systemClock,
    ...(leaseMs === undefined ? {} : { leaseMs }),
  });
  relays.push(relay);
  return relay;
}

async function write(...numbers: number[]): Promise<void> {
  await opened.database.transaction((tx) =>
    appendToOutbox(
      tx,
      '/test',
      numbers.map((number) => ({
        topic: 'topic.a',
        key: 'k',
        id: String(number),
        data: { number },
        time: new Date(0).toISOString(),
      })),
    ),
  );
}

async function waiting(): Promise<number> {
  return (await opened.database.query(sql`select id from outbox`)).length;
}

/** A broker that keeps what it was given, and may be told to fail or to hold. */
function recordingBroker() {
  const published: string[] = [];
  let publishes = 0;
  const behaviour = { before: async (): Promise<void> => {}, after: async (): Promise<void> => {} };
  const broker: Broker = {
    async publish(events: readonly CloudEvent[]) {
      publishes += 1;
      await behaviour.before();
      published.push(...events.map((event) => event.id));
      await behaviour.after();
    },
    subscribe() {},
    async close() {},
  };
  return { broker, published, behaviour, count: () => publishes };
}

it('publishes what was committed, in order, and deletes it', async () => {
  const recording = recordingBroker();
  await write(1, 2, 3);
  await write(4);
  const relay = start(recording.broker);
  await relay.idle();
  expect(recording.published).toEqual(['1', '2', '3', '4']);
  expect(await waiting()).toBe(0);
});

it('M3: finds a commit with a lower id that came later: there is no position to lose it behind', async () => {
  const recording = recordingBroker();
  const relay = start(recording.broker);
  await opened.database.transaction(async (tx) => {
    await appendToOutbox(tx, '/test', [
      { topic: 't', key: 'k', id: 'late', data: null, time: new Date(0).toISOString() },
    ]);
    await write(2);
    await eventually(() => recording.published.includes('2'));
  });
  relay.wake();
  await relay.idle();
  expect(recording.published).toEqual(['2', 'late']);
});

it('sees a commit of another process without a hint', async () => {
  const recording = recordingBroker();
  const relay = start(recording.broker);
  await relay.idle();
  await write(1);
  await eventually(() => recording.published.length === 1);
});

it('M1: delivers again after a crash between publish and delete', async () => {
  const recording = recordingBroker();
  await write(1, 2);
  recording.behaviour.after = async () => {
    throw new Error('killed here');
  };
  const first = start(recording.broker);
  await eventually(() => recording.count() >= 2);
  recording.behaviour.after = async () => {};
  await first.idle();
  const ids = recording.published;
  expect(new Set(ids)).toEqual(new Set(['1', '2']));
  expect(ids.length).toBeGreaterThan(2);
  expect(await waiting()).toBe(0);
});

it('M4: keeps everything while the broker is away, and drains in order', async () => {
  const recording = recordingBroker();
  recording.behaviour.before = async () => {
    throw new Error('the broker is away');
  };
  const relay = start(recording.broker);
  for (let number = 0; number < 20; number += 1) await write(number);
  await eventually(() => recording.count() >= 3);
  expect(await waiting()).toBe(20);
  recording.behaviour.before = async () => {};
  await relay.idle();
  expect(recording.published).toEqual(Array.from({ length: 20 }, (_, number) => String(number)));
});

it('M2: lets one of two relays lead, and the other take over when the leader closes', async () => {
  const first = recordingBroker();
  const second = recordingBroker();
  const leader = start(first.broker);
  await write(1);
  await leader.idle();
  const follower = start(second.broker);
  await write(2);
  leader.wake();
  follower.wake();
  await leader.idle();
  await follower.idle();
  expect([first.published, second.published]).toEqual([['1', '2'], []]);
  await leader.close();
  await write(3);
  await eventually(() => second.published.includes('3'));
});

it('M2: takes over from a leader that sleeps past its lease, whose delete is then refused', async () => {
  const [sleeper, successor] = [openSession(sessionOptions()), openSession(sessionOptions())];
  try {
    await write(1);
    const lost = createRelayLease(sleeper, 'test', 50);
    expect(await lost.take()).toBe(true);
    const next = createRelayLease(successor, 'test', 60_000);
    await eventually(() => next.take());
    const [row] = await opened.database.query<{ id: bigint }>(sql`select id from outbox`);
    expect(await lost.deletePublished([row?.id ?? 0n])).toBe(false);
    expect(lost.isHeld).toBe(false);
    expect(await waiting()).toBe(1);
    expect(await lost.take()).toBe(false);
    expect(await next.deletePublished([row?.id ?? 0n])).toBe(true);
    expect(await waiting()).toBe(0);
  } finally {
    await sleeper.close();
    await successor.close();
  }
});

it('keeps its lease while one publish takes longer than the lease', async () => {
  const slow = recordingBroker();
  const other = recordingBroker();
  let letGo = (): void => {};
  slow.behaviour.before = () =>
    new Promise((resolve) => {
      letGo = resolve;
    });
  await write(1);
  start(slow.broker, 300);
  await eventually(() => slow.count() === 1);
  start(other.broker, 300);
  await new Promise((resolve) => setTimeout(resolve, 900));
  slow.behaviour.before = async () => {};
  letGo();
  await eventually(async () => (await waiting()) === 0);
  expect([slow.published, other.published]).toEqual([['1'], []]);
});

it('goes on by itself when its connection is lost', async () => {
  const recording = recordingBroker();
  const relay = start(recording.broker);
  await write(1);
  await relay.idle();
  const superuser = openDatabase({ url: opened.superuserUrl, applicationName: 'test-killer', poolSize: 1 });
  await superuser.query(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'relay-test'`,
  );
  await superuser.close();
  await write(2);
  await relay.idle();
  expect(recording.published).toEqual(['1', '2']);
});

it('M4: moves a backlog through bounded rounds, each row parsed once', async () => {
  const data = 'x'.repeat(700);
  await opened.database.execute(sql`
    insert into outbox (events)
    select '[' || string_agg(
      '{"specversion":"1.0","id":"' || (row_number * 50 + event) || '","source":"/test","type":"topic.a","subject":"k",'
      || '"time":"2026-01-01T00:00:00.000Z","datacontenttype":"application/json","data":{"text":"' || ${data}::text || '"}}', ','
      order by event) || ']'
    from generate_series(0, 399) as row_number, generate_series(0, 49) as event group by row_number order by row_number`);
  const broker = memoryBroker();
  const ids: number[] = [];
  let largest = 0;
  const publish = broker.publish;
  const relay = start({
    ...broker,
    async publish(events) {
      largest = Math.max(largest, events.length);
      await publish(events);
    },
  });
  broker.subscribe({
    group: 'all',
    topics: ['topic.a'],
    async handle(events) {
      for (const event of events) ids.push(Number(event.id));
    },
  });
  await relay.idle();
  expect(ids).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
  expect(largest).toBeLessThan(4_000);
});

function sessionOptions() {
  return { url: opened.url, applicationName: 'lease-test' };
}

it('keeps what no broker takes, in silence, whatever else is committed', async () => {
  let asked = 0;
  const absent = absentBroker();
  const counted: Broker = {
    ...absent,
    publish: (events) => {
      asked += 1;
      return absent.publish(events);
    },
  };
  await write(1);
  const relay = start(counted);
  await eventually(() => lines.length > 0);
  for (let number = 2; number <= 20; number += 1) {
    await write(number);
    relay.wake();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(await waiting()).toBe(20);
  expect(lines).toMatchObject([{ err: { code: 'broker-absent' } }]);
  expect(asked).toBe(1);
  await relay.close();
  // A broker that comes with the next start gets all of it, in order.
  const recording = recordingBroker();
  await start(recording.broker).idle();
  expect(recording.published).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
});

it('tries again within a second while a broker fails, and says so once for each kind of failure', async () => {
  const recording = recordingBroker();
  let code = 'broker-away';
  recording.behaviour.before = async () => {
    throw new Fault(code, 'the broker fails');
  };
  await write(1);
  const relay = start(recording.broker);
  await eventually(() => recording.count() >= 4);
  expect(lines).toMatchObject([{ err: { code: 'broker-away' } }]);
  code = 'broker-full';
  await eventually(() => lines.length > 1);
  recording.behaviour.before = async () => {};
  await relay.idle();
  expect(lines.map(({ err }) => err.code)).toEqual(['broker-away', 'broker-full']);
  expect(recording.published).toEqual(['1']);
});
