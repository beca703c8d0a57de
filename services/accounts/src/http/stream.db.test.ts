import { randomUUID } from 'node:crypto';
import { withClient } from '@florin/postgres';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { NEWS_LINES_MAX } from '../domain/account-news.ts';
import { readVector, writeVector } from '../domain/version-vector.ts';
import type { EventStream } from '../event-stream.fixture.ts';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import { applyAccountChanges } from '../use-cases/apply-account-changes.ts';

let bank: TestBank;
const streams: EventStream[] = [];
beforeAll(async () => {
  bank = await startTestBank({ streams: { pollMs: 50, perCustomerMax: 3, perProcessMax: 10 } });
});
afterEach(async () => {
  for (const stream of streams.splice(0)) await stream.close();
  // The service hears of it a moment later.
  const open = bank.service.metrics.registry.getSingleMetric('florin_account_streams');
  await expect.poll(async () => (await open?.get())?.values[0]?.value).toBe(0);
});
afterAll(async () => bank.close());

type Person = ReturnType<typeof person>;

async function listen(who: Person, lastEventId?: string): Promise<EventStream> {
  const stream = await bank.listen(who, lastEventId);
  streams.push(stream);
  return stream;
}

async function ready(who: Person): Promise<EventStream> {
  const stream = await listen(who);
  expect(await stream.next()).toMatchObject({ event: 'ready', data: {} });
  return stream;
}

async function newAccount(who: Person) {
  const account = await bank.open(who);
  await bank.deliver();
  return account;
}

it('says from where on it tells, and tells each change as it happens', async () => {
  const alice = person('customer');
  const { id } = await newAccount(alice);
  const stream = await ready(alice);
  expect([...stream.headers]).toEqual(
    expect.arrayContaining([
      ['content-type', 'text/event-stream; charset=utf-8'],
      ['cache-control', 'no-store'],
      ['x-accel-buffering', 'no'],
    ]),
  );
  expect(stream.text).toMatch(/^retry: 2000\n\n/);
  bank.ledger.book(
    id,
    { amountMinor: -2_500n, reference: 'Rent' },
    { amountMinor: -25n, reference: 'Transfer fee', kind: 'fee' },
  );
  await bank.deliver();
  const { body: history } = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions`);
  const { body: balance } = await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`);
  expect(await stream.next()).toMatchObject({
    event: 'account',
    data: { accountId: id, status: 'active', balance, transactions: history['data'], more: false },
  });
  await bank.call(alice, 'POST', `/v1/accounts/${id}/freeze`, { body: { reason: 'lost phone' } });
  await bank.deliver();
  expect(await stream.next()).toMatchObject({ data: { accountId: id, status: 'frozen', transactions: [] } });
});

it('goes on where an earlier one ended, whatever happened in between', async () => {
  const alice = person('customer');
  const [one, other] = [await newAccount(alice), await newAccount(alice)];
  const first = await ready(alice);
  bank.ledger.book(one.id, { amountMinor: 1n, reference: 'seen' });
  await bank.deliver();
  await first.next();
  await first.close();
  bank.ledger.book(one.id, { amountMinor: 2n, reference: 'missed' });
  bank.ledger.book(one.id, { amountMinor: 3n, reference: 'missed too' });
  bank.ledger.book(other.id, { amountMinor: 4n, reference: 'over there' });
  await bank.deliver();
  const again = await listen(alice, first.lastEventId);
  const told = [await again.next(), await again.next()].map((message) => [
    message?.data.accountId,
    message?.data.transactions.map((line) => line.reference),
  ]);
  expect(new Map(told as [string, string[]][])).toEqual(
    new Map([
      [one.id, ['missed too', 'missed']],
      [other.id, ['over there']],
    ]),
  );
  // Nothing is told twice: the next thing it says is the next thing that happens.
  const third = await listen(alice, again.lastEventId);
  bank.ledger.book(other.id, { amountMinor: 5n, reference: 'next' });
  await bank.deliver();
  expect((await third.next())?.data.transactions.map((line) => line.reference)).toEqual(['next']);
});

it('finds what another process has taken in, and accounts that are new', async () => {
  const alice = person('customer');
  const stream = await ready(alice);
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 1n, reference: 'first' });
  const changes = bank.ledger.takeChanges();
  const { metrics } = bank.service;
  await bank.opened.database.transaction((tx) => applyAccountChanges(metrics, tx, changes));
  expect(await stream.next()).toMatchObject({
    data: { accountId: id, balance: { version: 2 }, transactions: [{ reference: 'first' }] },
  });
});

it('says when there is more than it tells', async () => {
  const alice = person('customer');
  const { id } = await newAccount(alice);
  const first = await ready(alice);
  await first.close();
  for (let number = 0; number < NEWS_LINES_MAX; number += 1) bank.ledger.book(id, { amountMinor: 1n });
  await bank.deliver();
  const all = await (await listen(alice, first.lastEventId)).next();
  expect([all?.data.transactions.length, all?.data.more]).toEqual([NEWS_LINES_MAX, false]);
  bank.ledger.book(id, { amountMinor: 1n, reference: 'newest' });
  await bank.deliver();
  const some = await (await listen(alice, first.lastEventId)).next();
  expect([some?.data.transactions.length, some?.data.more]).toEqual([NEWS_LINES_MAX, true]);
  expect(some?.data.transactions[0]?.reference).toBe('newest');
});

it('never tells of an account of somebody else, whatever its listener says it was told', async () => {
  const [alice, bob] = [person('customer'), person('customer')];
  const hers = await newAccount(alice);
  const his = await newAccount(bob);
  const claims = writeVector(
    new Map([
      [hers.id, 0],
      [his.id, 1],
      [randomUUID(), 0],
    ]),
  );
  const stream = await listen(bob, claims);
  bank.ledger.book(hers.id, { amountMinor: 99n, reference: 'secret' });
  bank.ledger.book(his.id, { amountMinor: 1n, reference: 'his' });
  await bank.deliver();
  const message = await stream.next();
  expect(message).toMatchObject({ data: { accountId: his.id, transactions: [{ reference: 'his' }] } });
  expect([...readVector(message?.id ?? '').keys()]).toEqual([his.id]);
  bank.ledger.book(hers.id, { amountMinor: 99n, reference: 'secret' });
  bank.ledger.book(his.id, { amountMinor: 1n, reference: 'his again' });
  await bank.deliver();
  expect((await stream.next())?.data.accountId).toBe(his.id);
  expect(stream.text).not.toContain('secret');
  expect(stream.text).not.toContain(hers.id);
});

it('stops telling of an account when it is no longer its listener’s', async () => {
  const [alice, bob] = [person('customer'), person('customer')];
  const [gone, kept] = [await newAccount(alice), await newAccount(alice)];
  const stream = await ready(alice);
  const owners = await withClient(bank.opened.superuserUrl, (client) =>
    client.query('UPDATE account_owner SET customer_id = $1 WHERE account_id = $2', [bob.subject, gone.id]),
  );
  expect(owners.rowCount).toBe(1);
  bank.ledger.book(gone.id, { amountMinor: 1n, reference: 'not hers' });
  bank.ledger.book(kept.id, { amountMinor: 1n, reference: 'hers' });
  await bank.deliver();
  const message = await stream.next();
  expect(message?.data.accountId).toBe(kept.id);
  expect([...readVector(message?.id ?? '').keys()]).toEqual([kept.id]);
});

it.each(['', ' ', 'garbled', '1.', '1.AAAA', '2.AAAA', `1.${'A'.repeat(8_000)}`, '../../etc', "' OR 1=1 --", '\u00ff'])(
  'takes %j for nothing told yet, and tells everything',
  async (lastEventId) => {
    const alice = person('customer');
    const { id } = await newAccount(alice);
    bank.ledger.book(id, { amountMinor: 1n, reference: 'told' });
    await bank.deliver();
    const stream = await listen(alice, lastEventId);
    expect(stream.status).toBe(200);
    expect(await stream.next()).toMatchObject({ data: { accountId: id, transactions: [{ reference: 'told' }] } });
  },
);

it('bounds the streams of a customer and of the process, and counts those that are gone no longer', async () => {
  const alice = person('customer');
  const open = [await ready(alice), await ready(alice), await ready(alice)];
  const refused = await listen(alice);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  expect(refused.problem).toMatchObject({ code: 'too-many-streams' });
  for (let number = 0; number < 7; number += 1) await ready(person('customer'));
  const full = await listen(person('customer'));
  expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);
  expect(full.problem).toMatchObject({ code: 'service-unavailable' });
  await open[0]?.close();
  await expect.poll(async () => (await listen(alice)).status).toBe(200);
  expect((await bank.call(person('teller'), 'GET', '/v1/stream')).status).toBe(403);
  expect((await bank.call(person('customer'), 'GET', '/v1/stream?x=1')).status).toBe(400);
});

const moves = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('book' as const),
        account: fc.nat(1),
        lines: fc.integer({ min: 0, max: 3 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reconnect' as const) }) },
  ),
  { maxLength: 40 },
);

it('tells every line once and in order over any number of disconnects', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (history) => {
      const alice = person('customer');
      const accounts = [await newAccount(alice), await newAccount(alice)];
      const expected = new Map(accounts.map(({ id }) => [id, [] as string[]]));
      const told = new Map(accounts.map(({ id }) => [id, [] as string[]]));
      const versions = new Map<string, number>();
      let stream = await ready(alice);
      let waiting = 0;
      const read = async () => {
        const message = await stream.next();
        if (message === undefined) throw new Error('the stream ended');
        const { accountId, transactions, balance } = message.data;
        told.get(accountId)?.push(...transactions.map((line) => line.reference).reverse());
        versions.set(accountId, balance.version);
      };
      const isBehind = () =>
        accounts.some(({ id }) => (versions.get(id) ?? 1) < (bank.ledger.accounts.get(id)?.version ?? 0));
      for (const [step, move] of history.entries()) {
        if (move.kind === 'book') {
          const id = accounts[move.account]?.id ?? '';
          const references = Array.from({ length: move.lines }, (_, line) => `line ${step}.${line}`);
          bank.ledger.book(id, ...references.map((reference) => ({ amountMinor: 1n, reference })));
          expected.get(id)?.push(...references);
          waiting += 1;
        } else if (move.kind === 'deliver') {
          await bank.deliver();
          waiting = 0;
        } else if (move.kind === 'read') {
          if (waiting === 0 && isBehind()) await read();
        } else {
          const { lastEventId } = stream;
          await stream.close();
          stream = await listen(alice, lastEventId);
        }
      }
      await bank.deliver();
      while (isBehind()) await read();
      expect(told).toEqual(expected);
      await stream.close();
    }),
    { numRuns: 25 },
  );
});
