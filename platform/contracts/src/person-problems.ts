import { problemKinds } from './problem-kind.ts';

/** What the users service may refuse, beyond the problems that others share. */
export const personProblems = problemKinds({
  'client-not-found': {
    status: 404,
    title: 'No such program',
    meaning: 'There is no registered program of this id.',
  },
  'consent-not-found': {
    status: 404,
    title: 'No such consent',
    meaning: 'It is over, or not yours.',
  },
  'csrf-token-invalid': {
    status: 403,
    title: 'Not from our page',
    meaning: 'The header `x-florin-csrf` must carry the token that `GET /session` answers.',
  },
  'customer-not-found': {
    status: 404,
    title: 'No such customer',
    meaning: 'There is no customer of this id.',
  },
  'device-not-found': {
    status: 404,
    title: 'No such browser',
    meaning: 'You are not known in a browser of this id.',
  },
  'email-taken': {
    status: 409,
    title: 'Address in use',
    meaning: 'Someone signed up with this e-mail address. Sign in instead.',
  },
  'factor-not-found': {
    status: 404,
    title: 'No such factor',
    meaning: 'You have no such app or passkey.',
  },
  'fresh-sign-in-needed': {
    status: 401,
    title: 'Sign in again first',
    meaning:
      'What signs you in is changed, and a payee is trusted, within five minutes of a sign-in with all factors; the first also with a code in the header `x-second-factor`. The header `WWW-Authenticate` asks for it as RFC 9470 does.',
  },
  'interaction-not-found': {
    status: 404,
    title: 'No such sign-in',
    meaning:
      'It is over, took longer than ten minutes or was begun in another browser. Begin again at `/session/login`.',
  },
  'invalid-email': {
    status: 422,
    title: 'Not an e-mail address',
    meaning: 'This does not look like an e-mail address.',
  },
  'link-not-good': {
    status: 410,
    title: 'Link not good any more',
    meaning: 'The link was used, is too old, or another took its place. Ask for a new one.',
  },
  'invalid-key': {
    status: 422,
    title: 'Not a key',
    meaning: 'Every key is a point of the curve P-256, and every `kid` is there once.',
  },
  'invalid-redirect-uri': {
    status: 422,
    title: 'Not an address to come back to',
    meaning:
      'An address is https with a host and without a fragment or credentials; http only on a development machine.',
  },
  'login-taken': {
    status: 409,
    title: 'Name in use',
    meaning: 'Someone else signs in with this name.',
  },
  'no-role-left': {
    status: 422,
    title: 'No role left',
    meaning: 'Everyone has at least one role.',
  },
  'no-second-factor': {
    status: 409,
    title: 'No second factor',
    meaning: 'Recovery codes stand in for an app or a passkey. Set one up first.',
  },
  'own-access': {
    status: 403,
    title: 'Your own access',
    meaning: 'Nobody keeps themselves out, or lets themselves in.',
  },
  'own-roles': {
    status: 403,
    title: 'Your own roles',
    meaning: 'Nobody changes their own roles.',
  },
  'passkey-not-made': {
    status: 422,
    title: 'Passkey not taken',
    meaning: 'What the authenticator sent does not go with what it was asked for, or took too long. Begin again.',
  },
  'passkey-refused': {
    status: 401,
    title: 'Not signed in',
    meaning: 'This passkey signs nobody in here. Whose it is, and what is wrong with it, is not said.',
  },
  'password-first': {
    status: 409,
    title: 'Password first',
    meaning: 'A second factor follows a right password in the same sign-in.',
  },
  'password-too-weak': {
    status: 422,
    title: 'Password too weak',
    meaning: 'Choose another password; `detail` says why.',
  },
  'person-is-staff': {
    status: 409,
    title: 'One of the staff',
    meaning: 'Who has another role than customer is not erased. Their roles are withdrawn first.',
  },
  'provider-not-found': {
    status: 404,
    title: 'No such provider',
    meaning: 'There is nobody of this id to sign in with. `providers` of the interaction has who there is.',
  },
  'provider-unavailable': {
    status: 503,
    title: 'Provider away',
    meaning:
      'Who keeps this identity can not be asked now. Try again in a moment; the bank’s own sign-in is not touched.',
  },
  'roles-conflict': {
    status: 422,
    title: 'Roles that exclude each other',
    meaning: 'Who makes may not check, so nobody is both.',
  },
  'session-not-found': {
    status: 404,
    title: 'No such session',
    meaning: 'The session is over, or not yours.',
  },
  'sign-in-delayed': {
    status: 429,
    title: 'Please wait',
    meaning:
      'There were several wrong passwords for this name, several wrong codes, or a flood of wrong passwords for many names. Try again after `Retry-After`.',
  },
  'sign-in-failed': {
    status: 400,
    title: 'Sign-in failed',
    meaning: 'The sign-in was not begun in this browser, or took too long. Begin again at `/session/login`.',
  },
  'too-many-clients': {
    status: 409,
    title: 'Enough programs',
    meaning: 'There are as many registered programs as there may be.',
  },
  'too-many-passkeys': {
    status: 409,
    title: 'Enough passkeys',
    meaning: 'You have as many passkeys as one person can have. Remove one first.',
  },
  'totp-exists': {
    status: 409,
    title: 'An app is set up',
    meaning: 'Remove the authenticator app that is set up before you set up another.',
  },
  'totp-not-begun': {
    status: 409,
    title: 'Nothing to confirm',
    meaning: 'Setting up the app was not begun, or more than ten minutes ago. Begin again.',
  },
  'user-not-found': {
    status: 404,
    title: 'No such user',
    meaning: 'There is no user of this id.',
  },
  'wrong-code': {
    status: 401,
    title: 'Wrong code',
    meaning: 'It is no code of this moment, or was used already.',
  },
  'wrong-credentials': {
    status: 401,
    title: 'Not signed in',
    meaning: 'The name and the password do not go together. Which of the two is wrong is not said.',
  },
  'wrong-password': {
    status: 422,
    title: 'Wrong password',
    meaning: 'This is not your present password.',
  },
});
