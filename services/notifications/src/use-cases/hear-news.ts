import { type ReceivedEvent, takeUnseen } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import { decideNotices, type News } from '../domain/news.ts';
import { findAccounts, findHolders, writeAccounts } from '../repositories/accounts.ts';
import { forgetOwner } from '../repositories/notices.ts';
import { insertWaiting } from '../repositories/waiting-transfers.ts';
import type { Deps } from './ports.ts';
import { tell } from './tell.ts';

/**
 * Makes notices of events, once for each: the inbox, the notices and what others hear of them are one transaction.
 * `read` answers undefined for an event that nobody need be told of.
 */
export async function hearNews(
  deps: Pick<Deps, 'keys' | 'clock' | 'newId' | 'publish'>,
  tx: Tx,
  group: string,
  events: readonly ReceivedEvent[],
  read: (event: ReceivedEvent) => News | undefined,
): Promise<void> {
  const unseen = await takeUnseen(tx, group, events);
  const news = unseen.map(read).filter((one) => one !== undefined);
  if (news.length === 0) return;
  const accounts = await findAccounts(tx, [...new Set(news.flatMap(accountsIn))]);
  const owners = news.flatMap((one) => (one.kind === 'account-status' ? one.owners : []));
  const holders = owners.length === 0 ? new Set<string>() : await findHolders(tx, owners);
  const decided = decideNotices({ accounts, holders }, news);
  await writeAccounts(tx, decided.accounts);
  await insertWaiting(tx, deps.keys, decided.waiting);
  await tell(deps, tx, decided.drafts);
  for (const owner of decided.erased) await forgetOwner(tx, owner);
}

function accountsIn(news: News): readonly string[] {
  switch (news.kind) {
    case 'account-status':
      return [news.accountId];
    case 'transfer':
      return [news.fromAccountId, news.toAccountId];
    case 'order-failed':
    case 'security':
    case 'erasure':
      return [];
  }
}
