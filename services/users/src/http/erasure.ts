import { type ApprovalDesk, askedReply } from '@florin/approvals';
import { eraseUser } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import { ok } from '@florin/primitives';
import { askForErasure, DETAILS, type ErasureDeps } from '../use-cases/erase-person.ts';
import { personProblem } from './person-problems.ts';

/** What an admin asks for and a second one decides: see the approvals of this service. */
export function erasureEndpoints(deps: ErasureDeps & { readonly approvals: ApprovalDesk }): readonly Endpoint[] {
  return [
    endpoint(eraseUser, async ({ caller, params, body, traceId }) => {
      const wanted = { personId: params.id, reason: body.reason };
      const asked = await askForErasure(deps, deps.approvals, caller, wanted);
      if (asked.ok) return askedReply(deps.approvals, ok(asked.value), traceId);
      const { failure } = asked;
      if ('detail' in failure) return askedReply(deps.approvals, { ok: false, failure }, traceId);
      return problemReply({ ...personProblem(failure.code, DETAILS[failure.code]), traceId });
    }),
  ];
}
