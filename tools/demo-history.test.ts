import { describe, expect, it } from 'vitest';
import { DEMO_ACCOUNTS, nameOf } from './demo-accounts.ts';
import { demoBooks } from './demo-books.fixture.ts';
import { demoHistory, openingDate } from './demo-history.ts';

const DAY_MS = 86_400_000;
const DAYS = ['2026-03-01', '2026-05-01', '2026-08-31', '2026-10-20', '2027-01-01', '2028-02-29', '2028-12-31'];
const eventsOf = (today: string) => demoHistory(today).flatMap(({ events }) => events);

describe.each(DAYS)('on %s', (today) => {
  it('the accounts were opened before three months that are over', () => {
    const [year = 0, month = 0] = today.split('-').map(Number);
    const opened = openingDate(today);
    expect(Date.parse(opened)).toBeLessThan(Date.UTC(year, month - 4, 1));
    expect((Date.parse(today) - Date.parse(opened)) / DAY_MS).toBeGreaterThanOrEqual(92);
  });

  it('the past runs forward, from after the opening to yesterday, and every key is its own', () => {
    const moments = demoHistory(today);
    const times = moments.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
    expect(times[0]).toBeGreaterThan(Date.parse(openingDate(today)) + DAY_MS);
    expect(times.at(-1)).toBeLessThan(Date.parse(today));
    expect(times.at(-1)).toBeGreaterThan(Date.parse(today) - 3 * DAY_MS);
    const keys = eventsOf(today).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('there is enough to look at, of every kind', () => {
    const events = eventsOf(today);
    expect(events.length).toBeGreaterThan(310);
    expect(events.length).toBeLessThan(480);
    expect(new Set(events.map(({ kind }) => kind)).size).toBe(4);
    for (const login of ['noor', 'henk', 'kees']) {
      const own = events.filter((event) => JSON.stringify(event).includes(`"${login}/`));
      expect(own.length).toBeGreaterThanOrEqual(5);
      expect(own.length).toBeLessThanOrEqual(18);
    }
  });

  it('nobody runs out of money, whatever comes first in a moment, and nobody gets rich', () => {
    const { lowest, balances } = demoBooks(today);
    for (const [account, minor] of lowest) expect(`${account} ${minor < 0n}`).toBe(`${account} false`);
    for (const login of ['alice', 'bob']) {
      expect(balances.get(`${login}/current`)).toBeLessThan(900_000n);
      const opening = DEMO_ACCOUNTS.find((account) => nameOf(account) === `${login}/savings`)?.opening;
      expect(balances.get(`${login}/savings`)).toBeGreaterThan(BigInt(Number(opening) * 100));
    }
  });
});

it('tells the same story on the next day, one day longer', () => {
  expect(demoHistory('2026-10-21').slice(0, demoHistory('2026-10-20').length)).toEqual(demoHistory('2026-10-20'));
  expect(eventsOf('2026-10-21').length).toBeGreaterThan(eventsOf('2026-10-20').length);
});

it('moves money between accounts of one currency, and takes back what was paid twice', () => {
  const currencies = new Map(DEMO_ACCOUNTS.map((account) => [nameOf(account), account.currency]));
  const events = eventsOf('2026-10-20');
  for (const event of events) {
    if (event.kind !== 'transfer') continue;
    expect(currencies.get(event.from)).toBeDefined();
    expect(currencies.get(event.to)).toBe(currencies.get(event.from));
  }
  expect(new Set(currencies.values())).toEqual(new Set(['EUR', 'USD', 'JPY', 'KWD']));
  const taken = events
    .filter(({ kind }) => kind === 'reversal')
    .map((event) => (event.kind === 'reversal' ? event.of : ''));
  expect(taken.length).toBeGreaterThan(0);
  for (const of of taken) expect(events.filter(({ key }) => key === of)).toHaveLength(1);
});
