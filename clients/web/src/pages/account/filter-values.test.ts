import { describe, expect, it } from 'vitest';
import {
  amountProblem,
  dayProblem,
  type FilterContext,
  type FilterValues,
  searchOf,
  valuesOf,
} from './filter-values.ts';

const TODAY = '2026-11-24';
const EUR: FilterContext = { today: TODAY, currency: 'EUR', digits: 2 };
const JPY: FilterContext = { today: TODAY, currency: 'JPY', digits: 0 };
const KWD: FilterContext = { today: TODAY, currency: 'KWD', digits: 3 };

function values(fields: Partial<FilterValues> = {}): FilterValues {
  return { ...valuesOf({}, TODAY), ...fields };
}

describe('a search and its form', () => {
  it.each([
    {},
    { direction: 'in' },
    { category: 'cash', from: '2026-10-01', to: '2026-10-31' },
    { from: '2026-01-05' },
    { to: '2026-01-05', minAmount: '5.00', maxAmount: '1250.50' },
  ] as const)('come back from each other: %j', (search) => {
    expect(searchOf(valuesOf(search, TODAY), undefined, EUR)).toEqual(search);
  });

  it('keeps the words that are searched for', () => {
    expect(searchOf(values({ direction: 'out' }), 'rent', EUR)).toEqual({ q: 'rent', direction: 'out' });
  });

  it('knows a preset by its days, and forgets days that are no longer chosen', () => {
    expect(valuesOf({ from: '2026-10-01', to: '2026-10-31' }, TODAY).period).toBe('last-month');
    expect(searchOf(values({ period: 'any', from: '2026-10-01', to: '2026-10-31' }), undefined, EUR)).toEqual({});
    expect(searchOf(values({ period: 'this-month', from: '2020-01-01' }), undefined, EUR)).toEqual({
      from: '2026-11-01',
      to: '2026-11-30',
    });
  });

  it('reads amounts as people type them, in the digits of the currency', () => {
    expect(searchOf(values({ least: '1.250,5', most: '2 000' }), undefined, EUR)).toEqual({
      minAmount: '1250.50',
      maxAmount: '2000.00',
    });
    expect(searchOf(values({ least: '1.5' }), undefined, KWD)).toEqual({ minAmount: '1.500' });
    expect(searchOf(values({ least: '900' }), undefined, JPY)).toEqual({ minAmount: '900' });
  });
});

describe('what is wrong with a form', () => {
  it.each([
    ['least', { least: 'ten' }, EUR, 'amountInvalid'],
    ['least', { least: '1.555' }, EUR, 'amountInvalid'],
    ['least', { least: '5.5' }, JPY, 'amountInvalid'],
    ['least', { least: '99999999999999999' }, EUR, 'amountInvalid'],
    ['most', { least: '10', most: '9.99' }, EUR, 'amountsCrossed'],
    ['most', { least: '10', most: '10' }, EUR, undefined],
    ['most', { least: 'ten', most: '9' }, EUR, undefined],
    ['most', { most: ' ' }, EUR, undefined],
    ['least', { least: '0' }, EUR, undefined],
  ] as const)('%s of %j', (field, typed, context, problem) => {
    expect(amountProblem(field, values(typed), context)).toBe(problem);
  });

  it.each([
    ['from', { from: '2026-02-30' }, 'dateInvalid'],
    ['to', { from: '2026-02-02', to: '2026-02-01' }, 'datesCrossed'],
    ['from', { from: '2026-02-02', to: '2026-02-01' }, undefined],
    ['to', { from: '2026-02-02', to: '2026-02-02' }, undefined],
    ['to', { to: '2026-02-01' }, undefined],
  ] as const)('%s of %j', (field, typed, problem) => {
    expect(dayProblem(field, values({ period: 'custom', ...typed }))).toBe(problem);
  });

  it('does not look at days that are not asked for', () => {
    expect(dayProblem('from', values({ period: 'any', from: 'nonsense' }))).toBeUndefined();
  });
});
