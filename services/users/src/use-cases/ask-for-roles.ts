import { type Approvable, type Approval, type ApprovalDesk, type AskFailure, ask } from '@florin/approvals';
import { fail, invariant, ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/person.ts';
import { decideRoles } from '../domain/roles.ts';
import { findRoles } from '../repositories/people.ts';
import { type ApprovalRights, refusalOfRights } from './approval-rights.ts';
import {
  type ChangeRolesDeps,
  type ChangeRolesFailure,
  changeRoles,
  type RolesChange,
  wantedRoles,
} from './change-roles.ts';

export const GRANT = 'roles.grant';
export const WITHDRAW = 'roles.withdraw';

/** One role more or less. */
export type OneRole = RolesChange & { readonly kind: 'add' | 'remove' };

/** What came of asking: something waits now, or the roles are these already. */
export type AskedForRoles = { readonly approval: Approval } | { readonly roles: readonly string[] };

/** What the bucket of a role's approval is: people have none. */
const NO_BUCKET = 0;

/**
 * Asks that somebody get a role or lose one; a second admin decides. Fails as `changeRoles` does, and with
 * `approval-pending` while the same waits.
 */
export async function askForRoles(
  deps: ChangeRolesDeps,
  desk: ApprovalDesk,
  actor: Actor,
  { personId, change, reason }: { readonly personId: string; readonly change: OneRole; readonly reason: string },
): Promise<Result<AskedForRoles, ChangeRolesFailure | AskFailure>> {
  if (actor.subject === personId) return fail({ code: 'own-roles' });
  const before = await findRoles(deps.database, personId);
  if (before === undefined) return fail({ code: 'user-not-found' });
  const decision = decideRoles(wantedRoles(before, change), deps.exclusiveRoles);
  if (!decision.ok) return decision;
  if (decision.value.join() === before.join()) return ok({ roles: before });
  const asked = await ask(desk, actor, {
    action: change.kind === 'add' ? GRANT : WITHDRAW,
    resource: personId,
    payload: { role: change.role },
    reason,
    bucket: NO_BUCKET,
    // Another change of the same person's roles may exclude this one.
    exclusiveKey: `roles ${personId}`,
  });
  return asked.ok ? ok({ approval: asked.value }) : asked;
}

/** How a role is given or taken that two admins agree about. */
export function rolesApprovable(deps: ChangeRolesDeps, kind: OneRole['kind'], rights: ApprovalRights): Approvable {
  return {
    async carryOut({ resource, payload, maker, makerRoles, traceId }, settle) {
      const { role } = payload;
      invariant(role !== undefined, 'who asks for a role says which');
      const actor = { subject: maker, roles: makerRoles, traceId };
      const changed = await changeRoles(deps, actor, resource, { kind, role }, settle);
      return changed.ok ? changed : fail({ ...changed.failure, detail: DETAILS[changed.failure.code] });
    },
    async refusal({ resource, maker }, checker) {
      if (resource === checker) return { code: 'own-roles', detail: DETAILS['own-roles'] };
      return refusalOfRights(deps.database, rights, { maker, checker });
    },
    async current({ resource }) {
      return { roles: (await findRoles(deps.database, resource))?.join(' ') ?? '' };
    },
  };
}

const DETAILS: Readonly<Record<ChangeRolesFailure['code'], string>> = {
  'user-not-found': 'There is no user with this id.',
  'own-roles': 'Nobody decides about roles of their own.',
  'roles-conflict': 'They have a role by now that excludes this one.',
  'no-role-left': 'It is the only role they have left.',
};
