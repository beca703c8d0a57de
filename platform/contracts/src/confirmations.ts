import { type Static, Type } from 'typebox';
import { AssertionOptionsShape, AssertionShape } from './passkeys.ts';
import { route } from './route.ts';
import { STRICT, Timestamp, Uuid } from './shapes.ts';

const CUSTOMER = { kind: 'signed-in', permissions: ['transfers:make:own'] } as const;
const ConfirmationParams = Type.Object({ id: Uuid }, STRICT);

/** The code of the app and nothing else: a recovery code signs in and pays nobody. */
const AppCode = Type.String({ pattern: '^[0-9]{3} ?[0-9]{3}$', examples: ['492039'] });

const ConfirmationShape = Type.Object(
  {
    id: Uuid,
    status: Type.Literal('confirmed'),
    expiresAt: { ...Timestamp, description: 'Until when the payment may be sent with it.' },
  },
  STRICT,
);
export type ConfirmationAnswer = Static<typeof ConfirmationShape>;

export const confirmPayment = route({
  operationId: 'confirmPayment',
  service: 'transactions',
  method: 'POST',
  path: '/v1/confirmations/{id}',
  summary:
    'Confirm the payment of a challenge with a code of the app, or with a passkey that signed it. Then send the payment ' +
    'again as it was, with the header `x-confirmation`',
  access: CUSTOMER,
  params: ConfirmationParams,
  body: Type.Object({ code: Type.Optional(AppCode), assertion: Type.Optional(AssertionShape) }, STRICT),
  responses: { 200: ConfirmationShape },
  problems: ['confirmation-not-found', 'confirmation-over', 'wrong-code', 'passkey-refused', 'sign-in-delayed'],
});

export const beginPasskeyConfirmation = route({
  operationId: 'beginPasskeyConfirmation',
  service: 'transactions',
  method: 'POST',
  path: '/v1/confirmations/{id}/passkey-options',
  summary: 'What a passkey is asked to sign to confirm a payment: its challenge is the hash of that payment',
  access: CUSTOMER,
  params: ConfirmationParams,
  responses: { 200: AssertionOptionsShape },
  problems: ['confirmation-not-found', 'confirmation-over'],
});

/** How payers confirm what they are asked to. */
export const confirmationRoutes = [confirmPayment, beginPasskeyConfirmation] as const;
