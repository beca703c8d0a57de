import { fail, ok, type Result } from '@florin/primitives';
import type { AccountFailure } from '../domain/failures.ts';
import { countAccountsLocked } from '../repositories/accounts.ts';
import {
  countOpenAccounts,
  deleteCommandsOf,
  insertErasedOwner,
  renameAccountsOf,
} from '../repositories/erased-owners.ts';
import type { Deps } from './ports.ts';

/** What staff see in place of a name. */
const ERASED_HOLDER = 'Erased customer';

/** The operations whose answers are kept under keys of their callers. */
const KEYED_OPERATIONS = ['openAccount', 'closeAccount'];

/**
 * Takes somebody's name off their accounts, which stay for the books, and opens none for them from then on. The lock is that
 * of opening accounts: of an opening and an erasure at the same moment one is refused. Fails with `accounts-open`. Done twice
 * it is as done once.
 */
export function eraseOwner({ db }: Pick<Deps, 'db'>, customerId: string): Promise<Result<void, AccountFailure>> {
  return db.transaction(async (tx) => {
    await countAccountsLocked(tx, customerId);
    if ((await countOpenAccounts(tx, customerId)) > 0) {
      return fail({ code: 'accounts-open', detail: 'They have accounts that are not closed.' });
    }
    await insertErasedOwner(tx, customerId);
    await renameAccountsOf(tx, customerId, ERASED_HOLDER);
    await deleteCommandsOf(tx, customerId, KEYED_OPERATIONS);
    return ok(undefined);
  });
}

/** How many accounts keep somebody from being erased now; `eraseOwner` asks again. */
export function countAccountsToClose({ db }: Pick<Deps, 'db'>, customerId: string): Promise<number> {
  return countOpenAccounts(db, customerId);
}
