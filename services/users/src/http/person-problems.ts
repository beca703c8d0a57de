import { type ProblemCode, problemKind } from '@florin/contracts';
import type { CredentialFailure } from '../domain/external-identity.ts';
import type { RolesFailure } from '../domain/roles.ts';
import type { ChangeRolesFailure } from '../use-cases/change-roles.ts';
import type { DirectoryFailure } from '../use-cases/sign-in-by-directory.ts';
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
      return personProblem(failure.code, 'This does not look like an e-mail address.');
    case 'password-too-weak':
      return personProblem(failure.code, `Choose another password. ${failure.reason}`);
    case 'email-taken':
      return personProblem(failure.code, 'Someone signed up with this e-mail address. Sign in instead.');
  }
}

/** `wrong-credentials` of somebody who came back from another issuer means that their answer was no good. */
export function providerProblem(failure: CredentialFailure): PersonProblem {
  if (failure.code === 'wrong-credentials') return SIGN_IN_FAILED;
  return {
    ...personProblem(failure.code, 'Who keeps this identity can not be asked now. Try again in a moment.'),
    headers: { 'retry-after': '5' },
  };
}

export function signInProblem(failure: DirectoryFailure): PersonProblem {
  switch (failure.code) {
    case 'wrong-credentials':
      return personProblem(failure.code, 'The name and the password do not go together.');
    case 'email-taken':
      return personProblem(
        failure.code,
        'Someone signs in to the bank itself with the e-mail address of this person. Sign in there instead.',
      );
    case 'provider-unavailable':
      return providerProblem(failure);
    case 'sign-in-delayed':
      return {
        ...personProblem(
          failure.code,
          `There were several wrong passwords for this name. Try again in ${failure.seconds} s.`,
        ),
        headers: { 'retry-after': String(failure.seconds) },
      };
  }
}

export function rolesProblem(failure: ChangeRolesFailure): PersonProblem {
  switch (failure.code) {
    case 'user-not-found':
      return USER_UNKNOWN;
    case 'own-roles':
      return personProblem(failure.code, 'Nobody changes their own roles.');
    case 'roles-conflict':
      return personProblem(
        failure.code,
        `Nobody is both ${failure.roles[0]} and ${failure.roles[1]}: who makes may not check.`,
      );
    case 'no-role-left':
      return personProblem(failure.code, 'Everyone has at least one role.');
  }
}

export function registrationProblem(failure: SignUpFailure | RolesFailure): PersonProblem {
  return failure.code === 'roles-conflict' || failure.code === 'no-role-left'
    ? rolesProblem(failure)
    : signUpProblem(failure);
}

export const PROVIDER_UNKNOWN = personProblem('provider-not-found', 'There is nobody of this id to sign in with.');
export const SESSION_UNKNOWN = personProblem('session-not-found', 'This session is over, or not yours.');
export const LOGIN_TAKEN = personProblem('login-taken', 'Someone else signs in with this name.');
export const USER_UNKNOWN = personProblem('user-not-found', 'There is no user with this id.');
export const CUSTOMER_UNKNOWN = personProblem('customer-not-found', 'There is no customer with this id.');
export const CURSOR_INVALID = personProblem('invalid-cursor', 'The cursor is not one that this list gave.');
export const INTERACTION_UNKNOWN = personProblem(
  'interaction-not-found',
  'There is no such sign-in in this browser, or it took longer than ten minutes. Begin again.',
);
export const CSRF_INVALID = personProblem(
  'csrf-token-invalid',
  'Send the token that GET /session answers in the header x-florin-csrf.',
);
export const SIGN_IN_FAILED = personProblem(
  'sign-in-failed',
  'This sign-in was not begun in this browser, or took too long. Begin again at /session/login.',
);

/** A problem of this service with the status and title of its code. */
export function personProblem(code: ProblemCode, detail: string): PersonProblem {
  const { status, title } = problemKind(code);
  return { status, code, title, detail };
}
