import { Type } from 'typebox';
import { CreationOptionsShape, CreationShape, SecondFactorCode } from './passkeys.ts';
import { route } from './route.ts';
import { PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';

const Empty = Type.Null({ description: 'No body.' });

const PasskeyName = Type.String({ minLength: 1, maxLength: 60, pattern: PLAIN_TEXT, examples: ['My phone'] });

const PasskeyShape = Type.Object(
  {
    id: Uuid,
    name: PasskeyName,
    createdAt: Timestamp,
    lastUsedAt: Type.Union([Timestamp, Type.Null()]),
  },
  STRICT,
);

const RecoveryCodes = Type.Array(Type.String(), { description: 'Each good once. They are shown this once.' });
const NewRecoveryCodes = Type.Union([RecoveryCodes, Type.Null()], {
  description: 'Recovery codes come with the first factor; null for who has some.',
});

/** Changes of factors need a sign-in of the last five minutes, or a code in the header `x-second-factor`. */
const FRESH_PROBLEMS = ['fresh-sign-in-needed', 'wrong-code', 'sign-in-delayed'] as const;

export const getMyFactors = route({
  operationId: 'getMyFactors',
  service: 'users',
  method: 'GET',
  path: '/v1/me/mfa',
  summary: 'What signs me in besides my password',
  access: { kind: 'signed-in', permissions: ['factors:read:own'] },
  responses: {
    200: Type.Object(
      {
        totp: Type.Union([Type.Object({ since: Timestamp }, STRICT), Type.Null()]),
        recoveryCodesLeft: Type.Integer(),
        passkeys: Type.Array(PasskeyShape),
        fresh: Type.Boolean({ description: 'Whether this sign-in is recent and strong enough to change any of it.' }),
      },
      STRICT,
    ),
  },
});

export const beginTotp = route({
  operationId: 'beginTotp',
  service: 'users',
  method: 'POST',
  path: '/v1/me/mfa/totp',
  summary: 'Begin to set up an authenticator app; a code of it confirms within ten minutes',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  responses: {
    201: Type.Object(
      {
        secret: Type.String({ description: 'Base 32 (RFC 4648), for who can not scan.' }),
        address: Type.String({ description: 'An `otpauth:` address, to be shown as a QR code.' }),
      },
      STRICT,
    ),
  },
  problems: [...FRESH_PROBLEMS, 'totp-exists'],
});

export const confirmTotp = route({
  operationId: 'confirmTotp',
  service: 'users',
  method: 'POST',
  path: '/v1/me/mfa/totp/confirm',
  summary: 'Show that the app has the secret; from now on a sign-in asks for a code',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  body: Type.Object({ code: SecondFactorCode }, STRICT),
  responses: { 200: Type.Object({ recoveryCodes: NewRecoveryCodes }, STRICT) },
  problems: ['totp-not-begun', 'wrong-code', 'sign-in-delayed'],
});

export const removeTotp = route({
  operationId: 'removeTotp',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/mfa/totp',
  summary: 'Remove the authenticator app',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  responses: { 204: Empty },
  problems: [...FRESH_PROBLEMS, 'factor-not-found'],
});

export const makeRecoveryCodes = route({
  operationId: 'makeRecoveryCodes',
  service: 'users',
  method: 'POST',
  path: '/v1/me/mfa/recovery-codes',
  summary: 'Make ten new recovery codes; those from before are dead',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  responses: { 201: Type.Object({ recoveryCodes: RecoveryCodes }, STRICT) },
  problems: [...FRESH_PROBLEMS, 'no-second-factor'],
});

export const beginPasskey = route({
  operationId: 'beginPasskey',
  service: 'users',
  method: 'POST',
  path: '/v1/me/mfa/passkeys/options',
  summary: 'What an authenticator is asked for to make a passkey; once, within five minutes',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  responses: { 200: CreationOptionsShape },
  problems: [...FRESH_PROBLEMS, 'too-many-passkeys'],
});

export const createPasskey = route({
  operationId: 'createPasskey',
  service: 'users',
  method: 'POST',
  path: '/v1/me/mfa/passkeys',
  summary: 'Keep a passkey that was made',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  body: Type.Object({ name: PasskeyName, creation: CreationShape }, STRICT),
  responses: { 201: Type.Object({ passkey: PasskeyShape, recoveryCodes: NewRecoveryCodes }, STRICT) },
  problems: ['passkey-not-made', 'too-many-passkeys'],
});

export const removePasskey = route({
  operationId: 'removePasskey',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/mfa/passkeys/{id}',
  summary: 'Remove a passkey',
  access: { kind: 'signed-in', permissions: ['factors:change:own'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 204: Empty },
  problems: [...FRESH_PROBLEMS, 'factor-not-found'],
});

/** What signs somebody in besides a password: an authenticator app, recovery codes, passkeys. */
export const factorRoutes = [
  getMyFactors,
  beginTotp,
  confirmTotp,
  removeTotp,
  makeRecoveryCodes,
  beginPasskey,
  createPasskey,
  removePasskey,
] as const;
