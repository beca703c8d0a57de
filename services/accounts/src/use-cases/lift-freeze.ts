import { type Approvable, type Approval, type ApprovalDesk, ask } from '@florin/approvals';
import { bucketOf, fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, isOwner } from '../domain/actor.ts';
import { decideControl } from '../domain/control.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount } from '../repositories/accounts.ts';
import { changeAccount } from './change-account.ts';
import type { Deps } from './ports.ts';

export const UNFREEZE = 'accounts.unfreeze';

/** What came of asking: something waits now, or the account is not frozen. */
export type AskedToLift = { readonly approval: Approval } | { readonly account: Account };

/**
 * Asks that a freeze be lifted; a second person decides. An account that is not frozen is answered as it is. Fails as
 * `decideControl` does, and with `approval-pending` when somebody has asked already.
 */
export async function askToLift(
  deps: Pick<Deps, 'db'>,
  desk: ApprovalDesk,
  accountId: string,
  { reason, actor }: { readonly reason: string; readonly actor: Actor },
): Promise<Result<AskedToLift, AccountFailure>> {
  const account = await findAccount(deps.db, accountId);
  if (account === undefined) return fail(NOT_FOUND);
  const decision = decideControl(account, { action: 'unfreeze', reason }, actor);
  if (!decision.ok) return decision;
  if (decision.value === 'unchanged') return ok({ account });
  const asked = await ask(desk, actor, {
    action: UNFREEZE,
    resource: accountId,
    payload: { iban: account.iban },
    reason,
    bucket: bucketOf(accountId),
    exclusiveKey: `${UNFREEZE} ${accountId}`,
  });
  return asked.ok ? ok({ approval: asked.value }) : asked;
}

/** How a freeze is lifted that two people want lifted. */
export function liftingOf(deps: Deps): Approvable {
  return {
    carryOut: ({ resource, reason, maker, makerRoles, traceId }, settle) => {
      // What was approved is what may be done, whatever its maker may do by now.
      const actor = { subject: maker, roles: makerRoles, permissions: new Set(['accounts:unfreeze:any']), traceId };
      return changeAccount(deps, resource, { action: 'unfreeze', reason }, actor, settle);
    },
    async refusal({ resource }, checker) {
      const account = await findAccount(deps.db, resource);
      return account !== undefined && isOwner(account.owners, { subject: checker }) ? OWN_ACCOUNT : undefined;
    },
    async current({ resource }) {
      const account = await findAccount(deps.db, resource);
      return account === undefined ? {} : { status: account.status, iban: account.iban };
    },
  };
}

const OWN_ACCOUNT: AccountFailure = {
  code: 'own-account',
  detail: 'Nobody decides about an account of their own.',
};
