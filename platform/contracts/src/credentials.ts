import { Type } from 'typebox';
import { UserParams } from './internal-users.ts';
import { NewPassword } from './people.ts';
import { route } from './route.ts';
import { STRICT, Timestamp } from './shapes.ts';

const MINE = { kind: 'signed-in', permissions: ['credentials:change:own'] } as const;
const ADMINS = { kind: 'signed-in', permissions: ['access:change:any'] } as const;
const Empty = Type.Null({ description: 'No body.' });

const EmailAddress = Type.String({ minLength: 3, maxLength: 254, examples: ['maria@example.com'] });
/** 32 random bytes, base64url. */
const MailedToken = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'From the link in the mail.' });

/** What changes a way in needs a sign-in of the last five minutes, or a code in the header `x-second-factor`. */
const FRESH_PROBLEMS = ['fresh-sign-in-needed', 'wrong-code', 'sign-in-delayed'] as const;

export const askPasswordReset = route({
  operationId: 'askPasswordReset',
  service: 'users',
  method: 'POST',
  path: '/v1/password-resets',
  summary: 'Ask for a mail with a link to a new password; the answer is the same whoever has this address',
  access: { kind: 'public' },
  body: Type.Object({ email: EmailAddress }, STRICT),
  responses: { 202: Empty },
});

export const completePasswordReset = route({
  operationId: 'completePasswordReset',
  service: 'users',
  method: 'POST',
  path: '/v1/password-resets/complete',
  summary: 'Set a new password with the token of the mail; everywhere is signed out, second factors stay',
  access: { kind: 'public' },
  body: Type.Object({ token: MailedToken, password: NewPassword }, STRICT),
  responses: { 204: Empty },
  problems: ['link-not-good', 'password-too-weak'],
});

export const confirmEmail = route({
  operationId: 'confirmEmail',
  service: 'users',
  method: 'POST',
  path: '/v1/email-confirmations',
  summary:
    'Confirm an address with the token of the mail that went there; after a change it is the address from now on',
  access: { kind: 'public' },
  body: Type.Object({ token: MailedToken }, STRICT),
  responses: { 204: Empty },
  problems: ['link-not-good', 'email-taken'],
});

export const askEmailConfirmation = route({
  operationId: 'askEmailConfirmation',
  service: 'users',
  method: 'POST',
  path: '/v1/me/email/confirmation',
  summary: 'Send the mail that confirms my address once more; nothing when it is confirmed',
  access: MINE,
  responses: { 202: Empty },
});

export const changeMyEmail = route({
  operationId: 'changeMyEmail',
  service: 'users',
  method: 'PUT',
  path: '/v1/me/email',
  summary: 'Change my address: a mail to the new one confirms it, the old one is told',
  access: MINE,
  body: Type.Object({ email: EmailAddress }, STRICT),
  responses: { 202: Empty },
  problems: [...FRESH_PROBLEMS, 'invalid-email'],
});

export const changeMyPassword = route({
  operationId: 'changeMyPassword',
  service: 'users',
  method: 'PUT',
  path: '/v1/me/password',
  summary: 'Change my password, with the present one or a fresh second factor; other sign-ins end',
  access: MINE,
  body: Type.Object(
    {
      presentPassword: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
      password: NewPassword,
    },
    STRICT,
  ),
  responses: { 204: Empty },
  problems: [...FRESH_PROBLEMS, 'wrong-password', 'password-too-weak'],
});

const KnownDeviceShape = Type.Object(
  {
    id: Type.String(),
    device: Type.Union([Type.String({ examples: ['Chrome on Linux'] }), Type.Null()], {
      description: 'What the browser said it was, in our words; null when it said nothing we know.',
    }),
    knownSince: Timestamp,
    lastSignInAt: Timestamp,
  },
  STRICT,
);

export const listMyDevices = route({
  operationId: 'listMyDevices',
  service: 'users',
  method: 'GET',
  path: '/v1/me/devices',
  summary: 'Browsers I signed in in before, the latest first: guessing by strangers does not slow them down',
  access: { kind: 'signed-in', permissions: ['sessions:read:own'] },
  responses: { 200: Type.Object({ data: Type.Array(KnownDeviceShape), nextCursor: Type.Null() }, STRICT) },
});

export const forgetMyDevice = route({
  operationId: 'forgetMyDevice',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/devices/{id}',
  summary: 'Forget a browser: it is a stranger from now on. Sessions are ended elsewhere',
  access: { kind: 'signed-in', permissions: ['sessions:end:own'] },
  params: Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, STRICT),
  responses: { 204: Empty },
  problems: ['device-not-found'],
});

export const forgetMyDevices = route({
  operationId: 'forgetMyDevices',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/devices',
  summary: 'Forget all browsers I signed in in before',
  access: { kind: 'signed-in', permissions: ['sessions:end:own'] },
  responses: { 204: Empty },
});

export const endMySessions = route({
  operationId: 'endMySessions',
  service: 'users',
  method: 'DELETE',
  path: '/v1/me/sessions',
  summary: 'Sign out everywhere, here as well; all tokens are dead at once',
  access: { kind: 'signed-in', permissions: ['sessions:end:own'] },
  responses: { 204: Empty },
});

export const disableUser = route({
  operationId: 'disableUser',
  service: 'users',
  method: 'POST',
  path: '/v1/users/{id}/disable',
  summary: 'Keep someone out: they are signed out everywhere and can not sign in',
  access: ADMINS,
  params: UserParams,
  responses: { 204: Empty },
  problems: ['user-not-found', 'own-access'],
});

export const enableUser = route({
  operationId: 'enableUser',
  service: 'users',
  method: 'POST',
  path: '/v1/users/{id}/enable',
  summary: 'Let someone in again who was kept out',
  access: ADMINS,
  params: UserParams,
  responses: { 204: Empty },
  problems: ['user-not-found', 'own-access'],
});

export const endUserSessions = route({
  operationId: 'endUserSessions',
  service: 'users',
  method: 'DELETE',
  path: '/v1/users/{id}/sessions',
  summary: 'Sign someone out everywhere; all their tokens are dead at once',
  access: ADMINS,
  params: UserParams,
  responses: { 204: Empty },
  problems: ['user-not-found'],
});

/** Passwords, addresses, known browsers, and who is kept out. */
export const credentialRoutes = [
  askPasswordReset,
  completePasswordReset,
  confirmEmail,
  askEmailConfirmation,
  changeMyEmail,
  changeMyPassword,
  listMyDevices,
  forgetMyDevice,
  forgetMyDevices,
  endMySessions,
  disableUser,
  enableUser,
  endUserSessions,
] as const;
