import { Type } from 'typebox';
import { ApprovalShape, approvalRoutes } from './approvals.ts';
import { confirmationRoutes } from './confirmations.ts';
import { journalRoutes } from './journals.ts';
import { ledgerRoutes } from './ledger.ts';
import { payeeRoutes } from './payees.ts';
import { ReconciliationShape } from './reconciliation.ts';
import { route } from './route.ts';
import { sagaRoutes } from './sagas.ts';
import {
  BalanceShape,
  CalendarDate,
  MoneyShape,
  NO_CONTROL_CHARACTERS,
  ProblemShape,
  Reference,
  STRICT,
  Timestamp,
  Uuid,
} from './shapes.ts';
import { standingOrderRoutes } from './standing-orders.ts';
import { TransferRequestShape, TransferShape } from './transfers.ts';
import { twoPhaseRoutes } from './two-phase.ts';

/** How many transfers one batch may carry. */
export const TRANSFER_BATCH_ITEMS_MAX = 500;

export const createTransfer = route({
  operationId: 'createTransfer',
  service: 'transactions',
  method: 'POST',
  path: '/v1/transfers',
  summary:
    'Move money between two accounts. 201 when it is booked; 202 while it is on its way between two shards of the ledger: ' +
    'ask for the transfer until it is completed or failed',
  access: { kind: 'signed-in', permissions: ['transfers:make:own'] },
  thirdParty: 'payments:write',
  idempotent: true,
  body: TransferRequestShape,
  responses: { 201: TransferShape, 202: TransferShape },
  problems: [
    'invalid-amount',
    'unknown-currency',
    'invalid-payee',
    'same-account',
    'account-not-found',
    'account-not-active',
    'account-busy',
    'currency-mismatch',
    'insufficient-funds',
    'daily-limit-exceeded',
    'balance-limit-exceeded',
    'confirmation-required',
    'confirmation-refused',
    'second-factor-needed',
    'payment-not-consented',
    'payment-consent-used',
  ],
});

export const getTransfer = route({
  operationId: 'getTransfer',
  service: 'transactions',
  method: 'GET',
  path: '/v1/transfers/{id}',
  summary: 'One transfer; for its owners and for staff',
  access: { kind: 'signed-in', permissions: ['transfers:read:own', 'transfers:read:any'] },
  thirdParty: 'accounts:read',
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: TransferShape },
  problems: ['transfer-not-found'],
});

export const reverseTransfer = route({
  operationId: 'reverseTransfer',
  service: 'transactions',
  method: 'POST',
  path: '/v1/transfers/{id}/reversal',
  summary:
    'Take a transfer back, whole and once. A teller asks for it and it waits for a second person: 202 with what waits. ' +
    'A supervisor forces what was refused to somebody else: 201 when it is booked, 202 when it went between two shards of ' +
    'the ledger and has not come back within two seconds: the same request under the same key tells how it ended',
  access: { kind: 'signed-in', permissions: ['transfers:reverse:any', 'transfers:force-reversal:any'] },
  idempotent: true,
  params: Type.Object({ id: Uuid }, STRICT),
  body: Type.Object(
    {
      reason: Type.String({ minLength: 3, maxLength: 500, pattern: NO_CONTROL_CHARACTERS }),
      force: Type.Optional(
        Type.Boolean({
          description:
            'Reverse although the payee lacks the funds; what is missing becomes a receivable of the bank. ' +
            'Only a supervisor, and only after another person was refused for lack of funds.',
        }),
      ),
    },
    STRICT,
  ),
  responses: { 201: TransferShape, 202: Type.Union([TransferShape, ApprovalShape]) },
  problems: [
    'transfer-not-found',
    'not-reversible',
    'already-reversed',
    'own-account',
    'account-not-active',
    'account-busy',
    'insufficient-funds',
    'second-person-required',
    'balance-limit-exceeded',
    'approval-pending',
  ],
});

const BatchItemShape = Type.Object(
  {
    key: Type.String({ pattern: '^[\\x20-\\x7e]{1,255}$' }),
    confirmation: Type.Optional({ ...Uuid, description: 'What the header `x-confirmation` is to one transfer.' }),
    ...TransferRequestShape.properties,
  },
  STRICT,
);

export const createTransferBatch = route({
  operationId: 'createTransferBatch',
  service: 'transactions',
  method: 'POST',
  path: '/v1/transfer-batches',
  summary: 'Many transfers in one request: all or none (atomic), or each on its own (independent)',
  access: { kind: 'signed-in', permissions: ['transfers:make:own'] },
  idempotent: true,
  body: Type.Object(
    {
      mode: Type.Union([Type.Literal('atomic'), Type.Literal('independent')]),
      items: Type.Array(BatchItemShape, { minItems: 1, maxItems: TRANSFER_BATCH_ITEMS_MAX }),
    },
    STRICT,
  ),
  responses: {
    200: Type.Object(
      {
        items: Type.Array(
          Type.Object(
            {
              status: Type.Integer({ description: 'What the same transfer alone would have answered.' }),
              transfer: Type.Optional(TransferShape),
              problem: Type.Optional(ProblemShape),
            },
            STRICT,
          ),
        ),
      },
      STRICT,
    ),
  },
});

const CashRequestShape = Type.Object(
  { accountId: Uuid, amount: MoneyShape, reference: Type.Optional(Reference) },
  STRICT,
);

export const CashMovementShape = Type.Object(
  {
    id: Uuid,
    kind: Type.Union([Type.Literal('deposit'), Type.Literal('withdrawal')]),
    accountId: Uuid,
    amount: MoneyShape,
    reference: Type.String(),
    bookedAt: Timestamp,
    valueDate: CalendarDate,
    balance: BalanceShape,
  },
  STRICT,
);

export const createDeposit = route({
  operationId: 'createDeposit',
  service: 'transactions',
  method: 'POST',
  path: '/v1/deposits',
  summary: 'Cash handed in at the counter; 202 for so much that a second person decides',
  access: { kind: 'signed-in', permissions: ['cash:move:any'] },
  idempotent: true,
  body: CashRequestShape,
  responses: { 201: CashMovementShape, 202: ApprovalShape },
  problems: [
    'invalid-amount',
    'unknown-currency',
    'account-not-found',
    'own-account',
    'account-not-active',
    'account-busy',
    'currency-mismatch',
    'balance-limit-exceeded',
  ],
});

export const createWithdrawal = route({
  operationId: 'createWithdrawal',
  service: 'transactions',
  method: 'POST',
  path: '/v1/withdrawals',
  summary: 'Cash paid out at the counter; 202 for so much that a second person decides',
  access: { kind: 'signed-in', permissions: ['cash:move:any'] },
  idempotent: true,
  body: CashRequestShape,
  responses: { 201: CashMovementShape, 202: ApprovalShape },
  problems: [
    'invalid-amount',
    'unknown-currency',
    'account-not-found',
    'own-account',
    'account-not-active',
    'account-busy',
    'currency-mismatch',
    'insufficient-funds',
  ],
});

export const runReconciliation = route({
  operationId: 'runReconciliation',
  service: 'transactions',
  method: 'POST',
  path: '/v1/ledger/reconciliations',
  summary: 'Prove the books: journals sum to zero, balances equal their postings, held equals the open holds',
  access: { kind: 'signed-in', permissions: ['ledger:reconcile:any'] },
  body: Type.Object({ mode: Type.Union([Type.Literal('incremental'), Type.Literal('full')]) }, STRICT),
  responses: { 200: ReconciliationShape },
});

export const getTrialBalance = route({
  operationId: 'getTrialBalance',
  service: 'transactions',
  method: 'GET',
  path: '/v1/ledger/trial-balance',
  summary: "The total of every one of the bank's accounts and of all customers', per currency, and what they add up to",
  access: { kind: 'signed-in', permissions: ['ledger:read:any'] },
  responses: {
    200: Type.Object(
      {
        lines: Type.Array(
          Type.Object(
            {
              account: Type.String(),
              accountId: Type.Optional({ ...Uuid, description: "One of the bank's own: its journals can be listed." }),
              currency: Type.String(),
              posted: MoneyShape,
            },
            STRICT,
          ),
        ),
        totals: Type.Array(
          Type.Object(
            {
              currency: Type.String(),
              debit: MoneyShape,
              credit: MoneyShape,
              difference: MoneyShape,
            },
            STRICT,
          ),
          { description: 'Balances below zero (without their sign), above zero, and the difference: zero.' },
        ),
      },
      STRICT,
    ),
  },
});

/** Transfers on their way from shard to shard. */
export const transactionsSagas = sagaRoutes('transactions');

/** Cash above the limit of one person. */
export const transactionsApprovals = approvalRoutes('transactions', {
  read: 'money-approvals:read:any',
  decide: 'money-approvals:decide:any',
});

/** Every operation of the ledger, in the order of the documentation. */
export const transactionsRoutes = [
  createTransfer,
  getTransfer,
  reverseTransfer,
  createTransferBatch,
  createDeposit,
  createWithdrawal,
  ...confirmationRoutes,
  ...payeeRoutes,
  ...standingOrderRoutes,
  getTrialBalance,
  ...journalRoutes,
  runReconciliation,
  ...Object.values(transactionsSagas),
  ...Object.values(transactionsApprovals),
  ...twoPhaseRoutes,
  ...ledgerRoutes,
] as const;
