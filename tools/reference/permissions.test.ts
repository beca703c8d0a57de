import {
  bankRoutes,
  EXCLUSIVE_ROLES,
  GRANTS,
  gatewayRoutes,
  getMe,
  mayAny,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type RouteContract,
  rolesThatMay,
} from '@florin/contracts';
import { describe, expect, it } from 'vitest';
import { undecidedOperations } from './permissions.ts';

const routes: readonly RouteContract[] = [...bankRoutes, ...gatewayRoutes];
const all = Object.keys(PERMISSIONS) as Permission[];

function planted(access: object): RouteContract {
  return { ...getMe, operationId: 'planted', access: access as RouteContract['access'] };
}

describe('the permission that an operation asks for', () => {
  it('is there for every operation', () => {
    expect(routes.length).toBeGreaterThan(100);
    expect(undecidedOperations(routes)).toEqual([]);
  });

  it.each([
    ['none', { kind: 'signed-in' }],
    ['an empty list', { kind: 'signed-in', permissions: [] }],
    ['roles, as it was once', { kind: 'signed-in', roles: ['teller'] }],
    ['one that nobody has heard of', { kind: 'signed-in', permissions: ['accounts:melt:any'] }],
    ['a good one and such a one', { kind: 'signed-in', permissions: ['accounts:read:any', 'accounts:melt:any'] }],
    ['no access at all', { kind: 'anybody' }],
  ])('is missed in one that names %s', (_, access) => {
    expect(undecidedOperations([getMe, planted(access)])).toEqual(['planted']);
  });
});

describe('the table of permissions', () => {
  it('says what, which way and whose', () => {
    for (const permission of all) expect(permission).toMatch(/^[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*:(own|branch|any)$/);
  });

  it('has none that nobody has, and none that no operation asks for', () => {
    const asked = new Set(routes.flatMap(({ access }) => (access.kind === 'signed-in' ? access.permissions : [])));
    expect(all.filter((permission) => rolesThatMay([permission]).length === 0)).toEqual([]);
    expect(all.filter((permission) => !asked.has(permission))).toEqual([]);
  });

  it('lists none twice', () => {
    for (const role of ROLES) expect(GRANTS[role]).toEqual([...new Set(GRANTS[role])]);
  });

  it('lets auditors only read, and admins near no money', () => {
    const ofEverybody = new Set(GRANTS['loan-officer']);
    const own = (permission: Permission) => !ofEverybody.has(permission);
    expect(GRANTS.auditor.filter(own).every((one) => /:(read|find):any$/.test(one))).toBe(true);
    expect(
      GRANTS.admin.filter(own).every((one) => !/^(accounts|cash|transfers|ledger|journals|customers):/.test(one)),
    ).toBe(true);
  });

  it('gives what belongs to the customer of the bank to customers, and to staff only what is their own as staff', () => {
    for (const role of ROLES.filter((one) => one !== 'customer')) {
      expect(GRANTS[role].filter((one) => /^(accounts|transfers|payees|standing-orders):.*:own$/.test(one))).toEqual(
        [],
      );
    }
    expect(GRANTS.customer.filter((one) => one.endsWith(':any'))).toEqual(['products:read:any']);
  });
});

describe('what somebody may do', () => {
  it('is what one of their roles may, and nothing without a role or with one that is not known', () => {
    expect(mayAny(['customer', 'teller'], ['cash:move:any'])).toBe(true);
    expect(mayAny(['customer'], ['cash:move:any', 'accounts:read:own'])).toBe(true);
    expect(mayAny(['customer'], ['cash:move:any'])).toBe(false);
    expect(mayAny([], all)).toBe(false);
    expect(mayAny(['constructor', 'wizard'], all)).toBe(false);
    expect([...permissionsOf(['customer', 'teller'])].sort()).toEqual(
      [...new Set([...GRANTS.customer, ...GRANTS.teller])].sort(),
    );
    expect(permissionsOf([]).size).toBe(0);
    expect(permissionsOf(['wizard']).size).toBe(0);
  });
});

describe('roles that nobody holds together', () => {
  it('are makers and their checkers, admins with any other, and auditors with any other', () => {
    const pairs = EXCLUSIVE_ROLES.map((pair) => [...pair].sort().join(' '));
    expect(new Set(pairs).size).toBe(pairs.length);
    const others = (role: string) => ROLES.filter((one) => one !== role).map((one) => [role, one].sort().join(' '));
    expect([...pairs].sort()).toEqual(
      [
        ...new Set(['supervisor teller', 'credit-approver loan-officer', ...others('admin'), ...others('auditor')]),
      ].sort(),
    );
  });
});
