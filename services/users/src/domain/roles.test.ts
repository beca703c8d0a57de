import { EXCLUSIVE_ROLES } from '@florin/contracts';
import { expect, test } from 'vitest';
import { decideRoles } from './roles.ts';

test('roles come back sorted and once', () => {
  expect(decideRoles(['teller', 'customer', 'teller'], EXCLUSIVE_ROLES)).toEqual({
    ok: true,
    value: ['customer', 'teller'],
  });
});

test('maker and checker are never one person, and nobody is left without a role', () => {
  expect(decideRoles(['teller', 'supervisor'], EXCLUSIVE_ROLES)).toMatchObject({
    ok: false,
    failure: { code: 'roles-conflict' },
  });
  expect(decideRoles(['admin', 'customer'], EXCLUSIVE_ROLES)).toMatchObject({
    ok: false,
    failure: { code: 'roles-conflict' },
  });
  expect(decideRoles([], EXCLUSIVE_ROLES)).toMatchObject({ ok: false, failure: { code: 'no-role-left' } });
});
