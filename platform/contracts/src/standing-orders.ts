import { type Static, Type } from 'typebox';
import { route } from './route.ts';
import {
  CalendarDate,
  MoneyShape,
  PageQuery,
  PLAIN_TEXT,
  pageOf,
  Reference,
  STRICT,
  Timestamp,
  Uuid,
} from './shapes.ts';

/** A customer has at most so many that are not over; one page shows them all. */
export const STANDING_ORDERS_PER_CUSTOMER_MAX = 100;

const Frequency = Type.Union([
  Type.Literal('weekly'),
  Type.Literal('monthly'),
  Type.Literal('quarterly'),
  Type.Literal('yearly'),
]);

/** `paused` by its owner or, when it can not go on, by the bank; `ended` after its last date; `cancelled` for good. */
const OrderStatus = Type.Union([
  Type.Literal('active'),
  Type.Literal('paused'),
  Type.Literal('ended'),
  Type.Literal('cancelled'),
]);

const StandingOrderShape = Type.Object(
  {
    id: Uuid,
    status: OrderStatus,
    pausedBecause: Type.Optional(
      Type.String({ description: 'by-owner, or the problem code that keeps it from going on: account-not-active' }),
    ),
    fromAccountId: Uuid,
    toIban: Type.String(),
    payeeName: Type.String(),
    amount: MoneyShape,
    reference: Type.String(),
    frequency: Frequency,
    startDate: CalendarDate,
    endDate: Type.Union([CalendarDate, Type.Null()]),
    nextDate: Type.Union([CalendarDate, Type.Null()], {
      description: 'The business date it is due next; null when it is over.',
    }),
    attempts: Type.Integer({ description: 'How often the next payment was tried already for lack of funds.' }),
    createdAt: Timestamp,
  },
  STRICT,
);
export type StandingOrderAnswer = Static<typeof StandingOrderShape>;

const ExecutionShape = Type.Object(
  {
    dueDate: CalendarDate,
    attempt: Type.Integer(),
    outcome: Type.Union([
      Type.Literal('completed'),
      Type.Literal('will-retry'),
      Type.Literal('failed'),
      Type.Literal('skipped'),
    ]),
    transferId: Type.Optional(Uuid),
    problemCode: Type.Optional(Type.String()),
    at: Timestamp,
  },
  STRICT,
);
export type ExecutionAnswer = Static<typeof ExecutionShape>;

const OrderParams = Type.Object({ id: Uuid }, STRICT);

export const createStandingOrder = route({
  operationId: 'createStandingOrder',
  service: 'transactions',
  method: 'POST',
  path: '/v1/standing-orders',
  summary: 'Pay someone regularly, from a date on',
  access: { kind: 'signed-in', permissions: ['standing-orders:change:own'] },
  idempotent: true,
  body: Type.Object(
    {
      fromAccountId: Uuid,
      toIban: Type.String({ minLength: 15, maxLength: 42 }),
      payeeName: Type.String({ minLength: 1, maxLength: 120, pattern: PLAIN_TEXT }),
      amount: MoneyShape,
      reference: Type.Optional(Reference),
      frequency: Frequency,
      startDate: CalendarDate,
      endDate: Type.Optional(CalendarDate),
    },
    STRICT,
  ),
  responses: { 201: StandingOrderShape },
  problems: [
    'invalid-amount',
    'unknown-currency',
    'invalid-payee',
    'same-account',
    'account-not-found',
    'account-not-active',
    'currency-mismatch',
    'invalid-date',
    'too-many-standing-orders',
    'confirmation-required',
    'confirmation-refused',
    'second-factor-needed',
  ],
});

export const listStandingOrders = route({
  operationId: 'listStandingOrders',
  service: 'transactions',
  method: 'GET',
  path: '/v1/standing-orders',
  summary: 'Your standing orders, those that are due first first; the latest that are over after them',
  access: { kind: 'signed-in', permissions: ['standing-orders:read:own'] },
  responses: { 200: pageOf(StandingOrderShape) },
});

export const getStandingOrder = route({
  operationId: 'getStandingOrder',
  service: 'transactions',
  method: 'GET',
  path: '/v1/standing-orders/{id}',
  summary: 'One of your standing orders',
  access: { kind: 'signed-in', permissions: ['standing-orders:read:own'] },
  params: OrderParams,
  responses: { 200: StandingOrderShape },
  problems: ['standing-order-not-found'],
});

export const listStandingOrderExecutions = route({
  operationId: 'listStandingOrderExecutions',
  service: 'transactions',
  method: 'GET',
  path: '/v1/standing-orders/{id}/executions',
  summary: 'What became of each date of a standing order, newest first',
  access: { kind: 'signed-in', permissions: ['standing-orders:read:own'] },
  params: OrderParams,
  query: Type.Object(PageQuery, STRICT),
  responses: { 200: pageOf(ExecutionShape) },
  problems: ['standing-order-not-found', 'invalid-cursor'],
});

export const pauseStandingOrder = route({
  operationId: 'pauseStandingOrder',
  service: 'transactions',
  method: 'POST',
  path: '/v1/standing-orders/{id}/pause',
  summary: 'Let a standing order rest; dates that pass meanwhile are not made up for',
  access: { kind: 'signed-in', permissions: ['standing-orders:change:own'] },
  params: OrderParams,
  responses: { 200: StandingOrderShape },
  problems: ['standing-order-not-found', 'standing-order-over'],
});

export const resumeStandingOrder = route({
  operationId: 'resumeStandingOrder',
  service: 'transactions',
  method: 'POST',
  path: '/v1/standing-orders/{id}/resume',
  summary: 'Let a paused standing order go on with its next date from today',
  access: { kind: 'signed-in', permissions: ['standing-orders:change:own'] },
  params: OrderParams,
  responses: { 200: StandingOrderShape },
  problems: ['standing-order-not-found', 'standing-order-over'],
});

export const skipStandingOrder = route({
  operationId: 'skipStandingOrder',
  service: 'transactions',
  method: 'POST',
  path: '/v1/standing-orders/{id}/skip',
  summary: 'Leave out one date, named so that a second click does not leave out the one after it too',
  access: { kind: 'signed-in', permissions: ['standing-orders:change:own'] },
  params: OrderParams,
  body: Type.Object({ date: CalendarDate }, STRICT),
  responses: { 200: StandingOrderShape },
  problems: ['standing-order-not-found', 'standing-order-over', 'not-the-next-date'],
});

export const cancelStandingOrder = route({
  operationId: 'cancelStandingOrder',
  service: 'transactions',
  method: 'POST',
  path: '/v1/standing-orders/{id}/cancel',
  summary: 'End a standing order for good',
  access: { kind: 'signed-in', permissions: ['standing-orders:change:own'] },
  params: OrderParams,
  responses: { 200: StandingOrderShape },
  problems: ['standing-order-not-found'],
});

/** Every operation on standing orders. */
export const standingOrderRoutes = [
  createStandingOrder,
  listStandingOrders,
  getStandingOrder,
  listStandingOrderExecutions,
  pauseStandingOrder,
  resumeStandingOrder,
  skipStandingOrder,
  cancelStandingOrder,
] as const;
