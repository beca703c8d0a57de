import { Type } from 'typebox';
import { route } from './route.ts';
import { MoneyShape, PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';
import { THIRD_PARTY_SCOPES } from './third-party.ts';

const Empty = Type.Null({ description: 'No body.' });

const [READ, PAY] = THIRD_PARTY_SCOPES;
const ScopeShape = Type.Union([Type.Literal(READ), Type.Literal(PAY)]);

/** One payment a program asks for, as `authorization_details` of the type `payment` say it (RFC 9396). */
const ConsentedPaymentShape = Type.Object(
  {
    toIban: Type.String(),
    amount: MoneyShape,
    fromAccountId: Type.Optional(Uuid),
    creditorName: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: PLAIN_TEXT })),
  },
  STRICT,
);

/** What a program asks a customer for, and what they allowed it. */
export const WantedConsentShape = Type.Object(
  {
    scopes: Type.Array(ScopeShape),
    payment: Type.Union([ConsentedPaymentShape, Type.Null()], {
      description: 'The one payment it may make, once; null when it asks for none.',
    }),
  },
  STRICT,
);

const ConsentShape = Type.Object(
  {
    id: Type.String({ description: 'Also the `sid` of its access tokens.' }),
    client: Type.Object({ id: Uuid, name: Type.String() }, STRICT),
    ...WantedConsentShape.properties,
    givenAt: Timestamp,
    expiresAt: Timestamp,
  },
  STRICT,
);

export const listMyConsents = route({
  operationId: 'listMyConsents',
  service: 'users',
  method: 'GET',
  path: '/v1/me/consents',
  summary: 'What I allowed programs that are not the bank’s, the newest first',
  access: { kind: 'signed-in', permissions: ['consents:read:own'] },
  responses: { 200: Type.Object({ data: Type.Array(ConsentShape), nextCursor: Type.Null() }, STRICT) },
});

export const revokeMyConsent = route({
  operationId: 'revokeMyConsent',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/consents/{id}',
  summary: 'Take back what I allowed a program; its tokens are dead at once',
  access: { kind: 'signed-in', permissions: ['consents:revoke:own'] },
  params: Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, STRICT),
  responses: { 204: Empty },
  problems: ['consent-not-found'],
});

const ClientId = Type.Object({ id: Uuid }, STRICT);
const ADMIN = { kind: 'signed-in', permissions: ['clients:change:any'] } as const;

const NewClientShape = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80, pattern: PLAIN_TEXT, examples: ['Ledgerly'] }),
    redirectUris: Type.Array(Type.String({ maxLength: 500 }), {
      minItems: 1,
      maxItems: 10,
      uniqueItems: true,
      description: 'https, matched to the letter.',
    }),
    scopes: Type.Array(ScopeShape, { minItems: 1, maxItems: THIRD_PARTY_SCOPES.length, uniqueItems: true }),
    keys: Type.Array(
      Type.Object(
        {
          kty: Type.Literal('EC'),
          crv: Type.Literal('P-256'),
          x: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
          y: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
          kid: Type.String({ minLength: 1, maxLength: 100, pattern: '^[A-Za-z0-9._~-]+$' }),
        },
        STRICT,
      ),
      { minItems: 1, maxItems: 5, description: 'The public keys it proves itself with: JSON Web Keys for ES256.' },
    ),
  },
  STRICT,
);

const ClientShape = Type.Object(
  {
    id: Uuid,
    ...NewClientShape.properties,
    status: Type.Union([Type.Literal('active'), Type.Literal('disabled')]),
    registeredAt: Timestamp,
  },
  STRICT,
);

export const registerClient = route({
  operationId: 'registerClient',
  service: 'users',
  method: 'POST',
  path: '/v1/admin/clients',
  summary: 'Make a program of somebody else’s known, so that customers can allow it something',
  access: ADMIN,
  body: NewClientShape,
  responses: { 201: ClientShape },
  problems: ['invalid-redirect-uri', 'invalid-key', 'too-many-clients'],
});

export const listClients = route({
  operationId: 'listClients',
  service: 'users',
  method: 'GET',
  path: '/v1/admin/clients',
  summary: 'Programs that are not the bank’s, the newest first',
  access: ADMIN,
  responses: { 200: Type.Object({ data: Type.Array(ClientShape), nextCursor: Type.Null() }, STRICT) },
});

export const disableClient = route({
  operationId: 'disableClient',
  service: 'users',
  method: 'POST',
  path: '/v1/admin/clients/{id}/disable',
  summary: 'Shut a program out for good; everything it was allowed ends at once',
  access: ADMIN,
  params: ClientId,
  responses: { 200: ClientShape },
  problems: ['client-not-found'],
});

/** Programs that are not the bank's, and what customers allow them. */
export const consentRoutes = [listMyConsents, revokeMyConsent, registerClient, listClients, disableClient] as const;
