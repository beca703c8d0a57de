import { fail, type Result } from '@florin/primitives';
import type { CredentialFailure } from '../domain/external-identity.ts';
import { audited } from '../domain/fact.ts';
import { SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import { type LetInDeps, type LetInFailure, letIn } from './let-in.ts';
import type { CredentialVerifier } from './ports.ts';
import type { SignInPlace } from './second-step.ts';
import type { PasswordAccepted, SignInFailure } from './sign-in.ts';
import { countWrongPassword, type FloodDeps, triedOf, waitInFlood } from './sign-in-flood.ts';

/** A directory that people have a password at. */
export interface Directory {
  readonly id: string;
  readonly verifier: CredentialVerifier;
}

export type DirectoryFailure = SignInFailure | LetInFailure | CredentialFailure;

/**
 * Checks a name and a password with a directory, and lets in whom it vouches for. Names wait after failures and floods are
 * held back as with passwords of our own: a directory must not be where one guesses faster, nor be locked by strangers.
 */
export async function signInByDirectory(
  deps: FloodDeps & LetInDeps,
  directory: Directory,
  typed: { readonly login: string; readonly password: string },
  place: SignInPlace,
  traceId: string,
): Promise<Result<PasswordAccepted, DirectoryFailure>> {
  const { database, vault, record } = deps;
  const byName = vault.index('sign-in', `${directory.id}|${typed.login.normalize('NFC').trim().toLowerCase()}`);
  const tried = triedOf(vault, typed.password, byName);
  const floodSeconds = await waitInFlood(deps, tried, traceId);
  if (floodSeconds !== undefined) return fail({ code: 'sign-in-delayed', seconds: floodSeconds });
  const attempt = await bookAttempt(database, byName, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });
  const verified = await directory.verifier.verify(typed.login, typed.password);
  if (!verified.ok) {
    const { code } = verified.failure;
    await database.transaction(async (tx) => {
      if (code === 'wrong-credentials') await countWrongPassword(tx, tried);
      await record(tx, [audited({ subject: 'anonymous', roles: [], traceId }, 'users.sign-in', 'anonymous', code)]);
    });
    return verified;
  }
  await database.transaction((tx) => forgetFailures(tx, byName));
  return letIn(deps, verified.value, place.interactionUid, traceId);
}
