import type { Database } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import { setStatus } from '../repositories/credentials.ts';
import { voidTokens } from '../repositories/mailed-tokens.ts';
import { lockRoles } from '../repositories/people.ts';
import { endAllSignIns } from './end-sign-in.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly record: RecordFacts;
}

export type KeepOutFailure = { readonly code: 'user-not-found' } | { readonly code: 'own-access' };

/** Keeps somebody out, or lets them in again; never oneself. Who is kept out is signed out everywhere, tokens and all. */
export async function setAccess(
  deps: Deps,
  actor: Actor,
  personId: string,
  access: 'disabled' | 'enabled',
): Promise<Result<void, KeepOutFailure>> {
  if (actor.subject === personId) return fail({ code: 'own-access' });
  return deps.database.transaction(async (tx) => {
    const isChanged = await setStatus(tx, personId, access === 'disabled' ? 'disabled' : 'active');
    if (isChanged === undefined) return fail({ code: 'user-not-found' });
    if (!isChanged) return ok(undefined);
    if (access === 'disabled') {
      await voidTokens(tx, personId, ['reset-password', 'confirm-email', 'change-email']);
      await endAllSignIns(deps.record, tx, personId);
    }
    await deps.record(tx, [
      { kind: 'security-changed', personId, change: access },
      audited(actor, access === 'disabled' ? 'users.disable' : 'users.enable', personId),
    ]);
    return ok(undefined);
  });
}

/** Signs somebody out everywhere: themselves, or an administrator does. */
export async function signOutEverywhere(
  deps: Deps,
  actor: Actor,
  personId: string,
): Promise<Result<void, { readonly code: 'user-not-found' }>> {
  return deps.database.transaction(async (tx) => {
    if ((await lockRoles(tx, personId)) === undefined) return fail({ code: 'user-not-found' });
    await endAllSignIns(deps.record, tx, personId);
    await deps.record(tx, [
      { kind: 'security-changed', personId, change: 'signed-out-everywhere' },
      audited(actor, 'users.sign-out-everywhere', personId),
    ]);
    return ok(undefined);
  });
}
