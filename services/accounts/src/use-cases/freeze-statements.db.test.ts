import { openDatabase, sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
});

interface Summary {
  readonly period: string;
  readonly sequence: number;
  readonly [field: string]: unknown;
}

function goTo(moment: string): void {
  bank.ledger.nowMs = Date.parse(moment);
}

async function openAt(moment: string, productCode = 'current-eur') {
  goTo(moment);
  const alice = person('customer');
  const account = await bank.open(alice, productCode);
  await bank.deliver();
  return { alice, id: account.id, iban: account.iban, openedAt: account['openedAt'] };
}

async function list(who: ReturnType<typeof person>, id: string, query = ''): Promise<Summary[]> {
  const answer = await bank.call(who, 'GET', `/v1/accounts/${id}/statements${query}`);
  expect(answer.status).toBe(200);
  return answer.body['data'] as Summary[];
}

function read(who: ReturnType<typeof person>, id: string, period: string) {
  return bank.call(who, 'GET', `/v1/accounts/${id}/statements/${period}`);
}

function references(body: Record<string, unknown>): string[] {
  return (body['lines'] as { reference: string }[]).map((line) => line.reference);
}

it('opens an account by the clock of the bank', async () => {
  const { alice, id, openedAt } = await openAt('2026-03-12T10:00:00.000Z');
  expect(openedAt).toBe('2026-03-12T10:00:00.000Z');
  goTo('2026-06-01T00:00:00Z');
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({
    openedAt: '2026-03-12T10:00:00.000Z',
  });
});

it('cuts months at midnight, goes on where the last one ended, and has one for months without a line', async () => {
  const { alice, id, iban } = await openAt('2026-07-15T09:00:00Z');
  const book = async (bookedAt: string, amountMinor: bigint, reference: string) => {
    goTo(bookedAt);
    bank.ledger.book(id, { amountMinor, reference });
    await bank.deliver();
  };
  await book('2026-07-31T23:59:59.999Z', 10_000n, 'last of July');
  await book('2026-08-01T00:00:00.000Z', -2_500n, 'first of August');
  await book('2026-10-02T12:00:00.000Z', -500n, 'October');
  goTo('2026-11-05T08:00:00Z');

  const statements = await list(alice, id);
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  expect(statements.map(({ period, sequence }) => [period, sequence])).toEqual([
    ['2026-10', 4],
    ['2026-09', 3],
    ['2026-08', 2],
    ['2026-07', 1],
  ]);
  const [october, september, august, july] = statements;
  expect(july).toEqual({
    accountId: id,
    iban,
    holderName: 'Test Person',
    accountName: 'Current account',
    period: '2026-07',
    sequence: 1,
    from: '2026-07-15',
    to: '2026-07-31',
    opening: eur('0.00'),
    closing: eur('100.00'),
    credits: eur('100.00'),
    debits: eur('0.00'),
    lineCount: 1,
    frozenAt: '2026-11-05T08:00:00.000Z',
  });
  expect(august).toMatchObject({ from: '2026-08-01', opening: eur('100.00'), closing: eur('75.00'), lineCount: 1 });
  expect(september).toMatchObject({ opening: eur('75.00'), closing: eur('75.00'), lineCount: 0, to: '2026-09-30' });
  expect(october).toMatchObject({ opening: eur('75.00'), debits: eur('5.00'), closing: eur('70.00') });
  expect(references((await read(alice, id, '2026-07')).body)).toEqual(['last of July']);
  expect(references((await read(alice, id, '2026-08')).body)).toEqual(['first of August']);
  expect(references((await read(alice, id, '2026-09')).body)).toEqual([]);
});

it('says of a month without a statement whether there will be one', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-05-31T23:59:00Z');
  const refused = async (period: string) => {
    const answer = await read(alice, id, period);
    return { status: answer.status, code: answer.body['code'], wait: answer.headers.get('retry-after') };
  };
  const notFound = { status: 404, code: 'statement-not-found', wait: null };
  expect(await refused('2026-02')).toEqual(notFound);
  expect(await refused('2026-06')).toEqual(notFound);
  expect(await refused('0000-01')).toEqual(notFound);
  expect(await refused('9999-12')).toEqual(notFound);
  expect(await refused('2026-13')).toMatchObject({ status: 404, code: 'not-found' });
  // The month ends in a minute and is surely over a minute later.
  expect(await refused('2026-05')).toEqual({ status: 409, code: 'statement-not-ready', wait: '120' });
  goTo('2026-06-01T00:00:59.000Z');
  expect(await refused('2026-05')).toEqual({ status: 409, code: 'statement-not-ready', wait: '1' });
  const june = await read(alice, id, '2026-06');
  expect(june.body).toMatchObject({ status: 409, code: 'statement-not-ready' });
  expect(june.body['detail']).toContain('from 2026-07-01 on');
  expect(june.headers.get('retry-after')).toBeNull();
  goTo('2026-06-01T00:01:00.000Z');
  expect((await read(alice, id, '2026-05')).status).toBe(200);
});

it('waits for the read model to follow the ledger', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-03-31T23:00:00Z');
  bank.ledger.book(id, { amountMinor: 100n, reference: 'on its way' });
  goTo('2026-04-02T00:00:00Z');
  const early = await read(alice, id, '2026-03');
  expect(early.body).toMatchObject({ status: 409, code: 'statement-not-ready' });
  expect(early.headers.get('retry-after')).toBe('1');
  expect(await list(alice, id)).toEqual([]);
  await bank.deliver();
  expect(references((await read(alice, id, '2026-03')).body)).toEqual(['on its way']);
});

it('puts what was booked after the cut on the next statement, with its value date', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-04-10T00:00:00Z');
  const march = await read(alice, id, '2026-03');
  bank.ledger.book(id, { amountMinor: 900n, reference: 'interest of March', valueDate: '2026-03-31' });
  await bank.deliver();
  goTo('2026-05-10T00:00:00Z');
  const april = await read(alice, id, '2026-04');
  expect(april.body['lines']).toMatchObject([{ reference: 'interest of March', valueDate: '2026-03-31' }]);
  expect((await read(alice, id, '2026-03')).text).toBe(march.text);
});

it('writes one statement when many ask at once, and never changes it', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  for (let day = 13; day < 20; day += 1) {
    goTo(`2026-03-${day}T10:00:00Z`);
    bank.ledger.book(id, { amountMinor: BigInt(day) });
  }
  await bank.deliver();
  goTo('2026-06-10T00:00:00Z');
  // A machine that is busy elsewhere may say 503, as it would to anyone; whoever is told so asks again.
  const ask = async (index: number, tries = 5): ReturnType<typeof read> => {
    const path = `/v1/accounts/${id}/statements`;
    const answer = await (index % 2 === 0 ? read(alice, id, '2026-05') : bank.call(alice, 'GET', path));
    return answer.status === 503 && tries > 0 ? ask(index, tries - 1) : answer;
  };
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(index)));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  expect(new Set(answers.filter((_, index) => index % 2 === 0).map((answer) => answer.text)).size).toBe(1);
  const rows = await bank.opened.database.query(
    sql`SELECT period FROM statement WHERE account_id = ${id} ORDER BY sequence`,
  );
  expect(rows).toEqual([{ period: '2026-03' }, { period: '2026-04' }, { period: '2026-05' }]);

  const before = await read(alice, id, '2026-03');
  await bank.call(alice, 'PATCH', `/v1/accounts/${id}`, { body: { name: 'New name' } });
  expect((await read(alice, id, '2026-03')).text).toBe(before.text);
});

it('ends with the month of the closing', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-04-20T10:00:00Z');
  expect((await bank.call(alice, 'POST', `/v1/accounts/${id}/close`)).status).toBe(200);
  await bank.deliver();
  expect((await read(alice, id, '2026-04')).body).toMatchObject({ status: 409, code: 'statement-not-ready' });
  goTo('2026-09-01T10:00:00Z');
  expect((await list(alice, id)).map(({ period }) => period)).toEqual(['2026-04', '2026-03']);
  expect((await read(alice, id, '2026-04')).status).toBe(200);
  expect((await read(alice, id, '2026-05')).body).toMatchObject({ status: 404, code: 'statement-not-found' });
});

it('makes at most two years of statements for one request, and the rest for the next', async () => {
  const { alice, id } = await openAt('2024-01-01T00:00:00Z');
  goTo('2026-12-05T00:00:00Z');
  const first = await read(alice, id, '2026-11');
  expect([first.status, first.headers.get('retry-after')]).toEqual([409, '1']);
  expect((await read(alice, id, '2026-11')).body).toMatchObject({ sequence: 35 });
  const pages: number[][] = [];
  let query: string | null = '?limit=20';
  while (query !== null) {
    const answer = await bank.call(alice, 'GET', `/v1/accounts/${id}/statements${query}`);
    pages.push((answer.body['data'] as Summary[]).map(({ sequence }) => sequence));
    query = answer.body['nextCursor'] === null ? null : `?limit=20&cursor=${answer.body['nextCursor']}`;
  }
  expect(pages.map((page) => page.length)).toEqual([20, 15]);
  expect(pages.flat()).toEqual(Array.from({ length: 35 }, (_, index) => 35 - index));
  const bad = await bank.call(alice, 'GET', `/v1/accounts/${id}/statements?cursor=x`);
  expect(bad.body).toMatchObject({ status: 400, code: 'invalid-cursor' });
});

it('shows what there is while the ledger is away, and makes nothing', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-04-10T00:00:00Z');
  await list(alice, id);
  goTo('2026-05-10T00:00:00Z');
  bank.ledger.mode = 'away';
  expect((await list(alice, id)).map(({ period }) => period)).toEqual(['2026-03']);
  expect((await read(alice, id, '2026-03')).status).toBe(200);
  expect((await read(alice, id, '2026-04')).body).toMatchObject({ status: 503 });
});

it('shows nobody the statements of somebody else, and staff those of everyone', async () => {
  const { id } = await openAt('2026-03-12T10:00:00Z');
  goTo('2026-04-10T00:00:00Z');
  const stranger = person('customer');
  for (const path of ['statements', 'statements/2026-03', 'statements/2026-03?format=pdf', 'transactions/export']) {
    const answer = await bank.call(stranger, 'GET', `/v1/accounts/${id}/${path}`);
    expect(answer.body).toMatchObject({ status: 404, code: 'account-not-found' });
    const nothing = await bank.call(stranger, 'GET', `/v1/accounts/${id.replace(/.$/, '0')}/${path}`);
    expect({ ...answer.body, traceId: '' }).toEqual({ ...nothing.body, traceId: '' });
    for (const role of ['teller', 'supervisor', 'auditor'] as const) {
      expect((await bank.call(person(role), 'GET', `/v1/accounts/${id}/${path}`)).status).toBe(200);
    }
    expect((await bank.call(person('fraud-analyst'), 'GET', `/v1/accounts/${id}/${path}`)).status).toBe(403);
  }
});

it('stops when the history has a hole, or is no longer what was frozen', async () => {
  const { alice, id } = await openAt('2026-03-12T10:00:00Z');
  bank.ledger.book(id, { amountMinor: 100n });
  bank.ledger.book(id, { amountMinor: 100n });
  await bank.deliver();
  goTo('2026-04-10T00:00:00Z');
  const owner = openDatabase({ url: bank.opened.ownerUrl, applicationName: 'test-owner', poolSize: 1 });
  await owner.execute(sql`UPDATE history SET amount_minor = 99 WHERE account_id = ${id} AND version = 2`);
  expect((await read(alice, id, '2026-03')).body).toMatchObject({ status: 500 });
  await owner.execute(sql`UPDATE history SET amount_minor = 100 WHERE account_id = ${id} AND version = 2`);
  expect((await read(alice, id, '2026-03')).status).toBe(200);
  await owner.execute(sql`UPDATE history SET reference = 'forged' WHERE account_id = ${id} AND version = 3`);
  for (const format of ['json', 'csv', 'camt.053', 'pdf']) {
    const answer = await bank.call(alice, 'GET', `/v1/accounts/${id}/statements/2026-03?format=${format}`);
    expect([format, answer.status]).toEqual([format, 500]);
  }
  await owner.close();
});
