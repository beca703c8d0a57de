import { expect, it } from 'vitest';
import { readStaffSearch } from './read-staff-search.ts';

it.each([
  ['NL91ABNA0417164300', 'NL91ABNA0417164300'],
  [' nl91 abna 0417 1643 00 ', 'NL91ABNA0417164300'],
  ['NO93 8601 1117 947', 'NO9386011117947'],
])('%s is an account', (typed, iban) => {
  expect(readStaffSearch(typed)).toEqual({ kind: 'account', iban });
});

it.each(['NL91ABNA0417164301', 'nl92 abna 0417 1643 00', 'ZZ91ABNA0417164300'])(
  '%s is an IBAN with a slip',
  (typed) => {
    expect(readStaffSearch(typed)).toEqual({ kind: 'wrong-iban' });
  },
);

it('the number of a transfer leads to its journal, in whatever case it was copied', () => {
  const id = '018f2a3b-4c5d-7e6f-8a9b-0c1d2e3f4a5b';
  expect(readStaffSearch(` ${id.toUpperCase()} `)).toEqual({ kind: 'journal', id });
});

it.each(['Alice Jansen', 'alice@florin.example', 'NL91', '018f2a3b-4c5d', 'Jo'])('%s is about a customer', (typed) => {
  expect(readStaffSearch(typed)).toEqual({ kind: 'customers', q: typed });
});

it.each(['', '   ', '\u0000\u2028'])('%j is nothing', (typed) => {
  expect(readStaffSearch(typed)).toEqual({ kind: 'nothing' });
});
