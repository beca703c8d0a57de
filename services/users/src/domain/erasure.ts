import { fail, ok, type Result } from '@florin/primitives';

export type ErasureFailure = {
  readonly code: 'user-not-found' | 'own-access' | 'person-is-staff' | 'accounts-open';
};

/** Whether somebody of these roles may be erased. Those of the staff lose their roles first, by two people as well. */
export function decideErasure(roles: readonly string[] | undefined): Result<void, ErasureFailure> {
  if (roles === undefined) return fail({ code: 'user-not-found' });
  return roles.some((role) => role !== 'customer') ? fail({ code: 'person-is-staff' }) : ok(undefined);
}
