import { expect, it } from 'vitest';
import { posting } from '../../api/posting.fixture.ts';
import { groupByDay } from './history-days.ts';

it('cuts days where the bank cuts them, and keeps the order of the lines', () => {
  const late = posting({ id: 'a', bookedAt: '2026-11-24T23:59:59.999Z' });
  const early = posting({ id: 'b', bookedAt: '2026-11-24T00:00:00.000Z' });
  const before = posting({ id: 'c', bookedAt: '2026-11-23T23:59:59.999Z' });
  expect(groupByDay([late, early, before])).toEqual([
    { date: '2026-11-24', lines: [late, early] },
    { date: '2026-11-23', lines: [before] },
  ]);
});

it('makes no day of nothing', () => {
  expect(groupByDay([])).toEqual([]);
});
