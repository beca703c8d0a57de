import { permissionsOf } from '@florin/contracts';
import type { Principal } from '@florin/security';
import type { Actor } from '../domain/actor.ts';

/** Who calls, as the rules of this service see them. */
export function actorOf(call: { readonly principal: Principal; readonly traceId: string }): Actor {
  const { subject, roles, name } = call.principal;
  return {
    subject,
    roles,
    permissions: permissionsOf(roles),
    traceId: call.traceId,
    ...(name === undefined ? {} : { name }),
  };
}
