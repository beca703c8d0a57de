import { describe, expect, it } from 'vitest';
import { CATEGORIES, isCalendarDate, readHistorySearch, readSearchText, withoutParts } from './history-search.ts';

describe('readHistorySearch', () => {
  it('takes every part that makes sense', () => {
    const search = {
      q: 'rent',
      direction: 'out',
      category: 'housing',
      from: '2026-01-01',
      to: '2026-12-31',
      minAmount: '0.50',
      maxAmount: '1000',
    };
    expect(readHistorySearch(search)).toEqual(search);
  });

  it.each([
    { direction: 'up' },
    { category: 'toString' },
    { from: '2026-02-30' },
    { to: '1.1.2026' },
    { to: '' },
    { minAmount: '-5' },
    { minAmount: '1e3' },
    { minAmount: '01' },
    { maxAmount: '12,5' },
    { maxAmount: '1'.repeat(17) },
    { q: ' \u0000\t ' },
    { q: ['a'] },
    { q: null },
    { something: 'else' },
  ])('leaves out what makes none: %j', (raw) => {
    expect(readHistorySearch(raw)).toEqual({});
  });

  it('reads numbers as the texts they were typed as', () => {
    expect(readHistorySearch({ q: 42, minAmount: 12.5 })).toEqual({ q: '42', minAmount: '12.5' });
  });
});

describe('readSearchText', () => {
  it('has no control characters, no space around it and at most a hundred characters', () => {
    expect(readSearchText('  two\nlines ')).toBe('two lines');
    expect(readSearchText(`${'a'.repeat(99)} ${'b'.repeat(50)}`)).toBe('a'.repeat(99));
    expect(readSearchText(' \u2028 ')).toBeUndefined();
  });
});

it('takes parts out and leaves the others', () => {
  expect(withoutParts({ q: 'a', from: '2026-01-01', to: '2026-01-02' }, ['from', 'to'])).toEqual({ q: 'a' });
});

it.each([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2026-13-01', false],
  ['2026-1-1', false],
  ['+12026-01-01', false],
])('%s is a day of the calendar: %s', (text, expected) => {
  expect(isCalendarDate(text)).toBe(expected);
});

it('offers every category once', () => {
  expect(new Set(CATEGORIES).size).toBe(15);
});
