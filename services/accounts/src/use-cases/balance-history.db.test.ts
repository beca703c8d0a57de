import { systemClock, utcDate } from '@florin/primitives';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { daysLater } from '../domain/calendar.ts';
import { findClosings } from '../repositories/insights.ts';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const alice = person('customer');

interface Day {
  readonly date: string;
  readonly posted: { readonly amount: string };
}

async function days(id: string, query: string, headers: Record<string, string> = {}): Promise<string[]> {
  const { body } = await bank.call(alice, 'GET', `/v1/accounts/${id}/balance-history${query}`, { headers });
  return ((body['data'] ?? []) as Day[]).map(({ date, posted }) => `${date} ${posted.amount}`);
}

it('tells what was there at the end of each day, from the first day on', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 1_000n, bookedAt: '2026-02-27T12:00:00.000Z' });
  bank.ledger.book(id, { amountMinor: 500n, bookedAt: '2026-02-28T23:59:59.999Z' });
  bank.ledger.book(
    id,
    { amountMinor: -200n, bookedAt: '2026-03-01T00:00:00.000Z' },
    { amountMinor: -25n, kind: 'fee', bookedAt: '2026-03-01T00:00:00.000Z' },
  );
  bank.ledger.book(id, { amountMinor: -100n, bookedAt: '2026-03-04T08:00:00.000Z' });
  await bank.deliver();
  expect(await days(id, '?from=2026-02-20&to=2026-03-05')).toEqual([
    '2026-02-27 10.00',
    '2026-02-28 15.00',
    '2026-03-01 12.75',
    '2026-03-02 12.75',
    '2026-03-03 12.75',
    '2026-03-04 11.75',
    '2026-03-05 11.75',
  ]);
  expect(await days(id, '?from=2026-03-02&to=2026-03-02')).toEqual(['2026-03-02 12.75']);
  expect(await days(id, '?from=2026-01-01&to=2026-02-26')).toEqual([]);
});

it('ends today, and begins 90 days before unless told otherwise', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 1_000n, bookedAt: '2020-01-01T12:00:00.000Z' });
  await bank.deliver();
  const shown = await days(id, '');
  const today = utcDate(systemClock());
  expect(shown).toHaveLength(90);
  expect([today, daysLater(today, -1)]).toContain(shown.at(-1)?.slice(0, 10));
  expect(new Set(shown.map((day) => day.slice(11)))).toEqual(new Set(['10.00']));
  expect((await days(id, `?to=${daysLater(today, 30)}`)).at(-1)?.slice(0, 10)).toBe(shown.at(-1)?.slice(0, 10));
  // The bank's clock may be ahead of ours: the newest line says so.
  bank.ledger.book(id, { amountMinor: 1n, bookedAt: '2999-01-01T00:00:00.000Z' });
  await bank.deliver();
  expect((await days(id, '')).at(-1)).toBe('2999-01-01 10.01');
});

it('shows an account without a line from the day it was opened, with nothing on it', async () => {
  const { id, openedAt } = await bank.open(alice);
  await bank.deliver();
  const shown = await days(id, '');
  expect(shown[0]).toBe(`${String(openedAt).slice(0, 10)} 0.00`);
  expect(shown.length).toBeLessThanOrEqual(2);
});

it('knows today what only the ledger has yet, for the one who has just done it', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 1_000n, bookedAt: '2999-01-01T00:00:00.000Z' });
  await bank.deliver();
  bank.ledger.book(id, { amountMinor: -300n, bookedAt: '2999-01-03T00:00:00.000Z' });
  bank.ledger.book(id, { amountMinor: -50n, bookedAt: '2999-01-03T01:00:00.000Z' });
  expect(await days(id, '?from=2998-12-31&to=2999-01-05', { 'florin-min-version': `${id}=4` })).toEqual([
    '2998-12-31 0.00',
    '2999-01-01 10.00',
    '2999-01-02 10.00',
    '2999-01-03 6.50',
  ]);
});

it.each([
  ['?from=2026-02-30', 'invalid-date'],
  ['?to=2026-13-01', 'invalid-date'],
  ['?from=0000-01-01&to=0000-01-02', 'invalid-date'],
  ['?from=2026-03-02&to=2026-03-01', 'invalid-date'],
  ['?from=2024-01-01&to=2025-01-01', 'invalid-date'],
  ['?from=2000-01-01', 'invalid-date'],
  ['?from=9999-12-31', 'invalid-date'],
  ['?from=yesterday', 'invalid-request'],
  ['?days=5', 'invalid-request'],
])('refuses %s', async (query, code) => {
  const { id } = await bank.open(alice);
  const answer = await bank.call(alice, 'GET', `/v1/accounts/${id}/balance-history${query}`);
  expect(answer.body).toMatchObject({ status: 400, code });
});

it('is for owners and reading staff', async () => {
  const { id } = await bank.open(alice);
  const ask = (who: ReturnType<typeof person>) => bank.call(who, 'GET', `/v1/accounts/${id}/balance-history`);
  expect((await ask(person('customer'))).body).toMatchObject({ status: 404, code: 'account-not-found' });
  for (const role of ['teller', 'supervisor', 'auditor'] as const) expect((await ask(person(role))).status).toBe(200);
  expect((await ask(person('fraud-analyst'))).status).toBe(403);
  const leapYear = await bank.call(alice, 'GET', `/v1/accounts/${id}/balance-history?from=2024-01-01&to=2024-12-31`);
  expect(leapYear.status).toBe(200);
});

const steps = fc.array(
  fc.record({
    // Long pauses, and many lines in one day.
    minutes: fc.oneof(fc.nat(3), fc.nat(60 * 24 * 9)),
    // A hold raises the version and leaves no line.
    lines: fc.array(
      fc.bigInt({ min: -500n, max: 500n }).filter((amount) => amount !== 0n),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 80 },
);
const FIRST = '2026-01-01';

it('closes each day as a plain model does, whatever the pauses', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(40), fc.integer({ min: 1, max: 366 }), async (history, startDay, length) => {
      const { id } = await bank.open(person('customer'));
      let atMs = Date.parse(`${FIRST}T00:00:00Z`) + 10 * 86_400_000;
      let balance = 0n;
      const changes: { readonly day: string; readonly balance: bigint }[] = [];
      for (const { minutes, lines } of history) {
        atMs += minutes * 60_000;
        const bookedAt = new Date(atMs).toISOString();
        bank.ledger.book(id, ...lines.map((amountMinor) => ({ amountMinor, bookedAt })));
        for (const amount of lines) balance += amount;
        if (lines.length > 0) changes.push({ day: utcDate(atMs), balance });
      }
      await bank.deliver();
      const from = daysLater(FIRST, startDay);
      const range = { from, to: daysLater(from, length - 1) };
      const expected = Array.from({ length }, (_, index) => {
        const date = daysLater(from, index);
        return { date, postedMinor: changes.findLast((change) => change.day <= date)?.balance ?? 0n };
      });
      expect(await findClosings(bank.opened.database, id, range)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
