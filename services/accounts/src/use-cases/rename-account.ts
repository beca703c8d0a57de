import { fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, isOwner, mayRead } from '../domain/actor.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { lockAccount, renameAccount as writeName } from '../repositories/accounts.ts';
import type { Deps } from './ports.ts';

/** Gives an account another name; the ledger need not know. Fails with `account-not-found` or `owner-only`. */
export function renameAccount(
  deps: Pick<Deps, 'db' | 'publish'>,
  accountId: string,
  name: string,
  actor: Actor,
): Promise<Result<Account, AccountFailure>> {
  return deps.db.transaction(async (tx): Promise<Result<Account, AccountFailure>> => {
    const account = await lockAccount(tx, accountId);
    if (account === undefined || !mayRead(account.owners, actor)) return fail(NOT_FOUND);
    if (!isOwner(account.owners, actor)) {
      return fail({ code: 'owner-only', detail: 'Only its owners name an account.' });
    }
    if (account.name === name) return ok(account);
    await writeName(tx, accountId, name);
    await deps.publish(tx, [
      {
        kind: 'action',
        id: `${accountId}:rename:${actor.traceId}`,
        accountId,
        action: 'account.rename',
        actor,
        outcome: 'done',
        reason: null,
      },
    ]);
    return ok({ ...account, name });
  });
}
