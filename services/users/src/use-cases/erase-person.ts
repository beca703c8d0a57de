import { type Approvable, type Approval, type ApprovalDesk, type AskFailure, ask } from '@florin/approvals';
import { eraseCustomerKey } from '@florin/data-keys';
import type { Database, Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { decideErasure, type ErasureFailure } from '../domain/erasure.ts';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { deleteBelongings, deleteTraces, emptyPerson } from '../repositories/erasures.ts';
import { findPerson, findRoles, lockRoles } from '../repositories/people.ts';
import { type ApprovalRights, refusalOfRights } from './approval-rights.ts';
import { endAllSignIns } from './end-sign-in.ts';
import { endNotNeeded } from './follow-welcome.ts';
import type { AccountKeeper, RecordFacts } from './ports.ts';

export const ERASE = 'people.erase';

export interface ErasureDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly record: RecordFacts;
  readonly accounts: AccountKeeper;
}

/** People have no bucket. */
const NO_BUCKET = 0;

/**
 * Asks that somebody be erased; a second admin decides. Fails with `own-access`, `user-not-found`, `person-is-staff`,
 * `accounts-open`, and with `approval-pending` while this or a change of their roles waits.
 */
export async function askForErasure(
  deps: ErasureDeps,
  desk: ApprovalDesk,
  actor: Actor,
  { personId, reason }: { readonly personId: string; readonly reason: string },
): Promise<Result<Approval, ErasureFailure | AskFailure>> {
  if (actor.subject === personId) return fail({ code: 'own-access' });
  const decided = decideErasure(await findRoles(deps.database, personId));
  if (!decided.ok) return decided;
  if ((await deps.accounts.countOpen(personId)) > 0) return fail({ code: 'accounts-open' });
  return ask(desk, actor, {
    action: ERASE,
    resource: personId,
    payload: {},
    reason,
    bucket: NO_BUCKET,
    // No role is given to somebody who is about to be erased.
    exclusiveKey: `roles ${personId}`,
  });
}

/**
 * How somebody is erased. Their accounts come first: from then on none is opened for them. A crash between the two is made
 * good by the desk, which carries out again what it did not see the end of.
 */
export function erasureApprovable(deps: ErasureDeps, rights: ApprovalRights): Approvable {
  return {
    async carryOut({ resource, maker, makerRoles, traceId }, settle) {
      const decided = decideErasure(await findRoles(deps.database, resource));
      if (!decided.ok) return refused(decided.failure);
      if ((await deps.accounts.erase(resource)) === 'accounts-open') return refused({ code: 'accounts-open' });
      const erased = await erasePerson(deps, { subject: maker, roles: makerRoles, traceId }, resource, settle);
      return erased.ok ? erased : refused(erased.failure);
    },
    async refusal({ resource, maker }, checker) {
      if (resource === checker) return { code: 'own-access', detail: DETAILS['own-access'] };
      return refusalOfRights(deps.database, rights, { maker, checker });
    },
    async current({ resource }) {
      return { roles: (await findRoles(deps.database, resource))?.join(' ') ?? '' };
    },
  };
}

/** Everything of one person, in the transaction that settles the approval. */
function erasePerson(
  { database, vault, record }: ErasureDeps,
  actor: Actor,
  personId: string,
  settle: (tx: Tx) => Promise<boolean>,
): Promise<Result<void, ErasureFailure>> {
  return database.transaction(async (tx) => {
    const decided = decideErasure(await lockRoles(tx, personId));
    if (!decided.ok) return decided;
    if (!(await settle(tx))) return ok(undefined);
    const person = await findPerson(tx, vault, personId, 'kept out as well');
    if (person === undefined) return fail({ code: 'user-not-found' });
    await endAllSignIns(record, tx, personId);
    await endNotNeeded(tx, personId);
    await deleteTraces(tx, vault, personId, person.email);
    await deleteBelongings(tx, personId);
    await emptyPerson(tx, personId);
    await eraseCustomerKey(tx, personId);
    await record(tx, [{ kind: 'person-erased', personId }, audited(actor, 'users.erase', personId)]);
    return ok(undefined);
  });
}

export const DETAILS: Readonly<Record<ErasureFailure['code'], string>> = {
  'user-not-found': 'There is no user with this id.',
  'own-access': 'Nobody erases themselves.',
  'person-is-staff': 'They have a role of the staff. Withdraw it first.',
  'accounts-open': 'They have accounts that are not closed. Close them first.',
};

function refused({ code }: ErasureFailure) {
  return fail({ code, detail: DETAILS[code] });
}
