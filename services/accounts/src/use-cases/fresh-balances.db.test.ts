import { permissionsOf } from '@florin/contracts';
import { createMetrics } from '@florin/observability';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import { listHistory } from './list-history.ts';
import type { Ledger } from './ports.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank({ balanceTtlMs: 60_000 });
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
});

const alice = person('customer');

function read(path: string, minimum: Record<string, number>) {
  const header = Object.entries(minimum)
    .map((entry) => entry.join('='))
    .join(',');
  return bank.call(alice, 'GET', path, { headers: { 'florin-min-version': header } });
}

async function ledgerReads(): Promise<number> {
  const metric = bank.service.metrics.registry.getSingleMetric('florin_ledger_reads_total');
  return (await metric?.get())?.values[0]?.value ?? 0;
}

it('asks the ledger when the read model does not get there in time', async () => {
  const { id } = await bank.open(alice);
  await bank.deliver();
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`)).body).toMatchObject({ version: 1 });
  bank.ledger.book(id, { amountMinor: 700n });
  const late = bank.ledger.takeChanges();
  expect(late).toHaveLength(1);
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`)).body).toMatchObject({ version: 1 });
  expect((await read(`/v1/accounts/${id}/balance`, { [id]: 2 })).body).toMatchObject({
    version: 2,
    posted: { amount: '7.00' },
  });
  expect((await read(`/v1/accounts/${id}`, { [id]: 2 })).body).toMatchObject({ balance: { version: 2 } });
  const list = (await read('/v1/accounts', { [id]: 2 })).body['data'] as { id: string; balance: { version: number } }[];
  expect(list.find((account) => account.id === id)?.balance.version).toBe(2);
  expect(await ledgerReads()).toBeGreaterThanOrEqual(3);
});

it('asks the ledger at once, for balance, detail, list and history, when the gateway has forgotten', async () => {
  const { id } = await bank.open(alice);
  await bank.deliver();
  bank.ledger.book(id, { amountMinor: 300n, reference: 'only in the ledger' });
  bank.ledger.takeChanges();
  const asked = (path: string) =>
    bank.call(alice, 'GET', path, { headers: { 'florin-min-version': 'ledger' } }).then(({ body }) => body);
  expect(await asked(`/v1/accounts/${id}/balance`)).toMatchObject({ version: 2, posted: { amount: '3.00' } });
  expect(await asked(`/v1/accounts/${id}`)).toMatchObject({ balance: { version: 2 } });
  const history = (await asked(`/v1/accounts/${id}/transactions`))['data'];
  expect(history).toMatchObject([{ reference: 'only in the ledger' }]);
});

it('waits for an event that is on its way', async () => {
  const { id } = await bank.open(alice);
  await bank.deliver();
  await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`);
  bank.ledger.book(id, { amountMinor: 1n });
  bank.ledger.mode = 'away';
  const reading = read(`/v1/accounts/${id}/balance`, { [id]: 2 });
  await bank.deliver();
  expect((await reading).body).toMatchObject({ version: 2 });
});

it('answers 503 rather than something older than the caller has seen', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.mode = 'away';
  for (const path of ['/balance', '', '/transactions']) {
    expect((await read(`/v1/accounts/${id}${path}`, { [id]: 99 })).body).toMatchObject({ status: 503 });
  }
  expect((await read(`/v1/accounts/${id}/balance`, { other: 99 })).status).toBe(200);
});

it('shows the newest lines from the ledger and the rest from the read model, each once, on every page', async () => {
  const { id } = await bank.open(alice);
  for (let number = 1; number <= 5; number += 1) bank.ledger.book(id, { amountMinor: 1n, reference: `old ${number}` });
  await bank.deliver();
  for (let number = 1; number <= 4; number += 1) {
    bank.ledger.book(
      id,
      { amountMinor: 1n, reference: `new ${number}` },
      { amountMinor: -1n, reference: `fee ${number}` },
    );
  }
  bank.ledger.takeChanges();
  const minimum = { [id]: 10 };
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 20; pages += 1) {
    const page = await read(
      `/v1/accounts/${id}/transactions?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      minimum,
    );
    seen.push(...(page.body['data'] as { reference: string }[]).map((line) => line.reference));
    cursor = page.body['nextCursor'] as string | null;
  }
  expect(seen).toEqual([
    ...[4, 3, 2, 1].flatMap((number) => [`fee ${number}`, `new ${number}`]),
    ...[5, 4, 3, 2, 1].map((number) => `old ${number}`),
  ]);
  const found = await read(`/v1/accounts/${id}/transactions?q=new&direction=in`, minimum);
  expect(found.body['data']).toHaveLength(4);
  const onTheDay = await read(`/v1/accounts/${id}/transactions?from=2026-03-01&to=2026-03-01&limit=100`, minimum);
  expect(onTheDay.body['data']).toHaveLength(13);
  for (const days of ['to=2026-02-28', 'from=2026-03-02']) {
    expect((await read(`/v1/accounts/${id}/transactions?${days}`, minimum)).body).toEqual({
      data: [],
      nextCursor: null,
    });
  }
  const ofCategory = await read(`/v1/accounts/${id}/transactions?category=transfer&limit=100`, minimum);
  expect(ofCategory.body['data']).toHaveLength(13);
});

it('raises what it keeps in memory when an event is committed', async () => {
  const { id } = await bank.open(alice);
  await bank.deliver();
  await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`);
  bank.ledger.book(id, { amountMinor: 3n });
  await bank.deliver();
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}/balance`)).body).toMatchObject({ version: 2 });
});

it('shows a line once when its event arrives while the ledger is being asked', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 1n, reference: 'known' });
  await bank.deliver();
  bank.ledger.book(id, { amountMinor: 2n, reference: 'new' });
  const line = {
    version: 3,
    line: 0,
    journalId: id,
    kind: 'transfer',
    amountMinor: 2n,
    balanceAfterMinor: 3n,
    counterpartyIban: null,
    counterpartyName: null,
    reference: 'new',
    bookedAtMs: 0,
    valueDate: '2026-03-01',
    category: 'other' as const,
  };
  const ledger: Ledger = {
    enforce: () => Promise.reject(new Error('not asked here')),
    balance: async () => ({ postedMinor: 3n, heldMinor: 0n, overdraftMinor: 0n, version: 3, asOfMs: 0 }),
    async linesAfter() {
      await bank.deliver();
      return [line];
    },
  };
  const page = await listHistory(
    { db: bank.opened.database, ledger, metrics: createMetrics({ service: 'test' }) },
    { subject: alice.subject, permissions: permissionsOf(alice.roles) },
    { accountId: id, limit: 25, search: {}, minimum: new Map([[id, 3]]) },
  );
  expect(page.ok && page.value.lines.map((shown) => shown.reference)).toEqual(['new', 'known']);
});
