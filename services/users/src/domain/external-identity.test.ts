import { EXCLUSIVE_ROLES } from '@florin/contracts';
import { expect, it } from 'vitest';
import { rolesOfGroups } from './external-identity.ts';

const MAP = { 'cn=Tellers,dc=bank': 'teller', 'cn=auditors,dc=bank': 'auditor' };

it('gives the roles of the groups it knows, however they are spelled', () => {
  expect(rolesOfGroups(['CN=tellers,DC=bank', 'cn=golf,dc=bank'], MAP, [])).toEqual(['teller']);
  expect(rolesOfGroups(['cn=tellers,dc=bank', 'cn=auditors,dc=bank'], MAP, [])).toEqual(['auditor', 'teller']);
});

it('makes a customer of whoever is in no such group, whatever the group is called', () => {
  for (const groups of [[], ['teller'], ['admin'], ['__proto__'], ['constructor']]) {
    expect(rolesOfGroups(groups, MAP, EXCLUSIVE_ROLES), String(groups)).toEqual(['customer']);
  }
});

it('gives neither of two roles that nobody may hold together', () => {
  const exclusive = [['teller', 'auditor']] as const;
  expect(rolesOfGroups(['cn=tellers,dc=bank', 'cn=auditors,dc=bank'], MAP, exclusive)).toEqual(['customer']);
});
