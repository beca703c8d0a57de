import { sql } from '@florin/postgres';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { testEvent } from './broker-contract.ts';
import type { ReceivedEvent } from './cloud-event.ts';
import { purgeInbox, takeUnseen } from './inbox.ts';
import { messagingMigrations } from './messaging-migrations.ts';

let opened: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  opened = await testDatabase([messagingMigrations]);
});
afterAll(async () => opened.close());
beforeEach(() => opened.database.execute(sql`delete from inbox`));

const take = (events: readonly ReceivedEvent[], group = 'group') =>
  opened.database.transaction((tx) => takeUnseen(tx, group, events));
const event = (number: number, topic = 'topic.a') => testEvent(topic, 'key', number);
const numbers = (events: readonly ReceivedEvent[]) => events.map(({ id }) => Number(id));

it('gives each event to a group once, in their order, also when it stands twice in a chunk', async () => {
  expect(numbers(await take([event(2), event(1), event(2)]))).toEqual([2, 1]);
  expect(numbers(await take([event(1), event(3), event(2)]))).toEqual([3]);
  expect(await take([])).toEqual([]);
});

it('tells groups and topics apart', async () => {
  await take([event(1)]);
  expect(numbers(await take([event(1)], 'another'))).toEqual([1]);
  expect(numbers(await take([event(1, 'topic.b')]))).toEqual([1]);
});

it('M6: has not seen what was rolled back', async () => {
  const failed = opened.database.transaction(async (tx) => {
    await takeUnseen(tx, 'group', [event(1)]);
    throw new Error('no effect');
  });
  await expect(failed).rejects.toThrow('no effect');
  expect(numbers(await take([event(1)]))).toEqual([1]);
});

it('M5: gives an event that comes twice at the same moment to one of the two', async () => {
  const events = Array.from({ length: 200 }, (_, index) => event(index));
  const [one, other] = await Promise.all([take(events), take(events.toReversed())]);
  expect(numbers([...one, ...other]).sort((left, right) => left - right)).toEqual(numbers(events));
});

it('M7: forgets after a week, so many at a time', async () => {
  await take([event(1), event(2), event(3)]);
  expect(await purgeInbox(opened.database, 10)).toBe(0);
  await opened.database.execute(sql`update inbox set seen_at = now() - interval '8 days' where event_id <> '3'`);
  expect(await purgeInbox(opened.database, 1)).toBe(1);
  expect(await purgeInbox(opened.database, 10)).toBe(1);
  expect(numbers(await take([event(1), event(3)]))).toEqual([1]);
});
