import { expect, it } from 'vitest';
import { decideErasure } from './erasure.ts';

it.each([
  ['a customer', ['customer'], undefined],
  ['somebody whose roles were all taken', [], undefined],
  ['one of the staff', ['teller'], 'person-is-staff'],
  ['one of the staff who banks here', ['customer', 'teller'], 'person-is-staff'],
  ['nobody', undefined, 'user-not-found'],
])('decides about %s', (_who, roles, code) => {
  const decided = decideErasure(roles);
  expect(decided.ok ? undefined : decided.failure.code).toBe(code);
});
