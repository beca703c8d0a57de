import { expect, it } from 'vitest';
import { periodBefore, periodOf } from '../domain/calendar.ts';
import type { SpendingSum } from '../domain/spending.ts';
import type { SummedAccount } from '../repositories/insights.ts';
import { createSpendingSums, type WantedSums } from './spending-sums.ts';

const SUM = { currency: 'EUR', isMonthBefore: false, isSpending: true, category: 'housing' } as const;

/** Answers one minor unit a version. */
function counting() {
  const asked: (readonly SummedAccount[])[] = [];
  const sums = createSpendingSums({
    async find(accounts) {
      asked.push(accounts);
      return accounts.map(({ afterVersion, upToVersion }): SpendingSum => {
        const count = upToVersion - afterVersion;
        return { ...SUM, sumMinor: BigInt(-count), count };
      });
    },
  });
  const wanted = (month: string, versions: Readonly<Record<string, number>>): WantedSums => ({
    customerId: 'alice',
    accounts: Object.entries(versions).map(([accountId, version]) => ({ accountId, currency: 'EUR', version })),
    months: { month: periodOf(month), before: periodBefore(month) },
    ownIbans: Object.keys(versions),
  });
  return {
    asked,
    sum: (month: string, versions: Readonly<Record<string, number>>) => sums.sum(wanted(month, versions)),
  };
}

it('asks for what is new and for nothing else', async () => {
  const { asked, sum } = counting();
  expect(await sum('2026-03', { a: 5, b: 7 })).toEqual([{ ...SUM, sumMinor: -12n, count: 12 }]);
  expect(await sum('2026-03', { a: 5, b: 9 })).toEqual([{ ...SUM, sumMinor: -14n, count: 14 }]);
  expect(await sum('2026-03', { a: 5, b: 9 })).toEqual([{ ...SUM, sumMinor: -14n, count: 14 }]);
  // A copy of the database that is behind answers less than is known, never something twice.
  expect(await sum('2026-03', { a: 4, b: 9 })).toEqual([{ ...SUM, sumMinor: -14n, count: 14 }]);
  const span = (accountId: string, afterVersion: number, upToVersion: number) => [
    { accountId, currency: 'EUR', afterVersion, upToVersion },
  ];
  expect(asked).toEqual([[...span('a', 0, 5), ...span('b', 0, 7)], span('b', 7, 9)]);
});

it('starts anew for another month, and when the accounts are others', async () => {
  const { sum } = counting();
  await sum('2026-03', { a: 5 });
  expect(await sum('2026-04', { a: 6 })).toMatchObject([{ count: 6 }]);
  expect(await sum('2026-03', { a: 6, b: 1 })).toMatchObject([{ count: 7 }]);
  expect(await sum('2026-03', { a: 6 })).toMatchObject([{ count: 6 }]);
});

it('adds a month up once for readers of one moment, and counts nothing twice', async () => {
  const { asked, sum } = counting();
  const sums = await Promise.all([sum('2026-03', { a: 3 }), sum('2026-03', { a: 5 }), sum('2026-03', { a: 5 })]);
  expect(sums).toMatchObject([[{ count: 3 }], [{ count: 5 }], [{ count: 5 }]]);
  expect(asked.filter(([account]) => account?.afterVersion === 0)).toHaveLength(1);
  expect(await sum('2026-03', { a: 6 })).toMatchObject([{ count: 6 }]);
});

it('goes on after a failure, the others of the same moment too', async () => {
  let isAway = true;
  const sums = createSpendingSums({
    async find() {
      if (isAway) throw new Error('away');
      return [{ ...SUM, sumMinor: -1n, count: 1 }];
    },
  });
  const wanted: WantedSums = {
    customerId: 'alice',
    accounts: [{ accountId: 'a', currency: 'EUR', version: 1 }],
    months: { month: periodOf('2026-03'), before: periodBefore('2026-03') },
    ownIbans: [],
  };
  const failed = await Promise.allSettled([sums.sum(wanted), sums.sum(wanted)]);
  expect(failed.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  expect(await sums.sum(wanted)).toMatchObject([{ count: 1 }]);
});

it('keeps a bounded number of months', async () => {
  const { asked, sum } = counting();
  const months = Array.from(
    { length: 2_001 },
    (_, index) => `${1900 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`,
  );
  for (const month of months) await sum(month, { a: 1 });
  await sum(months.at(-1) ?? '', { a: 1 });
  expect(asked).toHaveLength(2_001);
  await sum(months[0] ?? '', { a: 1 });
  expect(asked).toHaveLength(2_002);
});
