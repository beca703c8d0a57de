import { expect, test } from 'vitest';
import { decideRoles } from './roles.ts';

test('roles come back sorted and once', () => {
  expect(decideRoles(['teller', 'customer', 'teller'])).toEqual({ ok: true, value: ['customer', 'teller'] });
});

test('maker and checker are never one person, and nobody is left without a role', () => {
  expect(decideRoles(['teller', 'supervisor'])).toMatchObject({ ok: false, failure: { code: 'roles-conflict' } });
  expect(decideRoles(['admin', 'customer'])).toMatchObject({ ok: false, failure: { code: 'roles-conflict' } });
  expect(decideRoles([])).toMatchObject({ ok: false, failure: { code: 'no-role-left' } });
});
