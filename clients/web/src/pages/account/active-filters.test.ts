import { expect, it } from 'vitest';
import { type HistorySearch, withoutParts } from '../../api/history-search.ts';
import { activeFilters } from './active-filters.ts';

const FULL = {
  q: 'rent',
  direction: 'out',
  category: 'housing',
  from: '2026-01-01',
  to: '2026-01-31',
  minAmount: '1.00',
  maxAmount: '2.00',
} as const;

it('names everything that is in force, two bounds of one thing as one', () => {
  expect(activeFilters(FULL).map(({ kind }) => kind)).toEqual(['text', 'direction', 'category', 'days', 'amount']);
  expect(activeFilters({})).toEqual([]);
  expect(activeFilters({ to: '2026-01-31', minAmount: '1.00' })).toEqual([
    { kind: 'days', parts: ['from', 'to'], to: '2026-01-31' },
    { kind: 'amount', parts: ['minAmount', 'maxAmount'], least: '1.00' },
  ]);
});

it('leaves nothing in force when each is taken out', () => {
  const left = activeFilters(FULL).reduce<HistorySearch>((search, { parts }) => withoutParts(search, parts), FULL);
  expect(left).toEqual({});
});
