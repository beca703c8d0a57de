import { type Clock, fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { SecondFactor } from '../domain/factors.ts';
import { canonicalLogin } from '../domain/login-name.ts';
import { normalisePassword, PASSWORD_LENGTH_MAX } from '../domain/password-policy.ts';
import { GUESSES_TOLD_AT, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { type Credential, findCredential } from '../repositories/people.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import { deviceOf } from './known-device.ts';
import type { Passwords } from './ports.ts';
import { awaitSecondFactor, type SignInPlace } from './second-step.ts';
import { countWrongPassword, type FloodDeps, type Tried, triedOf, waitInFlood } from './sign-in-flood.ts';

interface Deps extends FloodDeps {
  readonly passwords: Passwords;
  readonly clock: Clock;
}

export type SignInFailure =
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'sign-in-delayed'; readonly seconds: number };

export interface PasswordAccepted {
  readonly personId: string;
  /** Of the password that was right: the sign-in comes to nothing when it is another by the end. */
  readonly credentialVersion: number;
  /** What is asked for next; the sign-in is complete when there is nothing. */
  readonly secondFactors: readonly SecondFactor[];
}

/** Stands in the audit trail for whoever typed a name that nobody has. */
const NOBODY = 'anonymous';

/**
 * Checks a login name (e-mail address or short name) and a password. An unknown name, a wrong password and a disabled
 * person are one answer, in the same time. After a few failures in a row a name waits, known or not; a browser its owner
 * signed in in before is counted by itself, so that strangers who fail on purpose do not keep the owner out, and goes on
 * in a flood of wrong passwords for many names. Who has a second factor is told so now, and not before.
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
  const device = credential && (await deviceOf(deps, place.deviceCookie, credential.personId));
  const byName = vault.index('sign-in', login);
  const counter = device === undefined ? byName : vault.index('sign-in-device', `${credential?.personId}|${device}`);
  const password = [...normalisePassword(typed.password)].slice(0, PASSWORD_LENGTH_MAX + 1).join('');
  // A known browser is not part of a flood.
  const tried = device === undefined ? triedOf(vault, password, byName) : undefined;
  const floodSeconds = tried && (await waitInFlood(deps, tried, traceId));
  if (floodSeconds !== undefined) return fail({ code: 'sign-in-delayed', seconds: floodSeconds });
  const attempt = await bookAttempt(database, counter, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });

  const right = await passwords.verify(password, credential?.passwordHash);
  if (!right || credential === undefined) {
    await refuse(deps, credential, tried, attempt.failures, traceId);
    return fail({ code: 'wrong-credentials' });
  }
  const { personId, version: credentialVersion } = credential;
  return database.transaction(async (tx) => {
    await forgetFailures(tx, counter);
    const secondFactors = await findSecondFactors(tx, personId);
    const isComplete = secondFactors.length === 0;
    if (!isComplete) await awaitSecondFactor(tx, vault, place.interactionUid, { personId, credentialVersion });
    const action = isComplete ? 'users.sign-in' : 'users.password-accepted';
    await deps.record(tx, [audited({ subject: personId, roles: [], traceId }, action, personId)]);
    return ok({ personId, credentialVersion, secondFactors });
  });
}

/** Puts a wrong password on record, and tells its owner once when they become many in a row. */
async function refuse(
  { database, record }: Deps,
  credential: Credential | undefined,
  tried: Tried | undefined,
  failures: number,
  traceId: string,
): Promise<void> {
  const subject = credential?.personId ?? NOBODY;
  const isToTell = credential !== undefined && failures === GUESSES_TOLD_AT;
  await database.transaction(async (tx) => {
    if (tried !== undefined) await countWrongPassword(tx, tried);
    await record(tx, [
      audited({ subject, roles: [], traceId }, 'users.sign-in', subject, 'wrong-credentials'),
      ...(isToTell ? [{ kind: 'security-changed', personId: subject, change: 'sign-in-guessed' } as const] : []),
    ]);
  });
}
