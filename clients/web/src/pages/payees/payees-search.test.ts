import { expect, it } from 'vitest';
import { readPayeesSearch } from './payees-search.ts';

it('takes what was typed, and a number the router made of it', () => {
  expect(readPayeesSearch({ q: 'bob' })).toEqual({ q: 'bob' });
  expect(readPayeesSearch({ q: 532 })).toEqual({ q: '532' });
});

it.each([[['bob']], [{ q: 'bob' }], [''], ['x'.repeat(100_000)], [null], [true]])('takes %j for nothing', (q) => {
  expect(readPayeesSearch({ q })).toEqual({});
});
