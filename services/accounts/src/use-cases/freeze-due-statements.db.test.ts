import { createLogger } from '@florin/observability';
import { sql } from '@florin/postgres';
import { fakeClock } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import { statementWalk } from './freeze-due-statements.ts';
import type { Ledger } from './ports.ts';

const MINUTES_11_MS = 11 * 60_000;

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

/** A ledger that gives every account the version the read model has, at a time of ours, and can be away for one. */
function ledgerAt(clock: () => number): Ledger & { away: string } {
  const notAsked = () => Promise.reject(new Error('not asked here'));
  return {
    away: '',
    enforce: notAsked,
    linesAfter: notAsked,
    async balance(accountId) {
      if (accountId === this.away) throw new Error('the ledger is away');
      return { postedMinor: 0n, heldMinor: 0n, overdraftMinor: 0n, version: 1, asOfMs: clock() };
    },
  };
}

async function periods(id: string): Promise<string[]> {
  const rows = await bank.opened.database.query<{ period: string }>(sql`
    SELECT period FROM statement WHERE account_id = ${id} ORDER BY sequence`);
  return rows.map((row) => row.period);
}

it('walks over all accounts once a month, and comes back for those it had to leave out', async () => {
  bank.ledger.nowMs = Date.parse('2026-03-12T10:00:00Z');
  const [alice, bob] = [person('customer'), person('customer')];
  const ids: string[] = [];
  for (let count = 0; count < 40; count += 1) ids.push((await bank.open(alice)).id, (await bank.open(bob)).id);
  await bank.deliver();
  const clock = fakeClock(Date.parse('2026-04-01T00:02:00Z'));
  const ledger = ledgerAt(clock);
  const logger = createLogger({ service: 'test', level: 'silent' });
  const step = statementWalk({ db: bank.opened.database, ledger, clock, logger });
  const [unlucky = ''] = ids;
  ledger.away = unlucky;

  // Fifty accounts a step: all eighty in two, and a third that finds the end.
  const steps = [await step(), await step(), await step(), await step()];
  expect(steps[0]).toBeGreaterThanOrEqual(49);
  expect(steps.reduce((sum, count) => sum + count)).toBe(79);
  expect(steps.slice(2)).toEqual([0, 0]);
  expect(await periods(unlucky)).toEqual([]);
  expect(await periods(ids.at(-1) ?? '')).toEqual(['2026-03']);

  ledger.away = '';
  expect(await step()).toBe(0);
  clock.advance(MINUTES_11_MS);
  expect((await step()) + (await step()) + (await step())).toBe(1);
  expect(await periods(unlucky)).toEqual(['2026-03']);
  clock.advance(MINUTES_11_MS);
  expect(await step()).toBe(0);

  clock.advance(31 * 86_400_000);
  expect((await step()) + (await step())).toBe(80);
  expect(await periods(unlucky)).toEqual(['2026-03', '2026-04']);
});
