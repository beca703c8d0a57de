import { type Static, Type } from 'typebox';
import { route } from './route.ts';
import { PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

/** A customer keeps at most so many payees; one page shows them all. */
export const PAYEES_PER_CUSTOMER_MAX = 100;

const PayeeName = Type.String({ minLength: 1, maxLength: 120, pattern: PLAIN_TEXT });
const Iban = Type.String({ minLength: 15, maxLength: 42, description: 'With or without spaces.' });

/**
 * What confirmation of payee answers (EPC218-23, Verification of Payee): the name is the holder's, close to it, not
 * it, or nobody could say.
 */
const NameCheck = Type.Union([
  Type.Literal('match'),
  Type.Literal('close-match'),
  Type.Literal('no-match'),
  Type.Literal('not-possible'),
]);

const PayeeShape = Type.Object(
  {
    id: Uuid,
    name: Type.String(),
    iban: Type.String({ description: 'In its electronic form, without spaces.' }),
    nameCheck: NameCheck,
    createdAt: Timestamp,
    lastPaidAt: Type.Union([Timestamp, Type.Null()]),
    isTrusted: Type.Boolean({ description: 'Payments to them are not confirmed, up to an amount.' }),
  },
  STRICT,
);
export type PayeeAnswer = Static<typeof PayeeShape>;

const PayeeParams = Type.Object({ id: Uuid }, STRICT);

export const checkPayee = route({
  operationId: 'checkPayee',
  service: 'transactions',
  method: 'POST',
  path: '/v1/payee-checks',
  summary: 'Whether an account is held under a name, before money is sent to it (confirmation of payee)',
  access: { kind: 'signed-in', permissions: ['payees:read:own'] },
  body: Type.Object({ iban: Iban, name: PayeeName }, STRICT),
  responses: {
    200: Type.Object(
      {
        iban: Type.String(),
        result: NameCheck,
        suggestedName: Type.Optional(
          Type.String({ description: 'The holder as we know them; on a close match only.' }),
        ),
      },
      STRICT,
    ),
  },
  problems: ['invalid-payee', 'too-many-payee-checks'],
});

export const listPayees = route({
  operationId: 'listPayees',
  service: 'transactions',
  method: 'GET',
  path: '/v1/payees',
  summary: 'Whom you pay, by name; all of them',
  access: { kind: 'signed-in', permissions: ['payees:read:own'] },
  responses: { 200: pageOf(PayeeShape) },
});

export const createPayee = route({
  operationId: 'createPayee',
  service: 'transactions',
  method: 'POST',
  path: '/v1/payees',
  summary: 'Keep someone to pay again',
  access: { kind: 'signed-in', permissions: ['payees:change:own'] },
  body: Type.Object({ name: PayeeName, iban: Iban }, STRICT),
  responses: { 201: PayeeShape },
  problems: ['invalid-payee', 'payee-exists', 'too-many-payees', 'too-many-payee-checks'],
});

export const updatePayee = route({
  operationId: 'updatePayee',
  service: 'transactions',
  method: 'PATCH',
  path: '/v1/payees/{id}',
  summary: 'Call a payee something else; the account stays',
  access: { kind: 'signed-in', permissions: ['payees:change:own'] },
  params: PayeeParams,
  body: Type.Object({ name: PayeeName }, STRICT),
  responses: { 200: PayeeShape },
  problems: ['payee-not-found'],
});

export const deletePayee = route({
  operationId: 'deletePayee',
  service: 'transactions',
  method: 'DELETE',
  path: '/v1/payees/{id}',
  summary: 'Forget a payee; what was paid stays in the history',
  access: { kind: 'signed-in', permissions: ['payees:change:own'] },
  params: PayeeParams,
  responses: { 204: Type.Null({ description: 'No body.' }) },
  problems: ['payee-not-found'],
});

export const trustPayee = route({
  operationId: 'trustPayee',
  service: 'transactions',
  method: 'PUT',
  path: '/v1/payees/{id}/trust',
  summary:
    'Trust a payee: payments to them of up to 1,000 euros are not confirmed from now on. Needs a sign-in with two factors of ' +
    'the last five minutes',
  access: { kind: 'signed-in', permissions: ['payees:change:own'] },
  params: PayeeParams,
  responses: { 200: PayeeShape },
  problems: ['payee-not-found', 'second-factor-needed', 'fresh-sign-in-needed'],
});

export const distrustPayee = route({
  operationId: 'distrustPayee',
  service: 'transactions',
  method: 'DELETE',
  path: '/v1/payees/{id}/trust',
  summary: 'Trust a payee no more; payments to them are confirmed again',
  access: { kind: 'signed-in', permissions: ['payees:change:own'] },
  params: PayeeParams,
  responses: { 200: PayeeShape },
  problems: ['payee-not-found'],
});

/** Every operation on payees. */
export const payeeRoutes = [
  checkPayee,
  listPayees,
  createPayee,
  updatePayee,
  trustPayee,
  distrustPayee,
  deletePayee,
] as const;
