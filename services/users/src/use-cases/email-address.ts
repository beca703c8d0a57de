import { fail, type NewId, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { canonicalEmail } from '../domain/login-name.ts';
import type { Actor } from '../domain/person.ts';
import { isEmailTaken, confirmEmail as noteConfirmed, setEmail } from '../repositories/credentials.ts';
import { spendToken, voidTokens } from '../repositories/mailed-tokens.ts';
import { findPerson } from '../repositories/people.ts';
import type { CodeDeps } from './check-code.ts';
import { type FactorOwner, type FreshFailure, proveFresh } from './fresh-sign-in.ts';
import { type MailQueueDeps, queueMail } from './queue-mail.ts';
import { type LinkFailure, NOT_GOOD } from './reset-password.ts';

interface Deps extends CodeDeps, MailQueueDeps {
  readonly newId: NewId;
}

/** Has the mail that confirms an address sent once more. */
export async function askConfirmation(deps: Deps, actor: Actor): Promise<void> {
  await deps.database.transaction((tx) => queueMail(deps, tx, { kind: 'confirm-email', personId: actor.subject }));
}

/**
 * Asks for another address. It becomes theirs when it is confirmed; the old one is told now, while it still helps. Whether
 * the new one is somebody's is not said here.
 */
export async function askEmailChange(
  deps: Deps,
  owner: FactorOwner,
  typed: string,
): Promise<Result<void, FreshFailure | { readonly code: 'invalid-email' }>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  const email = canonicalEmail(typed);
  if (email === undefined) return fail({ code: 'invalid-email' });
  return deps.database.transaction(async (tx) => {
    await queueMail(deps, tx, { kind: 'change-email', personId: owner.subject, email });
    await deps.record(tx, [
      { kind: 'security-changed', personId: owner.subject, change: 'email-change-asked' },
      audited(owner, 'users.email-change-ask', owner.subject),
    ]);
    return ok(undefined);
  });
}

/** Confirms an address with the token of a mail: the one of the sign-up, or the one that is to take its place. */
export async function confirmEmail(
  deps: Deps,
  token: string,
  traceId: string,
): Promise<Result<void, LinkFailure | { readonly code: 'email-taken' }>> {
  const { database, vault } = deps;
  const hash = vault.hash('mailed-token', token);
  try {
    return await database.transaction(async (tx) => {
      const spent = await spendToken(tx, vault, hash, ['confirm-email', 'change-email']);
      const before = spent && (await findPerson(tx, vault, spent.personId));
      if (spent === undefined || before === undefined) return NOT_GOOD;
      const { personId, newEmail } = spent;
      const actor = { subject: personId, roles: before.roles, traceId };
      if (newEmail === undefined) {
        await noteConfirmed(tx, personId);
        await deps.record(tx, [audited(actor, 'users.email-confirm', personId)]);
        return ok(undefined);
      }
      await setEmail(tx, vault, personId, newEmail);
      await voidTokens(tx, personId, ['reset-password', 'confirm-email', 'change-email']);
      await deps.record(tx, [
        {
          kind: 'security-changed',
          personId,
          change: 'email-changed',
          ...(before.emailConfirmed ? { mailTo: before.email } : {}),
        },
        audited(actor, 'users.email-change', personId),
      ]);
      return ok(undefined);
    });
  } catch (error) {
    if (isEmailTaken(error)) return fail({ code: 'email-taken' });
    throw error;
  }
}
