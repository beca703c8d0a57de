import type { Database, Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import { decideRoles, type ExclusiveRoles, type RolesFailure } from '../domain/roles.ts';
import { lockRoles, writeRoles } from '../repositories/people.ts';
import { endAllSignIns } from './end-sign-in.ts';
import { endNotNeeded } from './follow-welcome.ts';
import type { RecordFacts } from './ports.ts';

export interface ChangeRolesDeps {
  readonly database: Database;
  readonly record: RecordFacts;
  readonly exclusiveRoles: ExclusiveRoles;
}

export type RolesChange =
  | { readonly kind: 'set'; readonly roles: readonly string[] }
  | { readonly kind: 'add' | 'remove'; readonly role: string };

export type ChangeRolesFailure = RolesFailure | { readonly code: 'user-not-found' } | { readonly code: 'own-roles' };

/**
 * Changes what someone may do. They are signed out everywhere, for a token carries the roles of the moment it was
 * made. Nobody changes their own roles. `settle` commits with the change.
 */
export async function changeRoles(
  deps: ChangeRolesDeps,
  actor: Actor,
  personId: string,
  change: RolesChange,
  settle: Settle = ALWAYS,
): Promise<Result<readonly string[], ChangeRolesFailure>> {
  if (actor.subject === personId) return fail({ code: 'own-roles' });
  return deps.database.transaction(async (tx) => {
    const before = await lockRoles(tx, personId);
    if (before === undefined) return fail({ code: 'user-not-found' });
    const decision = decideRoles(wantedRoles(before, change), deps.exclusiveRoles);
    if (!decision.ok) return decision;
    const roles = decision.value;
    if (!(await settle(tx)) || roles.join() === before.join()) return decision;
    await writeRoles(tx, personId, roles, actor.subject);
    await endAllSignIns(deps.record, tx, personId);
    if (!roles.includes('customer')) await endNotNeeded(tx, personId);
    await deps.record(tx, [audited(actor, `users.roles-set:${roles.join('+')}`, personId)]);
    return ok(roles);
  });
}

/** What commits with the change; false when it was made before, and nothing is to change. */
type Settle = (tx: Tx) => Promise<boolean>;
const ALWAYS: Settle = async () => true;

export function wantedRoles(before: readonly string[], change: RolesChange): readonly string[] {
  switch (change.kind) {
    case 'set':
      return change.roles;
    case 'add':
      return [...before, change.role];
    case 'remove':
      return before.filter((role) => role !== change.role);
  }
}
