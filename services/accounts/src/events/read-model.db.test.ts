import { randomUUID } from 'node:crypto';
import { sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { changeEvent, person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
const ada = person('admin');

beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
});

type Posting = { reference: string; amount: { amount: string }; kind: string };

async function history(who: ReturnType<typeof person>, id: string, query = '', headers = {}) {
  const answer = await bank.call(who, 'GET', `/v1/accounts/${id}/transactions${query}`, { headers });
  return {
    ...answer,
    data: (answer.body['data'] ?? []) as Posting[],
    next: answer.body['nextCursor'] as string | null,
  };
}

function references(page: { data: Posting[] }): string[] {
  return page.data.map((line) => line.reference);
}

it('shows balances and history once the events are in, to owners and to staff', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 12_550n, reference: 'salary', kind: 'deposit' });
  bank.ledger.book(
    id,
    { amountMinor: -2_550n, reference: 'rent' },
    { amountMinor: -25n, reference: 'fee', kind: 'fee' },
  );
  await bank.deliver();
  for (const who of [alice, person('teller'), person('supervisor'), person('auditor')]) {
    expect((await bank.call(who, 'GET', `/v1/accounts/${id}/balance`)).body).toEqual({
      posted: { amount: '99.75', currency: 'EUR' },
      available: { amount: '99.75', currency: 'EUR' },
      held: { amount: '0.00', currency: 'EUR' },
      version: 3,
    });
    const page = await history(who, id);
    expect(references(page)).toEqual(['fee', 'rent', 'salary']);
    expect(page.data[1]).toMatchObject({
      kind: 'transfer',
      amount: { amount: '-25.50', currency: 'EUR' },
      balanceAfter: { amount: '100.00', currency: 'EUR' },
      bookedAt: '2026-03-01T12:00:00.000Z',
      valueDate: '2026-03-01',
      counterparty: { iban: 'NL91ABNA0417164300', name: 'Somebody' },
      category: 'housing',
    });
    expect(page.data[1]).toHaveProperty('transferId');
    expect(page.data[2]).not.toHaveProperty('transferId');
  }
  const staffView = await bank.call(person('teller'), 'GET', `/v1/customers/${alice.subject}/accounts`);
  expect(staffView.body['data']).toMatchObject([{ id, balance: { version: 3 } }]);
  expect((await bank.call(person('admin'), 'GET', `/v1/accounts/${id}`)).status).toBe(403);
});

it('bears events that come twice, in the wrong order, or with one missing, which it counts', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  for (let number = 2; number <= 6; number += 1) bank.ledger.book(id, { amountMinor: 1n, reference: `v${number}` });
  const [opened, v2, v3, v4, v5, v6] = bank.ledger
    .takeChanges()
    .filter((change) => change.accountId === id)
    .map(changeEvent);
  const gaps = async () =>
    (await bank.service.metrics.registry.getSingleMetric('florin_account_version_gaps_total')?.get())?.values[0]
      ?.value ?? 0;
  if (!opened || !v2 || !v3 || !v4 || !v5 || !v6) throw new Error('six changes expected');
  await bank.broker.publish([opened, v2, v3]);
  await bank.broker.publish([v2, v3]);
  const before = await gaps();
  await bank.broker.publish([v5]);
  expect(await gaps()).toBe(before + 1);
  await bank.broker.publish([v4]);
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({ balance: { version: 5 } });
  await bank.broker.publish([v4, v6, v5]);
  expect(references(await history(alice, id))).toEqual(['v6', 'v5', 'v4', 'v3', 'v2']);
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`)).body).toMatchObject({
    version: 6,
    posted: { amount: '0.05' },
  });
});

it('takes events of an account whose own row is not committed yet', async () => {
  const accountId = randomUUID();
  const amounts = { postedMinor: '1', heldMinor: '0', overdraftMinor: '0' };
  const change = {
    accountId,
    version: 1,
    currency: 'EUR',
    status: 'active' as const,
    changedAt: '2026-01-01T00:00:00Z',
  };
  await bank.broker.publish([changeEvent({ ...change, ...amounts, lines: [] })]);
  const rows = await bank.opened.database.query(sql`SELECT version FROM balance WHERE account_id = ${accountId}`);
  expect(rows).toEqual([{ version: 1n }]);
});

it('pages through a long history without losing or repeating a line', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  for (let number = 0; number < 60; number += 1) {
    bank.ledger.book(id, { amountMinor: 1n, reference: `a${number}` }, { amountMinor: 1n, reference: `b${number}` });
  }
  await bank.deliver();
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 50; pages += 1) {
    const page = await history(alice, id, `?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`);
    expect(page.data.length).toBeLessThanOrEqual(7);
    seen.push(...references(page));
    cursor = page.next;
  }
  expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => [`b${59 - index}`, `a${59 - index}`]).flat());
});

it('searches', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.book(id, {
    amountMinor: 10_000n,
    reference: 'Salary',
    name: 'Works Ltd',
    bookedAt: '2026-03-01T00:00:00.000Z',
  });
  bank.ledger.book(id, { amountMinor: -500n, reference: '100% cotton', bookedAt: '2026-03-02T23:59:59.999Z' });
  bank.ledger.book(id, { amountMinor: -1_500n, reference: 'Rent', bookedAt: '2026-03-03T00:00:00.000Z' });
  await bank.deliver();
  const found = async (query: string) => references(await history(alice, id, query));
  expect(await found('?direction=in')).toEqual(['Salary']);
  expect(await found('?direction=out&minAmount=5.01')).toEqual(['Rent']);
  expect(await found('?maxAmount=15')).toEqual(['Rent', '100% cotton']);
  expect(await found('?from=2026-03-02&to=2026-03-02')).toEqual(['100% cotton']);
  expect(await found('?category=income')).toEqual(['Salary']);
  expect(await found('?category=housing&direction=out')).toEqual(['Rent']);
  expect(await found('?category=health')).toEqual([]);
  expect(await found('?q=works')).toEqual(['Salary']);
  expect(await found('?q=0%25')).toEqual(['100% cotton']);
  expect(await found('?q=nl91')).toEqual(['Rent', '100% cotton', 'Salary']);
  for (const [query, code] of [
    ['?from=2026-02-30', 'invalid-date'],
    ['?minAmount=x', 'invalid-amount'],
    ['?cursor=abc', 'invalid-cursor'],
    ['?category=rent', 'invalid-request'],
    ['?limit=0', 'invalid-request'],
    ['?limit=101', 'invalid-request'],
    ['?unknown=1', 'invalid-request'],
    ['?q=%00', 'invalid-request'],
  ]) {
    expect((await history(alice, id, query)).body).toMatchObject({ status: 400, code });
  }
});

it('puts an event it can not take aside, goes on with the others, and takes it when it is retried', async () => {
  const alice = person('customer');
  const [bad, good] = [await bank.open(alice), await bank.open(alice)];
  bank.ledger.book(bad.id, { amountMinor: 1n });
  bank.ledger.book(good.id, { amountMinor: 2n });
  const events = bank.ledger.takeChanges().map((change) => {
    const overflow = change.accountId === bad.id && change.version === 2 ? { postedMinor: '9'.repeat(19) } : {};
    return changeEvent({ ...change, ...overflow });
  });
  await bank.broker.publish(events);
  expect((await bank.call(alice, 'GET', `/v1/accounts/${good.id}/balance`)).body).toMatchObject({ version: 2 });
  expect((await bank.call(alice, 'GET', `/v1/accounts/${bad.id}/balance`)).body).toMatchObject({ version: 1 });
  const letters = await bank.call(ada, 'GET', '/v1/dead-letters/accounts?limit=1');
  expect(letters.body).toMatchObject({
    data: [{ key: bad.id, eventId: `${bad.id}:2`, attempts: 1 }],
    nextCursor: null,
  });
  expect(letters.text).not.toContain('99999');
  const retried = await bank.call(ada, 'POST', '/v1/dead-letters/accounts/retry');
  expect(retried.body).toEqual({ handled: 0, stillParked: 1, freed: 0 });
  await bank.opened.database.execute(sql`UPDATE dead_letter SET event = replace(event, ${'9'.repeat(19)}, '1')`);
  expect((await bank.call(ada, 'POST', '/v1/dead-letters/accounts/retry')).body).toEqual({
    handled: 1,
    stillParked: 0,
    freed: 1,
  });
  expect((await bank.call(alice, 'GET', `/v1/accounts/${bad.id}/balance`)).body).toMatchObject({
    version: 2,
    posted: { amount: '0.01' },
  });
  expect((await bank.call(alice, 'GET', '/v1/dead-letters/accounts')).status).toBe(403);
});
