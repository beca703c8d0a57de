import { type Static, Type } from 'typebox';
import { sessionsRevoked } from './events.ts';
import { AssertionOptionsShape, AssertionShape } from './passkeys.ts';
import { SignUpShape, UserShape } from './people.ts';
import { ROLES, RoleShape } from './roles.ts';
import { route } from './route.ts';
import { pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

export const UserParams = Type.Object({ id: Uuid }, STRICT);
export const RolesShape = Type.Object({ id: Uuid, roles: Type.Array(RoleShape) }, STRICT);
const Empty = Type.Null({ description: 'No body.' });

const HolderShape = Type.Object({ name: Type.String(), isCustomer: Type.Boolean() }, STRICT);
export type HolderAnswer = Static<typeof HolderShape>;

export const setUserRoles = route({
  operationId: 'setUserRoles',
  service: 'users',
  method: 'PUT',
  path: '/internal/users/{id}/roles',
  summary: 'Set the roles of a user',
  access: { kind: 'internal' },
  params: UserParams,
  body: Type.Object({ roles: Type.Array(RoleShape, { minItems: 1, maxItems: ROLES.length }) }, STRICT),
  responses: { 200: RolesShape },
  problems: ['user-not-found', 'roles-conflict'],
});

export const registerUser = route({
  operationId: 'registerUser',
  service: 'users',
  method: 'POST',
  path: '/internal/users',
  summary: 'Make somebody known with the roles they have from the first moment; staff never were customers',
  access: { kind: 'internal' },
  body: Type.Object(
    { ...SignUpShape.properties, roles: Type.Array(RoleShape, { minItems: 1, maxItems: ROLES.length }) },
    STRICT,
  ),
  responses: { 201: UserShape },
  problems: ['invalid-email', 'password-too-weak', 'email-taken', 'roles-conflict'],
});

export const getHolder = route({
  operationId: 'getHolder',
  service: 'users',
  method: 'GET',
  path: '/internal/users/{id}/holder',
  summary: 'What an account needs to know of whom it is opened for',
  access: { kind: 'internal' },
  params: UserParams,
  responses: { 200: HolderShape },
  problems: ['user-not-found'],
});

export const setUserLogin = route({
  operationId: 'setUserLogin',
  service: 'users',
  method: 'PUT',
  path: '/internal/users/{id}/login',
  summary: 'Let a user sign in with a short name as well',
  access: { kind: 'internal' },
  params: UserParams,
  body: Type.Object({ login: Type.String({ pattern: '^[a-z][a-z0-9._-]{1,31}$' }) }, STRICT),
  responses: { 204: Empty },
  problems: ['user-not-found', 'login-taken'],
});

export const resolveWebSession = route({
  operationId: 'resolveWebSession',
  service: 'users',
  method: 'POST',
  path: '/internal/sessions/resolve',
  summary: 'The access token behind a session cookie, refreshed when it is about to expire',
  access: { kind: 'internal' },
  body: Type.Object({ cookie: Type.String({ minLength: 1, maxLength: 200 }) }, STRICT),
  responses: {
    200: Type.Object(
      {
        accessToken: Type.String(),
        expiresAt: Timestamp,
        csrf: Type.String({ description: 'What `x-florin-csrf` must say.' }),
        userId: Uuid,
        sessionId: Type.String(),
      },
      STRICT,
    ),
  },
  problems: ['session-not-found'],
});

export const listRevocations = route({
  operationId: 'listRevocations',
  service: 'users',
  method: 'GET',
  path: '/internal/revocations',
  summary:
    'Access tokens revoked in the last ten minutes, the oldest first, for a door that was not open to hear of it',
  access: { kind: 'internal' },
  query: Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^\\d{1,18}$' })) }, STRICT),
  responses: { 200: pageOf(sessionsRevoked.data) },
});

export const checkSecondFactor = route({
  operationId: 'checkSecondFactor',
  service: 'users',
  method: 'POST',
  path: '/internal/users/{id}/second-factor-checks',
  summary:
    'Whether somebody confirms something: a code of their app, which is spent, or a passkey that signed its hash',
  access: { kind: 'internal' },
  params: UserParams,
  body: Type.Object(
    {
      sessionId: Type.String({ maxLength: 200 }),
      hash: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'SHA-256, base64url.' }),
      code: Type.Optional(Type.String({ maxLength: 40 })),
      assertion: Type.Optional(AssertionShape),
    },
    STRICT,
  ),
  responses: { 204: Empty },
  problems: ['wrong-code', 'passkey-refused', 'sign-in-delayed'],
});

export const listPasskeyDescriptors = route({
  operationId: 'listPasskeyDescriptors',
  service: 'users',
  method: 'GET',
  path: '/internal/users/{id}/passkey-descriptors',
  summary: 'Which passkeys of somebody may sign',
  access: { kind: 'internal' },
  params: UserParams,
  responses: { 200: Type.Omit(AssertionOptionsShape, ['challenge'], STRICT) },
});
export type PasskeyDescriptorsAnswer = Static<(typeof listPasskeyDescriptors.responses)[200]>;

/** What the users service answers to other services, and to nobody else. */
export const internalUsersRoutes = [
  registerUser,
  getHolder,
  setUserRoles,
  setUserLogin,
  resolveWebSession,
  listRevocations,
  checkSecondFactor,
  listPasskeyDescriptors,
] as const;
