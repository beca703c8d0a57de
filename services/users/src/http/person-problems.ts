import type { ChangeRolesFailure } from '../use-cases/change-roles.ts';
import type { SignInFailure } from '../use-cases/sign-in.ts';
import type { SignUpFailure } from '../use-cases/sign-up.ts';

/** A problem of this service, but for the trace id of the request it answers. */
export interface PersonProblem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function signUpProblem(failure: SignUpFailure): PersonProblem {
  switch (failure.code) {
    case 'invalid-email':
      return problem(422, failure.code, 'Not an e-mail address', 'This does not look like an e-mail address.');
    case 'password-too-weak':
      return problem(422, failure.code, 'Password too weak', `Choose another password. ${failure.reason}`);
    case 'email-taken':
      return problem(
        409,
        failure.code,
        'Address in use',
        'Someone signed up with this e-mail address. Sign in instead.',
      );
  }
}

export function signInProblem(failure: SignInFailure): PersonProblem {
  switch (failure.code) {
    case 'wrong-credentials':
      return problem(401, failure.code, 'Not signed in', 'The name and the password do not go together.');
    case 'sign-in-delayed':
      return {
        ...problem(
          429,
          failure.code,
          'Please wait',
          `There were several wrong passwords for this name. Try again in ${failure.seconds} s.`,
        ),
        headers: { 'retry-after': String(failure.seconds) },
      };
  }
}

export function rolesProblem(failure: ChangeRolesFailure): PersonProblem {
  switch (failure.code) {
    case 'user-not-found':
      return problem(404, failure.code, 'No such user', 'There is no user with this id.');
    case 'own-roles':
      return problem(403, failure.code, 'Your own roles', 'Nobody changes their own roles.');
    case 'roles-conflict':
      return problem(
        422,
        failure.code,
        'Roles that exclude each other',
        `Nobody is both ${failure.roles[0]} and ${failure.roles[1]}: who makes may not check.`,
      );
    case 'no-role-left':
      return problem(422, failure.code, 'No role left', 'Everyone has at least one role.');
  }
}

export const SESSION_UNKNOWN = problem(
  404,
  'session-not-found',
  'No such session',
  'This session is over, or not yours.',
);
export const LOGIN_TAKEN = problem(409, 'login-taken', 'Name in use', 'Someone else signs in with this name.');
export const USER_UNKNOWN = problem(404, 'user-not-found', 'No such user', 'There is no user with this id.');
export const CUSTOMER_UNKNOWN = problem(
  404,
  'customer-not-found',
  'No such customer',
  'There is no customer with this id.',
);
export const CURSOR_INVALID = problem(
  400,
  'invalid-cursor',
  'Invalid cursor',
  'The cursor is not one that this list gave.',
);
export const INTERACTION_UNKNOWN = problem(
  404,
  'interaction-not-found',
  'No such sign-in',
  'There is no such sign-in in this browser, or it took longer than ten minutes. Begin again.',
);
export const CSRF_INVALID = problem(
  403,
  'csrf-token-invalid',
  'Not from our page',
  'Send the token that GET /session answers in the header x-florin-csrf.',
);
export const SIGN_IN_FAILED = problem(
  400,
  'sign-in-failed',
  'Sign-in failed',
  'This sign-in was not begun in this browser, or took too long. Begin again at /session/login.',
);

function problem(status: number, code: string, title: string, detail: string): PersonProblem {
  return { status, code, title, detail };
}
