import { expect, test } from 'vitest';
import { canonicalEmail, canonicalLogin, isShortLogin } from './login-name.ts';

test.each([
  [' Maria.Keller@Example.COM ', 'maria.keller@example.com'],
  ['ｍaria@example.com', 'maria@example.com'],
  ['müller@bücher.example', 'müller@bücher.example'],
  ['a+b@x.co.uk', 'a+b@x.co.uk'],
  ['maria', undefined],
  ['maria@localhost', undefined],
  ['a@b@example.com', undefined],
  ['maria keller@example.com', undefined],
  ['maria@example.com\nbcc: x@example.com', undefined],
  ['<maria@example.com>', undefined],
  [`${'a'.repeat(65)}@example.com`, undefined],
  [`a@${'b'.repeat(250)}.example`, undefined],
])('%j is the address %j', (typed, email) => {
  expect(canonicalEmail(typed)).toBe(email);
});

test('a short name is never an address, however it is typed', () => {
  expect(canonicalLogin(' ALICE ')).toBe('alice');
  expect([isShortLogin('alice'), isShortLogin('a'), isShortLogin('alice@example.com'), isShortLogin('Alice')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
