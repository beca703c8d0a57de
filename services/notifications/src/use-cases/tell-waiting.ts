import { transferNotices } from '../domain/news.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { takeKnown } from '../repositories/waiting-transfers.ts';
import type { Deps } from './ports.ts';
import { tell } from './tell.ts';

/** As many as one transaction takes; the next round takes the next. */
const TRANSFERS_MAX = 500;

/** Tells of money that came before its payee was known, once they are. Answers how many transfers that were. */
export function tellWaiting(deps: Deps): Promise<number> {
  return deps.db.transaction(async (tx) => {
    const transfers = await takeKnown(tx, deps.keys, TRANSFERS_MAX);
    if (transfers.length === 0) return 0;
    const accounts = await findAccounts(
      tx,
      transfers.flatMap(({ fromAccountId, toAccountId }) => [fromAccountId, toAccountId]),
    );
    await tell(
      deps,
      tx,
      transfers.flatMap((transfer) => transferNotices(accounts, transfer)),
    );
    return transfers.length;
  });
}
