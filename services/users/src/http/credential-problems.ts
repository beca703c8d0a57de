import type { ChangePasswordFailure } from '../use-cases/change-password.ts';
import type { KeepOutFailure } from '../use-cases/keep-out.ts';
import type { LinkFailure } from '../use-cases/reset-password.ts';
import { factorProblem } from './factor-problems.ts';
import { type PersonProblem, personProblem, signUpProblem, USER_UNKNOWN } from './person-problems.ts';

export type CredentialFailure =
  | ChangePasswordFailure
  | LinkFailure
  | { readonly code: 'invalid-email' }
  | { readonly code: 'email-taken' };

/** What can be wrong with a change of a password or an address. */
export function credentialProblem(failure: CredentialFailure): PersonProblem {
  switch (failure.code) {
    case 'link-not-good':
      return personProblem(
        failure.code,
        'This link was used, is too old, or another took its place. Ask for a new one.',
      );
    case 'wrong-password':
      return personProblem(failure.code, 'This is not your present password.');
    case 'email-taken':
      return personProblem(failure.code, 'Someone signs in with this e-mail address by now.');
    case 'invalid-email':
    case 'password-too-weak':
      return signUpProblem(failure);
    default:
      return factorProblem(failure);
  }
}

export function keepOutProblem(failure: KeepOutFailure): PersonProblem {
  if (failure.code === 'user-not-found') return USER_UNKNOWN;
  return personProblem(failure.code, 'Nobody keeps themselves out, or lets themselves in.');
}

export const DEVICE_UNKNOWN = personProblem('device-not-found', 'You are not known in a browser of this id.');
