import { setTimeout } from 'node:timers/promises';
import { createLogger, createMetrics } from '@florin/observability';
import { sql, type Tx } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testEvent } from './broker-contract.ts';
import type { ReceivedEvent } from './cloud-event.ts';
import { consumer } from './consumer.ts';
import { listDeadLetters, retryDeadLetters } from './dead-letters.ts';
import { messagingMigrations } from './messaging-migrations.ts';
import { PoisonEvent } from './poison-event.ts';

const TOPIC = 'topic.a';
let opened: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  opened = await testDatabase([messagingMigrations, new URL('./testing/effects/', import.meta.url)]);
});
afterAll(async () => opened.close());
beforeEach(async () => {
  for (const table of ['effect', 'dead_letter', 'parked_key']) {
    await opened.database.execute({ text: `delete from ${table}`, values: [] });
  }
});

/** The effect: one row an event, in the order they were handled. Text that is no number is a data error (22P02). */
async function record(events: readonly ReceivedEvent[], tx: Tx): Promise<void> {
  const numbers = events.map((event) => String((event.data as { number: unknown }).number));
  await tx.execute(sql`
    insert into effect (number) select number::integer from unnest(${numbers}::text[]) with ordinality as t (number, place)
    order by place`);
}

function start(handle = record, committed?: (events: readonly ReceivedEvent[]) => void) {
  return consumer({
    database: opened.database,
    group: 'effects',
    topics: [TOPIC],
    handle,
    ...(committed === undefined ? {} : { committed }),
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: createMetrics({ service: 'test' }),
  });
}

async function effects(): Promise<number[]> {
  const rows = await opened.database.query<{ number: number }>(sql`select number from effect order by place`);
  return rows.map((row) => row.number);
}

function poisoned(key: string, number: number): ReceivedEvent {
  return { ...testEvent(TOPIC, key, number), data: { number: 'not a number' } };
}

async function letters(): Promise<string[]> {
  return (await listDeadLetters(opened.database, { afterId: 0n, limit: 100 })).map((letter) => letter.eventId);
}

it('handles chunks of at most 500 in one transaction each, and says after the commit what it handled', async () => {
  const chunks: number[] = [];
  const told: number[] = [];
  const handle = async (events: readonly ReceivedEvent[], tx: Tx) => {
    chunks.push(events.length);
    await record(events, tx);
  };
  await start(handle, (events) => told.push(events.length)).handle(
    Array.from({ length: 1_100 }, (_, index) => testEvent(TOPIC, `k${index}`, index)),
  );
  expect(chunks).toEqual([500, 500, 100]);
  expect(told).toEqual([500, 500, 100]);
  expect(await effects()).toEqual(Array.from({ length: 1_100 }, (_, index) => index));
});

it('E4: puts one poisoned event of 500 aside, handles the 499 others in order, and keeps the key behind it in order', async () => {
  const events = Array.from({ length: 500 }, (_, index) =>
    index === 250 ? poisoned('k0', index) : testEvent(TOPIC, `k${index % 10}`, index),
  );
  await start().handle(events);
  const behind = events.filter((event, index) => index >= 250 && event.subject === 'k0').map((event) => event.id);
  expect(await letters()).toEqual(behind);
  expect(await effects()).toEqual(
    events.filter((event) => !behind.includes(event.id)).map((event) => Number(event.id)),
  );
  const [first] = await listDeadLetters(opened.database, { afterId: 0n, limit: 1 });
  expect(first).toMatchObject({ group: 'effects', topic: TOPIC, key: 'k0', eventId: '250', attempts: 1 });
  expect(first?.reason).toContain('22P02');

  await start().handle([testEvent(TOPIC, 'k0', 1_000), testEvent(TOPIC, 'k1', 1_001)]);
  expect((await letters()).at(-1)).toBe('1000');
  expect((await effects()).at(-1)).toBe(1_001);
});

it('M5: does not put a redelivered event aside twice', async () => {
  const events = [poisoned('k', 1), testEvent(TOPIC, 'k', 2)];
  await start().handle(events);
  await start().handle(events);
  expect(await letters()).toEqual(['1', '2']);
});

it.each([
  ['a PoisonEvent', () => new PoisonEvent('no such kind')],
  ['what malformed data throws', () => new TypeError('cannot read')],
])('takes %s for poison', async (_name, error) => {
  await start(async (events, tx) => {
    if (events.some((event) => event.id === '2')) throw error();
    await record(events, tx);
  }).handle([1, 2, 3].map((number) => testEvent(TOPIC, `k${number}`, number)));
  expect(await effects()).toEqual([1, 3]);
  expect(await letters()).toEqual(['2']);
});

it('M6: throws a fault of the environment, with no effect and no dead letter', async () => {
  const away = start(async (events, tx) => {
    await record(events, tx);
    throw new Fault('database-unavailable', 'away', { retryable: true });
  });
  await expect(away.handle([testEvent(TOPIC, 'k', 1)])).rejects.toMatchObject({ code: 'database-unavailable' });
  expect(await effects()).toEqual([]);
  expect(await letters()).toEqual([]);
});

it('E5: retries dead letters per key and in order, and frees the key with its last letter', async () => {
  await start().handle([poisoned('a', 1), testEvent(TOPIC, 'a', 2), poisoned('b', 3), testEvent(TOPIC, 'b', 4)]);
  expect(await effects()).toEqual([]);
  const mended = async (events: readonly ReceivedEvent[], tx: Tx) => {
    const readable = events.map((event) => (event.id === '1' ? testEvent(TOPIC, 'a', 1) : event));
    await record(readable, tx);
  };
  const outcome = await retryDeadLetters({ database: opened.database, group: 'effects', handle: mended, limit: 100 });
  expect(outcome).toEqual({ handled: 2, stillParked: 1, freed: 1 });
  expect(await effects()).toEqual([1, 2]);
  expect(await letters()).toEqual(['3', '4']);
  const [stuck] = await listDeadLetters(opened.database, { afterId: 0n, limit: 1 });
  expect(stuck?.attempts).toBe(2);

  await start().handle([testEvent(TOPIC, 'a', 5), testEvent(TOPIC, 'b', 6)]);
  expect(await effects()).toEqual([1, 2, 5]);
  expect(await letters()).toEqual(['3', '4', '6']);
});

it('parks a key again that is being freed while an event goes behind it', async () => {
  const { database } = opened;
  await database.execute(sql`insert into parked_key (consumer_group, topic, key) values ('effects', ${TOPIC}, 'a')`);
  let delivered: Promise<void> | undefined;
  await database.transaction(async (tx) => {
    // As a retry does: it holds the key, finds no letter of it, and frees it.
    await tx.query(sql`select from parked_key where key = 'a' for update`);
    delivered = start().handle([testEvent(TOPIC, 'a', 1)]);
    await setTimeout(100);
    await tx.execute(sql`delete from parked_key where key = 'a'`);
  });
  await delivered;
  await start().handle([testEvent(TOPIC, 'a', 2)]);
  expect(await letters()).toEqual(['1', '2']);
  expect(await effects()).toEqual([]);
});

it('never lets an event slip past a key that is being freed', async () => {
  await start().handle([poisoned('a', 1)]);
  const handleRetry = async (events: readonly ReceivedEvent[], tx: Tx) => {
    await record(
      events.map((event) => testEvent(TOPIC, 'a', Number(event.id))),
      tx,
    );
  };
  const deliveries = Array.from({ length: 20 }, (_, index) => index + 2);
  await Promise.all([
    (async () => {
      for (const number of deliveries) await start().handle([testEvent(TOPIC, 'a', number)]);
    })(),
    (async () => {
      for (let round = 0; round < 10; round += 1) {
        await retryDeadLetters({ database: opened.database, group: 'effects', handle: handleRetry, limit: 3 });
      }
    })(),
  ]);
  await retryDeadLetters({ database: opened.database, group: 'effects', handle: handleRetry, limit: 100 });
  expect(await effects()).toEqual([1, ...deliveries]);
  expect(await letters()).toEqual([]);
});
