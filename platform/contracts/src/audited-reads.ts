/**
 * The operations that show staff what is a customer's: whoever is no customer themselves is on record as a reader of it. A
 * new operation that staff may read with is put here or, when it is about nobody, into the list of the test beside.
 */
export const STAFF_READS: ReadonlySet<string> = new Set([
  'getAccount',
  'getBalance',
  'listAccountTransactions',
  'getAccountTransaction',
  'exportAccountTransactions',
  'listCustomerAccounts',
  'lookUpAccount',
  'listStatements',
  'getStatement',
  'getBalanceHistory',
  'getTransfer',
  'listJournals',
  'getJournal',
  'getSagaOfUsers',
  'getSagaOfAccounts',
  'getSagaOfTransactions',
  'getApprovalOfUsers',
  'getApprovalOfAccounts',
  'getApprovalOfTransactions',
]);
