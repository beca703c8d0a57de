import { Type } from 'typebox';
import { closeAccount, freezeAccount, unfreezeAccount, updateAccount } from './account-changes.ts';
import { AccountName, AccountParams, AccountShape } from './account-shape.ts';
import { approvalRoutes } from './approvals.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { countOpenAccounts, eraseOwner } from './erasure.ts';
import { insightRoutes } from './insights.ts';
import { HISTORY_SEARCH, PostingShape } from './posting.ts';
import { productRoutes } from './products.ts';
import { route } from './route.ts';
import { sagaRoutes } from './sagas.ts';
import { BalanceShape, PageQuery, pageOf, STRICT, Uuid } from './shapes.ts';
import { statementRoutes } from './statements.ts';
import { streamRoutes } from './stream.ts';

/** How many accounts one customer may open. Keeps the list of a customer's accounts one page. */
export const ACCOUNTS_PER_CUSTOMER_MAX = 50;

export const listAccounts = route({
  operationId: 'listAccounts',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts',
  summary: 'Your own accounts',
  access: { kind: 'signed-in', permissions: ['accounts:read:own'] },
  thirdParty: 'accounts:read',
  responses: { 200: pageOf(AccountShape) },
});

export const openAccount = route({
  operationId: 'openAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts',
  summary: 'Open an account of your own',
  access: { kind: 'signed-in', permissions: ['accounts:open:own'] },
  idempotent: true,
  body: Type.Object({ productCode: Type.String({ maxLength: 40 }), name: Type.Optional(AccountName) }, STRICT),
  responses: { 201: AccountShape },
  problems: ['unknown-product', 'too-many-accounts', 'owner-erased', 'idempotency-key-reused'],
});

export const getAccount = route({
  operationId: 'getAccount',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}',
  summary: 'One account; for its owners and for staff',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  thirdParty: 'accounts:read',
  params: AccountParams,
  responses: { 200: AccountShape },
  problems: ['account-not-found'],
});

export const getBalance = route({
  operationId: 'getBalance',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/balance',
  summary: 'The balance of an account',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  thirdParty: 'accounts:read',
  params: AccountParams,
  responses: { 200: BalanceShape },
  problems: ['account-not-found'],
});

export const listAccountTransactions = route({
  operationId: 'listAccountTransactions',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/transactions',
  summary:
    'What happened on an account, newest first. A search looks through a bounded stretch of history per page, so a ' +
    'page may hold fewer lines than asked, or none, and still have a next one.',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  thirdParty: 'accounts:read',
  params: AccountParams,
  query: Type.Object(
    {
      ...PageQuery,
      ...HISTORY_SEARCH,
    },
    STRICT,
  ),
  responses: { 200: pageOf(PostingShape) },
  problems: ['account-not-found', 'invalid-amount', 'invalid-cursor', 'invalid-date'],
});

export const getAccountTransaction = route({
  operationId: 'getAccountTransaction',
  service: 'accounts',
  method: 'GET',
  path: '/v1/accounts/{id}/transactions/{transactionId}',
  summary: 'One line of the history of an account',
  access: { kind: 'signed-in', permissions: ['accounts:read:own', 'accounts:read:any'] },
  thirdParty: 'accounts:read',
  params: Type.Object({ id: Uuid, transactionId: Type.String({ maxLength: 60 }) }, STRICT),
  responses: { 200: PostingShape },
  problems: ['account-not-found', 'transaction-not-found'],
});

export const listCustomerAccounts = route({
  operationId: 'listCustomerAccounts',
  service: 'accounts',
  method: 'GET',
  path: '/v1/customers/{id}/accounts',
  summary: 'The accounts of a customer; for staff',
  access: { kind: 'signed-in', permissions: ['accounts:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: pageOf(AccountShape) },
});

export const lookUpAccount = route({
  operationId: 'lookUpAccount',
  service: 'accounts',
  method: 'GET',
  path: '/v1/account-lookup',
  summary: 'The account of an IBAN, with who owns it; for staff',
  access: { kind: 'signed-in', permissions: ['accounts:find:any'] },
  query: Type.Object({ iban: Type.String({ minLength: 15, maxLength: 42 }) }, STRICT),
  responses: {
    200: Type.Object(
      { ...AccountShape.properties, holderName: Type.String(), owners: Type.Array(Type.String()) },
      STRICT,
    ),
  },
  problems: ['account-not-found'],
});

/** Events that the read model, or whoever opens first accounts, could not take. */
export const accountsDeadLetters = deadLetterRoutes('accounts');

/** Accounts that are being closed with money on them. */
export const accountsSagas = sagaRoutes('accounts');

/** What two people do to an account: lifting a freeze, raising a limit, closing it. */
export const accountsApprovals = approvalRoutes('accounts', {
  read: 'account-approvals:read:any',
  decide: 'account-approvals:decide:any',
});

/** Every operation of the accounts service, in the order of the documentation. */
export const accountsRoutes = [
  ...productRoutes,
  listAccounts,
  openAccount,
  getAccount,
  updateAccount,
  getBalance,
  listAccountTransactions,
  getAccountTransaction,
  freezeAccount,
  unfreezeAccount,
  closeAccount,
  listCustomerAccounts,
  lookUpAccount,
  countOpenAccounts,
  eraseOwner,
  ...statementRoutes,
  ...insightRoutes,
  ...streamRoutes,
  ...Object.values(accountsDeadLetters),
  ...Object.values(accountsSagas),
  ...Object.values(accountsApprovals),
] as const;
