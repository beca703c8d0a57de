import { expect, test } from 'vitest';
import { maskEmail, readCustomerSearch } from './customer-search.ts';

test.each([
  [undefined, { kind: 'all' }],
  ['Maria KELLER', { kind: 'name', words: ['maria', 'keller'] }],
  ['...', { kind: 'name', words: [] }],
  [' Maria@Example.com ', { kind: 'address', email: 'maria@example.com' }],
  ['maria＠example.com', { kind: 'address', email: 'maria@example.com' }],
  ['@keller', { kind: 'address', email: undefined }],
  ['maria keller@example.com', { kind: 'address', email: undefined }],
])('%j is read as %j', (text, search) => {
  expect(readCustomerSearch(text)).toEqual(search);
});

test.each([
  ['alice@florin.example', 'a•••@florin.example'],
  ['a@florin.example', 'a•••@florin.example'],
  ['🐝hive@florin.example', '🐝•••@florin.example'],
])('%s is shown as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked);
});
