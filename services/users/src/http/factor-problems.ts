import { ACR_TWO_FACTORS, FRESH_SIGN_IN_SECONDS } from '../domain/factors.ts';
import type { CodeFailure } from '../use-cases/check-code.ts';
import type { PasswordFirst } from '../use-cases/second-step.ts';
import { type PersonProblem, personProblem } from './person-problems.ts';

/** What can be wrong with a code of a sign-in under way. */
export type SecondStepFailure = CodeFailure | PasswordFirst | { readonly code: 'passkey-refused' };

/** What can be wrong with a change of one's own factors. */
export type FactorFailure =
  | CodeFailure
  | { readonly code: keyof typeof DETAILS }
  | { readonly code: 'fresh-sign-in-needed' };

export function secondStepProblem(failure: SecondStepFailure): PersonProblem {
  switch (failure.code) {
    case 'password-first':
      return personProblem(failure.code, 'Type your name and your password first.');
    case 'passkey-refused':
      return personProblem(failure.code, 'This passkey did not sign you in. Try again, or sign in with your password.');
    default:
      return codeProblem(failure);
  }
}

export function factorProblem(failure: FactorFailure): PersonProblem {
  switch (failure.code) {
    case 'wrong-code':
    case 'sign-in-delayed':
      return codeProblem(failure);
    case 'fresh-sign-in-needed':
      return {
        ...personProblem(failure.code, 'Sign in again to change what signs you in, or send a code along.'),
        headers: { 'www-authenticate': STEP_UP },
      };
    default:
      return personProblem(failure.code, DETAILS[failure.code]);
  }
}

/** RFC 9470 section 3: what a sign-in would have to be for this. */
const STEP_UP = `Bearer error="insufficient_user_authentication", acr_values="${ACR_TWO_FACTORS}", max_age="${FRESH_SIGN_IN_SECONDS}"`;

function codeProblem(failure: CodeFailure): PersonProblem {
  if (failure.code === 'wrong-code') {
    return personProblem(failure.code, 'This code is not right, or was used already. Take the one that is shown now.');
  }
  const { seconds } = failure;
  return {
    ...personProblem(failure.code, `There were several wrong codes. Try again in ${seconds} s, or use a passkey.`),
    headers: { 'retry-after': String(seconds) },
  };
}

const DETAILS = {
  'factor-not-found': 'You have no such app or passkey.',
  'no-second-factor': 'Set up an authenticator app or a passkey first.',
  'passkey-not-made': 'The passkey could not be taken in. Begin again.',
  'too-many-passkeys': 'You have as many passkeys as there can be. Remove one first.',
  'totp-exists': 'An authenticator app is set up already. Remove it before you set up another.',
  'totp-not-begun': 'Setting up the app was not begun, or took longer than ten minutes. Begin again.',
} as const;
