import { disableUser, enableUser, endMySessions, endUserSessions } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import { type KeepOutFailure, setAccess, signOutEverywhere } from '../use-cases/keep-out.ts';
import { keepOutProblem } from './credential-problems.ts';

/** Ending all of somebody's sign-ins at once, and keeping somebody out. */
export function accessEndpoints(deps: Parameters<typeof setAccess>[0]): readonly Endpoint[] {
  return [
    endpoint(endMySessions, async ({ caller, principal, traceId }) =>
      answer(await signOutEverywhere(deps, caller, principal.subject), traceId),
    ),
    endpoint(disableUser, async ({ caller, params, traceId }) =>
      answer(await setAccess(deps, caller, params.id, 'disabled'), traceId),
    ),
    endpoint(enableUser, async ({ caller, params, traceId }) =>
      answer(await setAccess(deps, caller, params.id, 'enabled'), traceId),
    ),
    endpoint(endUserSessions, async ({ caller, params, traceId }) =>
      answer(await signOutEverywhere(deps, caller, params.id), traceId),
    ),
  ];
}

function answer(result: Result<void, KeepOutFailure>, traceId: string): Reply {
  return result.ok ? { status: 204 } : problemReply({ ...keepOutProblem(result.failure), traceId });
}
