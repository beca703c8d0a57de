import { newKey } from './attacked-bank.ts';
import { type Doing, did } from './audited-stage.ts';
import type { Cast } from './people.ts';

const asStaff =
  (path: (cast: Cast) => string): Doing =>
  ({ cast }) => ({
    path: path(cast),
    token: cast.staff.auditor.token,
  });

/** How staff read what is a customer's; of every operation of `STAFF_READS`. */
export const READINGS: Readonly<Record<string, Doing | { readonly nothingThere: string }>> = {
  getAccount: asStaff(({ alice }) => `/v1/accounts/${alice.accountId}`),
  getBalance: asStaff(({ alice }) => `/v1/accounts/${alice.accountId}/balance`),
  listAccountTransactions: asStaff(({ alice }) => `/v1/accounts/${alice.accountId}/transactions`),
  getAccountTransaction: asStaff(({ alice }) => `/v1/accounts/${alice.accountId}/transactions/${alice.lineId}`),
  exportAccountTransactions: asStaff(
    ({ alice }) => `/v1/accounts/${alice.accountId}/transactions/export?from=2026-01-01&to=2026-12-31`,
  ),
  listCustomerAccounts: asStaff(({ alice }) => `/v1/customers/${alice.id}/accounts`),
  lookUpAccount: asStaff(({ alice }) => `/v1/account-lookup?iban=${alice.iban}`),
  listStatements: asStaff(({ alice }) => `/v1/accounts/${alice.accountId}/statements`),
  getStatement: { nothingThere: 'no month has ended yet in a bank of today' },
  getBalanceHistory: asStaff(
    ({ alice }) => `/v1/accounts/${alice.accountId}/balance-history?from=2026-11-01&to=2026-11-20`,
  ),
  getTransfer: asStaff(({ alice }) => `/v1/transfers/${alice.transferId}`),
  listJournals: asStaff(({ alice }) => `/v1/ledger/journals?accountId=${alice.accountId}`),
  getJournal: asStaff(({ alice }) => `/v1/ledger/journals/${alice.transferId}`),
  getSagaOfUsers: async ({ attacked, cast }) => {
    const { token } = cast.staff.auditor;
    const { data } = (await did(attacked, { path: '/v1/sagas/users', token })) as { data?: { id: string }[] };
    return { path: `/v1/sagas/users/${data?.[0]?.id}`, token };
  },
  getApprovalOfUsers: { nothingThere: 'nobody has asked for a role' },
  getApprovalOfAccounts: { nothingThere: 'nobody has asked that a freeze be lifted' },
  getApprovalOfTransactions: async ({ attacked, cast }) => {
    const body = { accountId: cast.alice.accountId, amount: { amount: '5000.01', currency: 'EUR' } };
    const { id } = await did(attacked, {
      method: 'POST',
      path: '/v1/deposits',
      token: cast.staff.teller.token,
      key: newKey(),
      body,
    });
    return { path: `/v1/approvals/transactions/${id}`, token: cast.staff.auditor.token };
  },
  getSagaOfAccounts: { nothingThere: 'no account is being closed with its money' },
  getSagaOfTransactions: { nothingThere: 'one shard needs no sagas' },
};
