import type { AccountNews, WantedNews } from '../domain/account-news.ts';

/** What is new, in the order it was wanted; undefined where nothing is. */
export type FindNews = (wanted: readonly WantedNews[]) => Promise<readonly (AccountNews | undefined)[]>;

/** Accounts one statement reads; each with at most 51 lines. */
const NEWS_AT_ONCE_MAX = 200;

/** Names a piece of news: several streams may stand at one place and want the same. */
export function newsKey({ customerId, accountId, afterVersion }: WantedNews): string {
  return `${customerId} ${accountId} ${afterVersion}`;
}

/** Finds news by its key, each once however often it is wanted, so many at a time that no statement is large. */
export async function findNews(
  find: FindNews,
  wanted: readonly WantedNews[],
): Promise<ReadonlyMap<string, AccountNews>> {
  const found = new Map<string, AccountNews>();
  const distinct = [...new Map(wanted.map((each) => [newsKey(each), each]))];
  for (let start = 0; start < distinct.length; start += NEWS_AT_ONCE_MAX) {
    const some = distinct.slice(start, start + NEWS_AT_ONCE_MAX);
    const news = await find(some.map(([, each]) => each));
    for (const [index, [key]] of some.entries()) {
      const each = news[index];
      if (each !== undefined) found.set(key, each);
    }
  }
  return found;
}
