import { expect, it } from 'vitest';
import { STAFF_READS } from './audited-reads.ts';
import { bankRoutes } from './bank-routes.ts';
import { rolesThatMay } from './permissions.ts';
import type { RouteContract } from './route.ts';

/** What staff read that is about no customer, or is on record by itself. */
const ABOUT_NOBODY = [
  'getMe',
  'listMySessions',
  'getMyFactors',
  'listMyDevices',
  'listMyConsents',
  'listProducts',
  // On record in the transaction of the search, with how they searched.
  'listCustomers',
  'getCustomer',
  // Numbers and states, without a name or an amount of anybody.
  'listSagasOfUsers',
  'listSagasOfAccounts',
  'listSagasOfTransactions',
  'listSagaActionsOfUsers',
  'listSagaActionsOfAccounts',
  'listSagaActionsOfTransactions',
  'listDeadLettersOfUsers',
  'listDeadLettersOfAccounts',
  'listDeadLettersOfNotifications',
  'listApprovalsOfUsers',
  'listApprovalsOfAccounts',
  'listApprovalsOfTransactions',
  // Programs, which are nobody's.
  'listClients',
  'listInDoubt',
  'listTwoPhaseAttention',
  'getTrialBalance',
  'getLatestReconciliation',
];

const readByStaff = (bankRoutes as readonly RouteContract[]).filter(
  ({ method, access }) =>
    method === 'GET' &&
    access.kind === 'signed-in' &&
    rolesThatMay(access.permissions).some((role) => role !== 'customer'),
);

it('of every operation that staff read with it is said whether that goes on record', () => {
  const said = new Set([...STAFF_READS, ...ABOUT_NOBODY]);
  expect(readByStaff.map(({ operationId }) => operationId).filter((id) => !said.has(id))).toEqual([]);
});

it('names no operation that there is not, and none twice', () => {
  const known = new Set(readByStaff.map(({ operationId }) => operationId));
  const said = [...STAFF_READS, ...ABOUT_NOBODY];
  expect(said.filter((id) => !known.has(id))).toEqual([]);
  expect(new Set(said).size).toBe(said.length);
});
