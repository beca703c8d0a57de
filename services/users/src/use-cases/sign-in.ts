import type { Database } from '@florin/postgres';
import { type Clock, fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { SecondFactor } from '../domain/factors.ts';
import { canonicalLogin } from '../domain/login-name.ts';
import { normalisePassword, PASSWORD_LENGTH_MAX } from '../domain/password-policy.ts';
import { SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import type { Vault } from '../domain/vault.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { findCredential } from '../repositories/people.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import { deviceOf } from './known-device.ts';
import type { Passwords, RecordFacts } from './ports.ts';
import { awaitSecondFactor, type SignInPlace } from './second-step.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly record: RecordFacts;
}

export type SignInFailure =
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'sign-in-delayed'; readonly seconds: number };

export interface PasswordAccepted {
  readonly personId: string;
  /** What is asked for next; the sign-in is complete when there is nothing. */
  readonly secondFactors: readonly SecondFactor[];
}

/** Stands in the audit trail for whoever typed a name that nobody has. */
const NOBODY = 'anonymous';

/**
 * Checks a login name (e-mail address or short name) and a password. An unknown name, a wrong password and a disabled
 * person are one answer, in the same time. After a few failures in a row a name waits, known or not; a browser its owner
 * signed in in before is counted by itself, so that strangers who fail on purpose do not keep the owner out. Who has a
 * second factor is told so now, and not before.
 */
export async function signIn(
  deps: Deps,
  typed: { readonly login: string; readonly password: string },
  place: SignInPlace,
  traceId: string,
): Promise<Result<PasswordAccepted, SignInFailure>> {
  const { database, vault, passwords } = deps;
  const login = canonicalLogin(typed.login);
  const credential = await findCredential(database, vault, login);
  const device = credential && deviceOf(deps, place.deviceCookie, credential.personId);
  const counter =
    device === undefined
      ? vault.index('sign-in', login)
      : vault.index('sign-in-device', `${credential?.personId}|${device}`);
  const attempt = await bookAttempt(database, counter, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });

  const password = [...normalisePassword(typed.password)].slice(0, PASSWORD_LENGTH_MAX + 1).join('');
  const right = await passwords.verify(password, credential?.passwordHash);
  if (!right || credential === undefined) {
    const subject = credential?.personId ?? NOBODY;
    await database.transaction((tx) =>
      deps.record(tx, [audited({ subject, roles: [], traceId }, 'users.sign-in', subject, 'wrong-credentials')]),
    );
    return fail({ code: 'wrong-credentials' });
  }
  const { personId } = credential;
  return database.transaction(async (tx) => {
    await forgetFailures(tx, counter);
    const secondFactors = await findSecondFactors(tx, personId);
    const isComplete = secondFactors.length === 0;
    if (!isComplete) await awaitSecondFactor(tx, vault, place.interactionUid, personId);
    const action = isComplete ? 'users.sign-in' : 'users.password-accepted';
    await deps.record(tx, [audited({ subject: personId, roles: [], traceId }, action, personId)]);
    return ok({ personId, secondFactors });
  });
}
