import type { Database } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { canonicalEmail } from '../domain/login-name.ts';
import { decidePassword, type PasswordFailure } from '../domain/password-policy.ts';
import type { Vault } from '../domain/vault.ts';
import { setPassword } from '../repositories/credentials.ts';
import { findTokenOwner, spendToken, voidTokens } from '../repositories/mailed-tokens.ts';
import { findPerson } from '../repositories/people.ts';
import { endAllSignIns } from './end-sign-in.ts';
import type { Passwords, RecordFacts } from './ports.ts';
import { type MailQueueDeps, queueMail } from './queue-mail.ts';

export interface ResetDeps extends MailQueueDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly knownPasswords: ReadonlySet<string>;
  readonly record: RecordFacts;
}

export type LinkFailure = { readonly code: 'link-not-good' };

/**
 * Notes that somebody wants a new password at an address. Whose it is, if anybody's, is looked up when the mail is
 * written: whoever asks sees the same answer, in the same time, in every case.
 */
export async function askPasswordReset(deps: ResetDeps, typed: string): Promise<void> {
  const email = canonicalEmail(typed);
  if (email === undefined) return;
  await deps.database.transaction((tx) => queueMail(deps, tx, { kind: 'reset-password', email }));
}

/**
 * Sets a new password with a token of a mail. A password that is too weak leaves the token as it is. Everywhere is signed
 * out; second factors stay, and the next sign-in asks for them.
 */
export async function completePasswordReset(
  deps: ResetDeps,
  { token, password: typed }: { readonly token: string; readonly password: string },
  traceId: string,
): Promise<Result<void, LinkFailure | PasswordFailure>> {
  const { database, vault } = deps;
  const hash = vault.hash('mailed-token', token);
  const ownerId = await findTokenOwner(database, hash, 'reset-password');
  const owner = ownerId === undefined ? undefined : await findPerson(database, vault, ownerId);
  if (owner === undefined) return NOT_GOOD;
  const password = decidePassword(typed, [owner.email, owner.name], deps.knownPasswords);
  if (!password.ok) return password;
  const passwordHash = await deps.passwords.hash(password.value);
  return database.transaction(async (tx) => {
    const spent = await spendToken(tx, vault, hash, ['reset-password']);
    if (spent === undefined) return NOT_GOOD;
    const { personId } = spent;
    await setPassword(tx, personId, passwordHash);
    await voidTokens(tx, personId, ['reset-password', 'change-email']);
    await endAllSignIns(deps.record, tx, personId);
    await deps.record(tx, [
      { kind: 'security-changed', personId, change: 'password-reset' },
      audited({ subject: personId, roles: owner.roles, traceId }, 'users.password-reset', personId),
    ]);
    return ok(undefined);
  });
}

export const NOT_GOOD = fail({ code: 'link-not-good' });
