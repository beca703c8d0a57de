import { expect, it } from 'vitest';
import { isFiltering, type JournalSearch, journalFilter } from './journal-search.ts';

it.each<[JournalSearch]>([
  [{ from: '2026-02-30' }],
  [{ to: '2026-13-01' }],
  [{ from: '2026-00-10' }],
  [{ to: '1899-12-31' }],
  [{ from: '0000-01-01' }],
  [{ from: '2026-03-10', to: '2026-02-29' }],
])('refuses %o', (search) => {
  expect(journalFilter(search)).toMatchObject({ ok: false, failure: { code: 'invalid-date' } });
});

it('takes whole days in UTC, and text in any case', () => {
  expect(journalFilter({ from: '2024-02-29', to: '2024-02-29', q: 'RENT 5%', kind: 'fee' })).toEqual({
    ok: true,
    value: {
      kind: 'fee',
      text: 'rent 5%',
      bookedFromMs: Date.UTC(2024, 1, 29),
      bookedBeforeMs: Date.UTC(2024, 2, 1),
    },
  });
});

it('knows a search that asks for nothing', () => {
  expect(journalFilter({})).toEqual({ ok: true, value: {} });
  expect([isFiltering({}), isFiltering({ kind: 'fee' }), isFiltering({ bookedFromMs: 0 })]).toEqual([
    false,
    true,
    true,
  ]);
});
