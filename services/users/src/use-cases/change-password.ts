import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { decidePassword, normalisePassword, type PasswordFailure } from '../domain/password-policy.ts';
import { SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { findPasswordHash, setPassword } from '../repositories/credentials.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { voidTokens } from '../repositories/mailed-tokens.ts';
import { findPerson } from '../repositories/people.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import type { CodeDeps } from './check-code.ts';
import { endOtherSignIns } from './end-sign-in.ts';
import { type FactorOwner, type FreshFailure, proveFresh } from './fresh-sign-in.ts';
import type { Passwords } from './ports.ts';

interface Deps extends CodeDeps {
  readonly passwords: Passwords;
  readonly knownPasswords: ReadonlySet<string>;
}

export type ChangePasswordFailure = FreshFailure | PasswordFailure | { readonly code: 'wrong-password' };

/**
 * Changes somebody's own password. They know the present one, or they have just shown a second factor: a session that
 * somebody left open is neither. All their other sign-ins end, and mail with links to a new password is worthless.
 */
export async function changePassword(
  deps: Deps,
  owner: FactorOwner,
  wanted: { readonly presentPassword?: string; readonly password: string },
): Promise<Result<void, ChangePasswordFailure>> {
  const { database, vault } = deps;
  const person = await findPerson(database, vault, owner.subject);
  if (person === undefined) return fail({ code: 'fresh-sign-in-needed' });
  const proven =
    wanted.presentPassword === undefined
      ? await proveSecondFactor(deps, owner)
      : await provePassword(deps, owner, wanted.presentPassword);
  if (!proven.ok) return proven;
  const password = decidePassword(wanted.password, [person.email, person.name], deps.knownPasswords);
  if (!password.ok) return password;
  const passwordHash = await deps.passwords.hash(password.value);
  return database.transaction(async (tx) => {
    await setPassword(tx, owner.subject, passwordHash);
    await voidTokens(tx, owner.subject, ['reset-password']);
    await endOtherSignIns(deps.record, tx, owner.subject, owner.sessionId);
    await deps.record(tx, [
      { kind: 'security-changed', personId: owner.subject, change: 'password-changed' },
      audited(owner, 'users.password-change', owner.subject),
    ]);
    return ok(undefined);
  });
}

/** Without the present password a fresh sign-in is not enough that had nothing but that password. */
async function proveSecondFactor(deps: Deps, owner: FactorOwner): Promise<Result<void, FreshFailure>> {
  const factors = await findSecondFactors(deps.database, owner.subject);
  return factors.length === 0 ? fail({ code: 'fresh-sign-in-needed' }) : proveFresh(deps, owner);
}

/** Guesses count as those of a sign-in do, by session, so they hold up none but whoever makes them. */
async function provePassword(
  { database, vault, passwords, record }: Deps,
  owner: FactorOwner,
  presentPassword: string,
): Promise<Result<void, ChangePasswordFailure>> {
  const counter = vault.index('present-password', `${owner.subject}|${owner.sessionId ?? 'anywhere'}`);
  const attempt = await bookAttempt(database, counter, SIGN_IN_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });
  const stored = await findPasswordHash(database, owner.subject);
  if (await passwords.verify(normalisePassword(presentPassword), stored)) {
    await forgetFailures(database, counter);
    return ok(undefined);
  }
  await database.transaction((tx) =>
    record(tx, [audited(owner, 'users.password-change', owner.subject, 'wrong-password')]),
  );
  return fail({ code: 'wrong-password' });
}
