import { fail, ok, type Result } from '@florin/primitives';

/** Roles that nobody may hold together, in pairs. */
export type ExclusiveRoles = readonly (readonly [string, string])[];

export type RolesFailure =
  | { readonly code: 'roles-conflict'; readonly roles: readonly [string, string] }
  | { readonly code: 'no-role-left' };

/** Checks a set of roles against the segregation of duties, and answers it sorted and without repeats. */
export function decideRoles(
  wanted: readonly string[],
  exclusive: ExclusiveRoles,
): Result<readonly string[], RolesFailure> {
  const roles = new Set(wanted);
  if (roles.size === 0) return fail({ code: 'no-role-left' });
  for (const pair of exclusive) {
    if (roles.has(pair[0]) && roles.has(pair[1])) return fail({ code: 'roles-conflict', roles: pair });
  }
  return ok([...roles].sort());
}
