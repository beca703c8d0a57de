import { auditAction, standingOrderExecuted } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestStandingOrders, type TestStandingOrders } from '../testing/test-standing-orders.ts';

let bank: TestStandingOrders;

beforeAll(async () => {
  bank = await openTestStandingOrders('2027-03-31');
});
afterAll(() => bank.close());

interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly [field: string]: unknown };
}

/** The events about an order, in the order they were written. */
async function eventsOf(orderId: string): Promise<StoredEvent[]> {
  const rows = await bank.deps.db.query<{ events: string }>(sql`SELECT events FROM outbox ORDER BY id`);
  const events = rows.flatMap((row) => JSON.parse(row.events) as StoredEvent[]);
  return events.filter(({ subject }) => subject === orderId || subject === `standing-order:${orderId}`);
}

const executed = Compile(standingOrderExecuted.data);
const audited = Compile(auditAction.data);

it('everything that happens to an order is told, in its order and as the contracts say', async () => {
  const [from, to] = [await bank.bank.open('alice', 1_000n), await bank.bank.open('bob', 0n)];
  const id = await bank.order(from, to, { amountMinor: 600n, frequency: 'weekly', endDate: '2027-04-28' });
  await bank.run();
  await bank.change(id, { action: 'pause' });
  await bank.change(id, { action: 'pause' });
  await bank.change(id, { action: 'resume' });
  await bank.change(id, { action: 'skip', date: '2027-04-07' });
  await bank.change(id, { action: 'skip', date: '2027-04-07' });
  bank.moveTo('2027-04-14');
  await bank.run();
  bank.moveTo('2027-04-17');
  await bank.run();
  await bank.control(to, 2, { status: 'closing' });
  await bank.control(from, 2, { overdraftMinor: 1_000n });
  bank.moveTo('2027-04-21');
  await bank.run();
  await bank.change(id, { action: 'cancel' });

  const events = await eventsOf(id);
  expect(
    events.map(({ type, data }) =>
      type === auditAction.topic
        ? `${String(data['actor'])} ${String(data['action'])} ${String(data['outcome'])} ${String(data['reason'] ?? '')}`.trim()
        : `${String(data['dueDate'])} ${String(data['outcome'])} ${String(data['problemCode'] ?? '')} ${String(data['orderStatus'])}`,
    ),
  ).toEqual([
    'alice standing-order.create done',
    '2027-03-31 completed  active',
    'alice standing-order.pause done',
    'alice standing-order.resume done',
    'alice standing-order.skip done',
    '2027-04-14 will-retry insufficient-funds active',
    '2027-04-14 failed insufficient-funds active',
    'service:transactions standing-order.execute refused insufficient-funds',
    '2027-04-21 failed account-not-active paused',
    'service:transactions standing-order.execute refused account-not-active',
    'alice standing-order.cancel done',
  ]);
  for (const { type, data } of events) {
    expect((type === auditAction.topic ? audited : executed).Check(data)).toBe(true);
  }
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
});

it('a change that changes nothing, or is not the owner’s to make, is told to nobody', async () => {
  const [from, to] = [await bank.bank.open('alice', 1_000n), await bank.bank.open('bob', 0n)];
  const id = await bank.order(from, to);
  const before = (await eventsOf(id)).length;
  expect(await bank.change(id, { action: 'resume' })).toBe('active 2027-04-21');
  expect(await bank.change(id, { action: 'cancel' }, 'bob')).toBe('standing-order-not-found');
  expect(await eventsOf(id)).toHaveLength(before);
});
