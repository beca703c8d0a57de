import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createServer, listen } from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import { type Database, sql } from '@florin/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import type { Ledger } from '../use-cases/ports.ts';
import { PdfWorkers } from './documents/pdf-workers.ts';
import { statementEndpoints } from './statement-endpoints.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const LINES_MAX = 100_000;

/** Puts many lines into the history of an account at once, as if they had been booked one by one. */
async function fillHistory(id: string, lines: number): Promise<void> {
  await bank.opened.database.execute(sql`
    INSERT INTO history SELECT ${id}, n + 1, 0, gen_random_uuid(), 'transfer', 1, n, NULL, 'Somebody', 'number ' || n,
      '2026-03-01T00:00:00Z'::timestamptz + n * interval '1 second', '2026-03-01' FROM generate_series(1, ${lines}::integer) AS n`);
  await bank.opened.database.execute(sql`UPDATE balance SET version = ${lines + 1} WHERE account_id = ${id}`);
}

function records(text: string): string[] {
  return text.trimEnd().split('\r\n').slice(1);
}

it('exports what a search finds, as the list shows it, newest first', async () => {
  const alice = person('customer');
  const { id, iban } = await bank.open(alice);
  for (let number = 1; number <= 30; number += 1) {
    const amountMinor = number % 2 === 0 ? BigInt(number) : -BigInt(number);
    bank.ledger.book(id, {
      amountMinor,
      reference: `line ${number}`,
      bookedAt: `2026-03-${String(number).padStart(2, '0')}T12:00:00Z`,
    });
  }
  await bank.deliver();
  for (const search of [
    '',
    '?direction=in',
    '?q=line 1',
    '?from=2026-03-05&to=2026-03-20&minAmount=0.10',
    '?q=nothing',
  ]) {
    const list = await bank.call(
      alice,
      'GET',
      `/v1/accounts/${id}/transactions${search}${search === '' ? '?' : '&'}limit=100`,
    );
    const file = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/export${search}`);
    const wanted = (list.body['data'] as { reference: string }[]).map(({ reference }) => reference);
    expect([search, records(file.text).map((record) => record.split(',')[5])]).toEqual([search, wanted]);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="florin-${iban.slice(-4)}-transactions.csv"`,
    );
    expect(file.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  }
  for (const [search, code] of [
    ['?from=2026-02-30', 'invalid-date'],
    ['?minAmount=x', 'invalid-amount'],
    ['?limit=5', 'invalid-request'],
  ]) {
    const answer = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/export${search}`);
    expect(answer.body).toMatchObject({ status: 400, code });
  }
});

it('ends after a hundred thousand lines, and skips none', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  await bank.deliver();
  await fillHistory(id, LINES_MAX + 700);
  const file = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/export`);
  const numbers = records(file.text).map((record) => Number(record.split(',')[5]?.slice('number '.length)));
  expect(numbers).toEqual(Array.from({ length: LINES_MAX }, (_, index) => LINES_MAX + 700 - index));
  // A search looks through a bounded stretch for each page; what is beyond it is found all the same.
  const rare = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/export?q=number 77`);
  const found = records(rare.text).map((record) => record.split(',')[5] ?? '');
  expect(found).toHaveLength(1_111);
  expect(found.at(-1)).toBe('number 77');
});

it('stops reading when the caller hangs up', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  await bank.deliver();
  await fillHistory(id, 60_000);
  const { database } = bank.opened;
  let reads = 0;
  const db: Database = {
    ...database,
    query(statement) {
      reads += 1;
      return database.query(statement);
    },
  };
  const notAsked = () => Promise.reject(new Error('an export does not ask the ledger'));
  const ledger: Ledger = { enforce: notAsked, balance: notAsked, linesAfter: notAsked };
  const logger = createLogger({ service: 'test', level: 'silent' });
  const metrics = createMetrics({ service: 'test' });
  const pdfWorkers = new PdfWorkers();
  const endpoints = statementEndpoints({ db, reading: db, ledger, logger, metrics, pdfWorkers });
  const server = await createServer({ service: 'accounts', logger, metrics, endpoints, authenticate: () => alice });
  const listener = await listen({ host: '127.0.0.1', port: 0, handle: server.handle });

  const path = `/v1/accounts/${id}/transactions/export`;
  const [answer] = (await once(get({ host: '127.0.0.1', port: listener.port, path }), 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  answer.destroy();
  await listener.close();
  await server.close();
  await pdfWorkers.close();
  // The page that was being read when the caller left is read to its end; no other is begun.
  const settled = async () => {
    const before = reads;
    for (let turn = 0; turn < 50; turn += 1) await database.query(sql`SELECT 1 AS one`);
    return reads === before;
  };
  await expect.poll(settled, { timeout: 10_000 }).toBe(true);
  // Each page is two statements, and there were a hundred and twenty pages to read.
  expect(reads).toBeLessThan(120);
});
