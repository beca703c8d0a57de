import { type Access, mayAny } from '@florin/contracts';
import type { Principal } from '@florin/security';

/** Who calls a public route. */
export const ANONYMOUS: Principal = Object.freeze({
  subject: 'anonymous',
  kind: 'anonymous',
  roles: Object.freeze([]),
});

/**
 * Whether a caller may use a route, deny by default: undefined means yes. A signed-in route needs at least one of its
 * permissions; an internal one needs another service as the caller, whatever roles a person has.
 */
export function refusal(access: Access, principal: Principal | undefined): 'unauthenticated' | 'forbidden' | undefined {
  if (access.kind === 'public') return undefined;
  if (principal === undefined || principal.kind === 'anonymous') return 'unauthenticated';
  if (access.kind === 'internal') return principal.kind === 'service' ? undefined : 'forbidden';
  return mayAny(principal.roles, access.permissions) ? undefined : 'forbidden';
}
