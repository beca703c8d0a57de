import { withClient } from '@florin/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

const LINES = 25_000;
/** One line every half an hour, so 48 a day, from here on. */
const FIRST = '2024-01-01';
const LINES_PER_DAY = 48;

let bank: TestBank;
let accountId: string;
const alice = person('customer');

beforeAll(async () => {
  bank = await startTestBank();
  accountId = (await bank.open(alice)).id;
  await bank.deliver();
  await withClient(bank.opened.superuserUrl, async (client) => {
    await client.query(
      `INSERT INTO history (account_id, version, line, journal_id, kind, amount_minor, balance_after_minor, reference,
         booked_at, value_date)
       SELECT $1, 2 + n, 0, gen_random_uuid(), 'transfer', 1, 1, 'line ' || n,
         $2::timestamptz + n * interval '30 minutes', ($2::timestamptz + n * interval '30 minutes')::date
       FROM generate_series(0, $3::integer - 1) AS n`,
      [accountId, `${FIRST}T00:00:00Z`, LINES],
    );
    await client.query('UPDATE balance SET version = $2 WHERE account_id = $1', [accountId, LINES + 1]);
  });
});
afterAll(async () => bank.close());

interface Page {
  readonly references: readonly string[];
  readonly next: string | null;
}

async function page(query: string): Promise<Page> {
  const { body } = await bank.call(alice, 'GET', `/v1/accounts/${accountId}/transactions?${query}`);
  const data = body['data'] as { reference: string }[];
  return { references: data.map((line) => line.reference), next: body['nextCursor'] as string | null };
}

function day(number: number): string {
  return new Date(Date.parse(`${FIRST}T00:00:00Z`) + number * 86_400_000).toISOString().slice(0, 10);
}

/** The lines of some days, newest first. */
function linesOf(first: number, last: number): string[] {
  const [from, to] = [first * LINES_PER_DAY, Math.min(LINES, (last + 1) * LINES_PER_DAY)];
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => `line ${to - 1 - index}`);
}

it.each([
  ['the first day', 0, 0],
  ['a day in the middle', 250, 250],
  ['two days', 250, 251],
  ['the last day, which is not whole', 520, 520],
])('finds %s on its first page, however much came after', async (_what, first, last) => {
  const found = await page(`limit=100&from=${day(first)}&to=${day(last)}`);
  expect(found).toEqual({ references: linesOf(first, last), next: null });
});

it('begins at a last day, ends at a first one, and knows when there is nothing', async () => {
  expect((await page(`limit=48&to=${day(10)}`)).references).toEqual(linesOf(10, 10));
  expect(await page(`limit=100&from=${day(520)}`)).toEqual({ references: linesOf(520, 520), next: null });
  for (const query of [`to=${day(-1)}`, `from=${day(600)}`, `from=${day(20)}&to=${day(19)}`]) {
    expect(await page(query)).toEqual({ references: [], next: null });
  }
});

it('searches within days without looking beyond them', async () => {
  expect(await page(`q=${encodeURIComponent('line 1000')}&from=${day(20)}&to=${day(20)}`)).toEqual({
    references: ['line 1000'],
    next: null,
  });
  expect(await page(`q=nothing&from=${day(20)}&to=${day(60)}`)).toEqual({ references: [], next: null });
});

it('looks through a bounded stretch a page where it has to look, and gets to the end', async () => {
  let found = await page('q=nothing');
  let pages = 1;
  for (; found.next !== null && pages < 10; pages += 1) found = await page(`q=nothing&cursor=${found.next}`);
  expect([pages, found.next]).toEqual([3, null]);
});

it('pages through any days, with any search, as a plain model does', async () => {
  const days = fc.option(fc.integer({ min: -2, max: 530 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(days, days, fc.constantFrom('', '77', '1'), async (first, last, text) => {
      const expected = linesOf(Math.max(0, first ?? 0), last ?? 600).filter((line) => line.includes(text));
      const query = [
        'limit=100',
        ...(first === undefined ? [] : [`from=${day(first)}`]),
        ...(last === undefined ? [] : [`to=${day(last)}`]),
        ...(text === '' ? [] : [`q=${text}`]),
      ].join('&');
      const seen: string[] = [];
      let next: string | null = '';
      for (let pages = 0; next !== null && seen.length < 350 && pages < 10; pages += 1) {
        const found: Page = await page(next === '' ? query : `${query}&cursor=${next}`);
        seen.push(...found.references);
        next = found.next;
      }
      expect(seen).toEqual(expected.slice(0, seen.length));
      if (next === null) expect(seen).toHaveLength(expected.length);
    }),
    { numRuns: 60 },
  );
});
