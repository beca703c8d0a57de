import { findAccounts } from '../repositories/accounts.ts';
import { findPostings, type PostingRecord } from '../repositories/postings.ts';
import type { Ledger } from './ledger.ts';

export type { PostingRecord };

export interface PostingPage {
  readonly lines: readonly PostingRecord[];
  /** Where the next page starts; null on the last one. */
  readonly nextBefore: bigint | null;
}

/** The history of an account, newest first; undefined when there is no such account. */
export async function listPostings(
  ledger: Ledger,
  accountId: string,
  page: { readonly limit: number; readonly before: bigint | null; readonly afterVersion: number },
): Promise<PostingPage | undefined> {
  const [account] = await findAccounts(ledger.db, [accountId]);
  if (account === undefined) return undefined;
  const lines = await findPostings(ledger.db, accountId, { ...page, limit: page.limit + 1 });
  const hasMore = lines.length > page.limit;
  const shown = hasMore ? lines.slice(0, page.limit) : lines;
  return { lines: shown, nextBefore: hasMore ? (shown.at(-1)?.id ?? null) : null };
}
