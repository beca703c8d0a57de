import { type Static, Type } from 'typebox';
import { route } from './route.ts';
import {
  CalendarDate,
  MoneyShape,
  NO_CONTROL_CHARACTERS,
  PageQuery,
  pageOf,
  Reference,
  STRICT,
  Timestamp,
  Uuid,
} from './shapes.ts';

// What other services ask of the ledger; no request from outside reaches these routes.

/** `active` takes everything; `frozen` takes credits only; `closing` takes nothing new; `closed` nothing at all. */
export const LedgerStatus = Type.Union([
  Type.Literal('active'),
  Type.Literal('frozen'),
  Type.Literal('closing'),
  Type.Literal('closed'),
]);

/** What an account may owe, send or be charged: never negative, and far from the end of a bigint column. */
const LimitMinor = Type.String({ pattern: '^\\d{1,16}$', description: 'Minor units, in text.' });
const MinorUnits = Type.String({ pattern: '^-?\\d{1,19}$', description: 'An integer of minor units, in text.' });

export const LedgerAccountShape = Type.Object(
  {
    id: Uuid,
    iban: Type.String(),
    currency: Type.String(),
    status: LedgerStatus,
    owners: Type.Array(Type.String()),
    postedMinor: MinorUnits,
    heldMinor: MinorUnits,
    overdraftMinor: MinorUnits,
    availableMinor: MinorUnits,
    version: Type.Integer(),
    controlVersion: Type.Integer(),
    /** When the ledger began to look, by the business clock: what it had booked by then, a running batch apart, is here. */
    asOf: Timestamp,
  },
  STRICT,
);
export type LedgerAccountAnswer = Static<typeof LedgerAccountShape>;

export const putLedgerAccount = route({
  operationId: 'putLedgerAccount',
  service: 'transactions',
  method: 'PUT',
  path: '/internal/accounts/{id}',
  summary:
    'Set what is in force for an account. Applied once per controlVersion; an older version changes nothing and ' +
    'answers 200 with the account as it is.',
  access: { kind: 'internal' },
  params: Type.Object({ id: Uuid }, STRICT),
  body: Type.Object(
    {
      controlVersion: Type.Integer({ minimum: 1 }),
      iban: Type.String({ pattern: '^[A-Z]{2}\\d{2}[A-Z0-9]{11,30}$' }),
      holderName: Type.String({
        maxLength: 140,
        pattern: NO_CONTROL_CHARACTERS,
        description: 'Shown to the other side of a transfer.',
      }),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
      status: LedgerStatus,
      owners: Type.Array(Type.String({ pattern: '^[\\x21-\\x7e]{1,100}$' }), { minItems: 1, maxItems: 10 }),
      overdraftMinor: LimitMinor,
      dailyLimitMinor: LimitMinor,
      transferFeeMinor: LimitMinor,
    },
    STRICT,
  ),
  responses: { 200: LedgerAccountShape },
  problems: [
    'account-not-active',
    'account-not-empty',
    'account-busy',
    'currency-mismatch',
    'iban-taken',
    'idempotency-key-in-flight',
    'unknown-currency',
  ],
});

export const getLedgerAccount = route({
  operationId: 'getLedgerAccount',
  service: 'transactions',
  method: 'GET',
  path: '/internal/accounts/{id}',
  summary: 'An account as the ledger has it now: the truth behind the read model',
  access: { kind: 'internal' },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: LedgerAccountShape },
  problems: ['account-not-found'],
});

/** One line of an account's history, as in the `account-changed` event. */
export const LedgerLineShape = Type.Object(
  {
    journalId: Uuid,
    kind: Type.String({ description: 'transfer, deposit, withdrawal, fee, reversal, capture' }),
    amountMinor: MinorUnits,
    balanceAfterMinor: MinorUnits,
    counterpartyAccountId: Uuid,
    counterpartyIban: Type.Union([Type.String(), Type.Null()]),
    counterpartyName: Type.Union([Type.String(), Type.Null()]),
    reference: Type.String(),
    bookedAt: Timestamp,
    valueDate: CalendarDate,
  },
  STRICT,
);

export const listLedgerPostings = route({
  operationId: 'listLedgerPostings',
  service: 'transactions',
  method: 'GET',
  path: '/internal/accounts/{id}/postings',
  summary: 'The history of an account straight from the ledger, newest first',
  access: { kind: 'internal' },
  params: Type.Object({ id: Uuid }, STRICT),
  query: Type.Object({ ...PageQuery, afterVersion: Type.Optional(Type.Integer({ minimum: 0 })) }, STRICT),
  responses: {
    200: pageOf(Type.Object({ version: Type.Integer(), ...LedgerLineShape.properties }, STRICT)),
  },
  problems: ['account-not-found'],
});

const HoldShape = Type.Object(
  {
    id: Uuid,
    accountId: Uuid,
    amount: MoneyShape,
    captured: MoneyShape,
    status: Type.Union([
      Type.Literal('open'),
      Type.Literal('captured'),
      Type.Literal('voided'),
      Type.Literal('expired'),
    ]),
    reference: Type.String(),
    expiresAt: Type.Union([Timestamp, Type.Null()]),
  },
  STRICT,
);

export const createHold = route({
  operationId: 'createHold',
  service: 'transactions',
  method: 'POST',
  path: '/internal/holds',
  summary: 'Set money aside: available falls, posted stays',
  access: { kind: 'internal' },
  idempotent: true,
  body: Type.Object(
    {
      accountId: Uuid,
      amount: MoneyShape,
      reference: Type.Optional(Reference),
      expiresAt: Type.Optional(Timestamp),
      sagaId: Type.Optional(Uuid),
    },
    STRICT,
  ),
  responses: { 201: HoldShape },
  problems: [
    'invalid-amount',
    'unknown-currency',
    'account-not-found',
    'account-not-active',
    'account-busy',
    'currency-mismatch',
    'insufficient-funds',
    'daily-limit-exceeded',
  ],
});

export const captureHold = route({
  operationId: 'captureHold',
  service: 'transactions',
  method: 'POST',
  path: '/internal/holds/{id}/capture',
  summary: 'Turn a hold, or a part of it, into a posting; the rest is released',
  access: { kind: 'internal' },
  idempotent: true,
  params: Type.Object({ id: Uuid }, STRICT),
  body: Type.Object({ toAccountId: Uuid, amount: Type.Optional(MoneyShape) }, STRICT),
  responses: { 201: HoldShape },
  problems: [
    'hold-not-found',
    'hold-not-open',
    'capture-exceeds-hold',
    'capture-crosses-shards',
    'same-account',
    'balance-limit-exceeded',
    'invalid-amount',
    'unknown-currency',
    'account-not-found',
    'account-not-active',
    'account-busy',
    'currency-mismatch',
  ],
});

export const voidHold = route({
  operationId: 'voidHold',
  service: 'transactions',
  method: 'POST',
  path: '/internal/holds/{id}/void',
  summary: 'Release a hold',
  access: { kind: 'internal' },
  idempotent: true,
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: HoldShape },
  problems: ['hold-not-found', 'hold-not-open', 'account-busy'],
});

export const setBusinessClock = route({
  operationId: 'setBusinessClock',
  service: 'transactions',
  method: 'PUT',
  path: '/internal/business-clock',
  summary: "Set the bank's time as an offset to the system's; forward only once something is booked",
  access: { kind: 'internal' },
  body: Type.Object({ offsetMs: Type.Integer() }, STRICT),
  responses: { 200: Type.Object({ offsetMs: Type.Integer(), version: Type.Integer() }, STRICT) },
  problems: ['clock-moves-forward-only'],
});

/** Every internal operation of the ledger. */
export const ledgerRoutes = [
  putLedgerAccount,
  getLedgerAccount,
  listLedgerPostings,
  createHold,
  captureHold,
  voidHold,
  setBusinessClock,
] as const;
