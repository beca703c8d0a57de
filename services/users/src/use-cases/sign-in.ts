import type { Database } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { canonicalLogin } from '../domain/login-name.ts';
import { normalisePassword, PASSWORD_LENGTH_MAX } from '../domain/password-policy.ts';
import { SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import type { Vault } from '../domain/vault.ts';
import { findCredential } from '../repositories/people.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import type { Passwords, RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly record: RecordFacts;
}

export type SignInFailure =
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'sign-in-delayed'; readonly seconds: number };

/** Stands in the audit trail for whoever typed a name that nobody has. */
const NOBODY = 'anonymous';

/**
 * Checks a login name (e-mail address or short name) and a password. An unknown name, a wrong password and a disabled
 * person are one answer, in the same time. After a few failures in a row a name waits, known or not.
 */
export async function signIn(
  deps: Deps,
  typed: { readonly login: string; readonly password: string },
  traceId: string,
): Promise<Result<{ readonly personId: string }, SignInFailure>> {
  const { database, vault, passwords } = deps;
  const login = canonicalLogin(typed.login);
  const loginIndex = vault.index('sign-in', login);
  const attempt = await bookAttempt(database, loginIndex, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });

  const credential = await findCredential(database, vault, login);
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
  await database.transaction(async (tx) => {
    await forgetFailures(tx, loginIndex);
    await deps.record(tx, [audited({ subject: personId, roles: [], traceId }, 'users.sign-in', personId)]);
  });
  return ok({ personId });
}
