import { expect, it } from 'vitest';
import { readSagaSearch } from './saga-search.ts';

it('keeps what can be asked for', () => {
  const search = { service: 'users', status: 'needs_attention', type: 'welcome' } as const;
  expect(readSagaSearch({ ...search, more: 'x' })).toEqual(search);
});

it.each([{ service: 'gateway' }, { status: 'lost' }, { type: '' }, { type: 7 }, { type: 'x'.repeat(101) }])(
  'leaves out %j',
  (raw) => {
    expect(readSagaSearch(raw)).toEqual({});
  },
);
