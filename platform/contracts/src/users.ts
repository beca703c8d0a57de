import { Type } from 'typebox';
import { ApprovalShape, approvalRoutes } from './approvals.ts';
import { consentRoutes } from './consents.ts';
import { credentialRoutes } from './credentials.ts';
import { customerRoutes } from './customers.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { eraseUser } from './erasure.ts';
import { factorRoutes } from './factors.ts';
import { interactionRoutes } from './interactions.ts';
import { internalUsersRoutes, RolesShape, UserParams } from './internal-users.ts';
import { PersonName, SignUpShape, UserShape } from './people.ts';
import { RoleShape } from './roles.ts';
import { route } from './route.ts';
import { sagaRoutes } from './sagas.ts';
import { PLAIN_TEXT, STRICT, Timestamp, Uuid } from './shapes.ts';

const Empty = Type.Null({ description: 'No body.' });

export const signUp = route({
  operationId: 'signUp',
  service: 'users',
  method: 'POST',
  path: '/v1/users',
  summary: 'Become a customer',
  access: { kind: 'public' },
  body: SignUpShape,
  responses: { 201: UserShape },
  problems: ['invalid-email', 'password-too-weak', 'email-taken'],
});

export const getMe = route({
  operationId: 'getMe',
  service: 'users',
  method: 'GET',
  path: '/v1/me',
  summary: 'Who I am',
  access: { kind: 'signed-in', permissions: ['profile:read:own'] },
  responses: { 200: UserShape },
});

export const updateMe = route({
  operationId: 'updateMe',
  service: 'users',
  method: 'PATCH',
  path: '/v1/me',
  summary: 'Change what I am called',
  access: { kind: 'signed-in', permissions: ['profile:change:own'] },
  body: Type.Object({ name: PersonName }, STRICT),
  responses: { 200: UserShape },
});

/** Two of our own words and "on" between them. */
const DEVICE_LENGTH_MAX = 40;

export const SignedInShape = Type.Object(
  {
    id: Type.String({ description: 'Also the `sid` of its access tokens.' }),
    clientId: Type.String(),
    clientName: Type.String(),
    startedAt: Timestamp,
    expiresAt: Timestamp,
    lastSeenAt: Type.String({
      format: 'date-time',
      description: 'When it was last used: to a minute in a browser, to the life of an access token elsewhere.',
    }),
    device: Type.Union([Type.String({ maxLength: DEVICE_LENGTH_MAX, examples: ['Chrome on Linux'] }), Type.Null()], {
      description: 'What the browser that signed in said it was, in our words; null when it said nothing we know.',
    }),
    current: Type.Boolean({ description: 'The one this request was made with.' }),
  },
  STRICT,
);

export const listMySessions = route({
  operationId: 'listMySessions',
  service: 'users',
  method: 'GET',
  path: '/v1/me/sessions',
  summary: 'Where I am signed in, the newest first',
  access: { kind: 'signed-in', permissions: ['sessions:read:own'] },
  responses: { 200: Type.Object({ data: Type.Array(SignedInShape), nextCursor: Type.Null() }, STRICT) },
});

export const endMySession = route({
  operationId: 'endMySession',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/sessions/{id}',
  summary: 'Sign out somewhere; its tokens are dead at once',
  access: { kind: 'signed-in', permissions: ['sessions:end:own'] },
  params: Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, STRICT),
  responses: { 204: Empty },
  problems: ['session-not-found'],
});

/** Why somebody needs a role or does not, for the second person. */
const Reason = Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT });

export const grantRole = route({
  operationId: 'grantRole',
  service: 'users',
  method: 'POST',
  path: '/v1/users/{id}/roles',
  summary:
    'Ask that someone get a role; when a second admin agrees, they are signed out everywhere. 200 when they have it',
  access: { kind: 'signed-in', permissions: ['roles:change:any'] },
  params: UserParams,
  body: Type.Object({ role: RoleShape, reason: Type.Optional(Reason) }, STRICT),
  responses: { 200: RolesShape, 202: ApprovalShape },
  problems: ['user-not-found', 'own-roles', 'roles-conflict', 'approval-pending'],
});

export const withdrawRole = route({
  operationId: 'withdrawRole',
  service: 'users',
  method: 'DELETE',
  path: '/v1/users/{id}/roles/{role}',
  summary: 'Ask that a role be taken from someone; when a second admin agrees, they are signed out everywhere',
  access: { kind: 'signed-in', permissions: ['roles:change:any'] },
  params: Type.Object({ id: Uuid, role: RoleShape }, STRICT),
  query: Type.Object({ reason: Type.Optional(Reason) }, STRICT),
  responses: { 200: RolesShape, 202: ApprovalShape },
  problems: ['user-not-found', 'own-roles', 'roles-conflict', 'no-role-left', 'approval-pending'],
});

// ---- the web client's session: a cookie for the browser, tokens for the gateway ----

export const beginWebSignIn = route({
  operationId: 'beginWebSignIn',
  service: 'users',
  method: 'GET',
  path: '/session/login',
  summary: 'Send the browser to sign in or to sign up, and back to a path of ours',
  access: { kind: 'public' },
  query: Type.Object(
    {
      return_to: Type.Optional(Type.String({ maxLength: 500 })),
      screen: Type.Optional(
        Type.Union([Type.Literal('sign-in'), Type.Literal('sign-up')], {
          description: 'Which page comes first; `sign-in` when absent.',
        }),
      ),
    },
    STRICT,
  ),
  responses: { 302: Empty },
});

const Parameter = Type.Optional(Type.String({ maxLength: 1_000 }));

export const finishWebSignIn = route({
  operationId: 'finishWebSignIn',
  service: 'users',
  method: 'GET',
  path: '/session/callback',
  summary: 'Where the issuer sends the browser back to',
  access: { kind: 'public' },
  query: Type.Object(
    { code: Parameter, state: Parameter, iss: Parameter, error: Parameter, error_description: Parameter },
    STRICT,
  ),
  responses: {
    302: Empty,
    303: Type.Null({
      description: 'The sign-in failed, and a browser that asks for HTML is sent to a page saying so.',
    }),
  },
  problems: ['sign-in-failed'],
});

export const getWebSession = route({
  operationId: 'getWebSession',
  service: 'users',
  method: 'GET',
  path: '/session',
  summary: 'Who is signed in in this browser, and the token its requests carry in `x-florin-csrf`',
  access: { kind: 'public' },
  responses: {
    200: Type.Object(
      {
        user: Type.Union([UserShape, Type.Null()]),
        csrf: Type.Union([Type.String(), Type.Null()]),
        idleSeconds: Type.Integer({ description: 'It ends after so long without a request.' }),
        endsAt: Type.Union([Timestamp, Type.Null()]),
      },
      STRICT,
    ),
  },
});

export const endWebSession = route({
  operationId: 'endWebSession',
  service: 'users',
  method: 'POST',
  path: '/session/logout',
  summary: 'Sign out in this browser, here and at the issuer',
  access: { kind: 'public' },
  responses: { 204: Empty },
  problems: ['csrf-token-invalid'],
});

/** The sign-ups that are followed to the first account and its welcome. */
export const usersSagas = sagaRoutes('users');

/** Events about a sign-up that whoever follows it could not take. */
export const usersDeadLetters = deadLetterRoutes('users');

/** Roles that are to be given or taken. */
export const usersApprovals = approvalRoutes('users', {
  read: 'role-approvals:read:any',
  decide: 'role-approvals:decide:any',
});

export const usersRoutes = [
  signUp,
  getMe,
  updateMe,
  listMySessions,
  endMySession,
  ...factorRoutes,
  ...credentialRoutes,
  ...consentRoutes,
  grantRole,
  withdrawRole,
  eraseUser,
  ...customerRoutes,
  ...interactionRoutes,
  beginWebSignIn,
  finishWebSignIn,
  getWebSession,
  endWebSession,
  ...Object.values(usersSagas),
  ...Object.values(usersApprovals),
  ...Object.values(usersDeadLetters),
  ...internalUsersRoutes,
] as const;
