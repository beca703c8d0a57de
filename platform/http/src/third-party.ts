import type { ThirdPartyScope } from '@florin/contracts';
import type { Principal } from '@florin/security';

/**
 * Whether a program that asks in the name of a person may use a route at all, whatever the person may: one of the bank's
 * may, another's needs the scope that the route names, and a route that names none is closed to it.
 */
export function isOpenTo(scope: ThirdPartyScope | undefined, { thirdParty }: Pick<Principal, 'thirdParty'>): boolean {
  if (thirdParty === undefined) return true;
  return scope !== undefined && thirdParty.scopes.includes(scope);
}
