import { FIRST_VERSION, FREQUENT_WORD, LINES, RARE_WORD } from './history-books.ts';

/** One kind of read, as many requests of it as one round sends. Each asks for something else where it can. */
export interface ReadKind {
  readonly name: string;
  readonly requests: readonly Read[];
}

export interface Read {
  readonly accountId: string;
  readonly path: string;
}

const REQUESTS = 400;
const DAY_MS = 86_400_000;

export interface KindInputs {
  readonly spread: string;
  readonly crowded: readonly string[];
  readonly lineIds: readonly string[];
  readonly nowMs: number;
}

/** Everything people do with a long history, in the order of the table. */
export function readKinds({ spread, crowded, lineIds, nowMs }: KindInputs): ReadKind[] {
  const of = (accountId: string, path: string): Read => ({ accountId, path: `/v1/accounts/${accountId}${path}` });
  const many = (name: string, pathOf: (share: number) => string, accountId = spread): ReadKind => ({
    name,
    requests: Array.from({ length: REQUESTS }, (_, index) => of(accountId, pathOf(index / REQUESTS))),
  });
  const lines = (query: string) => `/transactions?${query}`;
  const place = (share: number) => `${FIRST_VERSION + 1 + Math.floor(share * LINES)}.0`;
  const day = (daysAgo: number) => new Date(nowMs - Math.floor(daysAgo) * DAY_MS).toISOString().slice(0, 10);
  const daysAgo = (share: number) => Math.floor(share * 1_000);
  return [
    many('newest page', () => lines('limit=25')),
    many('page at any depth', (share) => lines(`limit=25&cursor=${place(share)}`)),
    many('page of 100 at any depth', (share) => lines(`limit=100&cursor=${place(share)}`)),
    many('one line by its id', (share) => `/transactions/${lineIds[Math.floor(share * lineIds.length)]}`),
    many('frequent word', (share) => lines(`q=${FREQUENT_WORD}&cursor=${place(share)}`)),
    many('rare word', (share) => lines(`q=${RARE_WORD}&cursor=${place(share)}`)),
    many('word that is nowhere', (share) => lines(`q=xylophone&cursor=${place(share)}`)),
    many('amounts, few', (share) => lines(`minAmount=200.50&maxAmount=200.60&cursor=${place(share)}`)),
    many('category, one line in 1,000', (share) => lines(`category=insurance&cursor=${place(share)}`)),
    many('a week of days', (share) => lines(`limit=100&from=${day(daysAgo(share) + 7)}&to=${day(daysAgo(share))}`)),
    many('rare word in three months', (share) =>
      lines(`q=${RARE_WORD}&from=${day(daysAgo(share) + 90)}&to=${day(daysAgo(share))}`),
    ),
    many(
      'balance of 90 days',
      (share) => `/balance-history?from=${day(daysAgo(share) + 89)}&to=${day(daysAgo(share))}`,
    ),
    many('balance of 366 days', (share) => {
      const last = Math.floor(share * 700);
      return `/balance-history?from=${day(last + 365)}&to=${day(last)}`;
    }),
    many('balance of this month, all lines in it', () => '/balance-history', crowded[0]),
    {
      name: 'spending of any month',
      requests: Array.from({ length: REQUESTS }, (_, index) => ({
        accountId: spread,
        path: `/v1/spending?month=${day(daysAgo(index / REQUESTS)).slice(0, 7)}`,
      })),
    },
    {
      name: 'spending, first look, all lines in this month',
      requests: crowded.map((accountId) => ({ accountId, path: '/v1/spending' })),
    },
    {
      name: 'spending again, all lines in this month',
      requests: Array.from({ length: REQUESTS }, (_, index) => ({
        accountId: crowded[index % crowded.length] ?? '',
        path: '/v1/spending',
      })),
    },
  ];
}
