import { type Approval, type ApprovalDesk, askedReply } from '@florin/approvals';
import { grantRole, withdrawRole } from '@florin/contracts';
import { type Caller, type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/person.ts';
import type { AskedForRoles, OneRole } from '../use-cases/ask-for-roles.ts';
import type { ChangeRolesFailure } from '../use-cases/change-roles.ts';
import { rolesProblem } from './person-problems.ts';

interface Asking {
  readonly personId: string;
  readonly change: OneRole;
  readonly reason: string;
}

export interface RolePorts {
  readonly approvals: ApprovalDesk;
  askForRoles(
    actor: Actor,
    asking: Asking,
  ): Promise<
    Result<
      AskedForRoles,
      ChangeRolesFailure | { readonly code: 'approval-pending' | 'idempotency-key-reused'; readonly detail: string }
    >
  >;
}

const NOT_SAID = 'No reason was given.';

/** What an admin asks for and a second one decides: see the approvals of this service. */
export function roleEndpoints({ approvals, askForRoles }: RolePorts): readonly Endpoint[] {
  const reply = async (caller: Caller, asking: Asking): Promise<Reply> => {
    const { traceId } = caller;
    const asked = await askForRoles(caller, asking);
    if (!asked.ok) {
      if ('detail' in asked.failure) return askedReply(approvals, { ok: false, failure: asked.failure }, traceId);
      return problemReply({ ...rolesProblem(asked.failure), traceId });
    }
    if ('roles' in asked.value) return { status: 200, body: { id: asking.personId, roles: asked.value.roles } };
    return askedReply(approvals, ok<Approval>(asked.value.approval), traceId);
  };
  return [
    endpoint(grantRole, ({ caller, params, body }) => {
      const change = { kind: 'add', role: body.role } as const;
      return reply(caller, { personId: params.id, change, reason: body.reason ?? NOT_SAID });
    }),
    endpoint(withdrawRole, ({ caller, params, query }) => {
      const change = { kind: 'remove', role: params.role } as const;
      return reply(caller, { personId: params.id, change, reason: query.reason ?? NOT_SAID });
    }),
  ];
}
