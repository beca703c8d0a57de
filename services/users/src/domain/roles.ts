import { fail, ok, type Result } from '@florin/primitives';

/** Roles nobody may hold together: whoever makes may not check, and whoever administers or audits touches no money. */
const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ['teller', 'supervisor'],
  ['loan-officer', 'credit-approver'],
  ['admin', 'customer'],
  ['admin', 'teller'],
  ['admin', 'supervisor'],
  ['admin', 'loan-officer'],
  ['admin', 'credit-approver'],
  ['admin', 'fraud-analyst'],
  ['admin', 'auditor'],
  ['auditor', 'customer'],
  ['auditor', 'teller'],
  ['auditor', 'supervisor'],
  ['auditor', 'loan-officer'],
  ['auditor', 'credit-approver'],
  ['auditor', 'fraud-analyst'],
];

export type RolesFailure =
  | { readonly code: 'roles-conflict'; readonly roles: readonly [string, string] }
  | { readonly code: 'no-role-left' };

/** Checks a set of roles against the segregation of duties, and answers it sorted and without repeats. */
export function decideRoles(wanted: readonly string[]): Result<readonly string[], RolesFailure> {
  const roles = new Set(wanted);
  if (roles.size === 0) return fail({ code: 'no-role-left' });
  for (const pair of EXCLUSIVE) {
    if (roles.has(pair[0]) && roles.has(pair[1])) return fail({ code: 'roles-conflict', roles: pair });
  }
  return ok([...roles].sort());
}
