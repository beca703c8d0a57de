import { problemKinds } from './problem-kind.ts';

/** What the users service may refuse, beyond the problems that others share. */
export const personProblems = problemKinds({
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
  'email-taken': {
    status: 409,
    title: 'Address in use',
    meaning: 'Someone signed up with this e-mail address. Sign in instead.',
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
  'own-roles': {
    status: 403,
    title: 'Your own roles',
    meaning: 'Nobody changes their own roles.',
  },
  'password-too-weak': {
    status: 422,
    title: 'Password too weak',
    meaning: 'Choose another password; `detail` says why.',
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
    meaning: 'There were several wrong passwords for this name. Try again after `Retry-After`.',
  },
  'sign-in-failed': {
    status: 400,
    title: 'Sign-in failed',
    meaning: 'The sign-in was not begun in this browser, or took too long. Begin again at `/session/login`.',
  },
  'user-not-found': {
    status: 404,
    title: 'No such user',
    meaning: 'There is no user of this id.',
  },
  'wrong-credentials': {
    status: 401,
    title: 'Not signed in',
    meaning: 'The name and the password do not go together. Which of the two is wrong is not said.',
  },
});
