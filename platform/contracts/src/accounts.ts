import { type Static, Type } from 'typebox';
import { ApprovalShape, approvalRoutes } from './approvals.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { countOpenAccounts, eraseOwner } from './erasure.ts';
import { insightRoutes } from './insights.ts';
import { HISTORY_SEARCH, PostingShape } from './posting.ts';
import { productRoutes } from './products.ts';
import { route } from './route.ts';
import { sagaRoutes } from './sagas.ts';
import { BalanceShape, MoneyShape, PageQuery, PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';
import { statementRoutes } from './statements.ts';
import { streamRoutes } from './stream.ts';

/** How many accounts one customer may open. Keeps the list of a customer's accounts one page. */
export const ACCOUNTS_PER_CUSTOMER_MAX = 50;

const AccountName = Type.String({ minLength: 1, maxLength: 60, pattern: PLAIN_TEXT });
const Reason = Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT });

/** `opening` until the ledger has the account; it takes no money before. */
const AccountStatus = Type.Union([
  Type.Literal('opening'),
  Type.Literal('active'),
  Type.Literal('frozen'),
  Type.Literal('closing'),
  Type.Literal('closed'),
]);

const AccountShape = Type.Object(
  {
    id: Uuid,
    iban: Type.String(),
    name: Type.String(),
    product: Type.String({ description: 'The code of its product.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    status: AccountStatus,
    balance: BalanceShape,
    dailyLimit: MoneyShape,
    openedAt: Timestamp,
  },
  STRICT,
);
export type AccountAnswer = Static<typeof AccountShape>;

const AccountParams = Type.Object({ id: Uuid }, STRICT);

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

export const updateAccount = route({
  operationId: 'updateAccount',
  service: 'accounts',
  method: 'PATCH',
  path: '/v1/accounts/{id}',
  summary: 'Rename an account (its owners), or set its daily limit (staff)',
  access: { kind: 'signed-in', permissions: ['accounts:change:own', 'accounts:change:any'] },
  params: AccountParams,
  body: Type.Object(
    { name: Type.Optional(AccountName), dailyLimit: Type.Optional(MoneyShape) },
    { ...STRICT, minProperties: 1, maxProperties: 1, description: 'One thing at a time.' },
  ),
  responses: { 200: AccountShape },
  problems: [
    'account-not-found',
    'account-closed',
    'account-opening',
    'change-in-progress',
    'invalid-amount',
    'currency-mismatch',
    'owner-only',
    'staff-only',
  ],
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

export const freezeAccount = route({
  operationId: 'freezeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/freeze',
  summary: 'Let no more money leave an account; its owners and staff may',
  access: { kind: 'signed-in', permissions: ['accounts:freeze:own', 'accounts:freeze:any'] },
  params: AccountParams,
  body: Type.Object({ reason: Reason }, STRICT),
  responses: { 200: AccountShape },
  problems: ['account-not-found', 'account-closed', 'account-opening', 'change-in-progress'],
});

export const unfreezeAccount = route({
  operationId: 'unfreezeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/unfreeze',
  summary: 'Ask that money may leave an account again; a second person decides. 200 when it is not frozen',
  access: { kind: 'signed-in', permissions: ['accounts:unfreeze:any'] },
  params: AccountParams,
  body: Type.Object({ reason: Reason }, STRICT),
  responses: { 200: AccountShape, 202: ApprovalShape },
  problems: [
    'account-not-found',
    'staff-only',
    'account-closed',
    'account-opening',
    'change-in-progress',
    'approval-pending',
  ],
});

export const closeAccount = route({
  operationId: 'closeAccount',
  service: 'accounts',
  method: 'POST',
  path: '/v1/accounts/{id}/close',
  summary:
    'Close an account for good: an empty one, or with `restTo` one that holds money, which then goes to the account of ' +
    'that IBAN, of this bank and in the same currency. That takes a moment and an `Idempotency-Key`: 200 when it is ' +
    'done, 202 with status `closing` while it is under way; ask again with the same key. What is refused on the way is ' +
    'undone, and the account is what it was.',
  access: { kind: 'signed-in', permissions: ['accounts:close:own', 'accounts:close:any'] },
  idempotent: 'sometimes',
  params: AccountParams,
  body: Type.Object({ restTo: Type.Optional(Type.String({ minLength: 15, maxLength: 42 })) }, STRICT),
  responses: { 200: AccountShape, 202: AccountShape },
  problems: [
    'account-not-found',
    'account-not-active',
    'account-not-closed',
    'account-not-empty',
    'account-overdrawn',
    'account-closed',
    'account-frozen',
    'account-opening',
    'balance-limit-exceeded',
    'change-in-progress',
    'currency-mismatch',
    'daily-limit-exceeded',
    'invalid-payee',
    'rest-to-others',
    'same-account',
  ],
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

/** Freezes that are to be lifted. */
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
