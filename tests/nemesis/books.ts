import { type Database, openDatabase, sql } from '@florin/postgres';
import { postgresUrl } from '../../tools/stack/plan.ts';
import type { FinalBooks } from './checker.ts';
import type { Stage } from './stage.ts';

/** The databases of the ledger, in the order of the shards. */
export const SHARD_DATABASES = ['transactions', 'transactions_1'] as const;
/** All databases of the bank. */
export const DATABASES = [...SHARD_DATABASES, 'accounts', 'users', 'notifications'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** The databases themselves, past the bank: on the server that leads, as its superuser. */
export interface OpenBooks {
  of(name: DatabaseName): Database;
  close(): Promise<void>;
}

export function openBooks({ home, ports, stack }: Stage): OpenBooks {
  const opened = DATABASES.map((name) => {
    const url = new URL(postgresUrl(home, ports, stack.leader()));
    url.pathname = `/${name}`;
    return [name, openDatabase({ url: url.href, applicationName: 'nemesis', poolSize: 1 })] as const;
  });
  const databases = new Map<DatabaseName, Database>(opened);
  return {
    of: (name) => databases.get(name) as Database,
    close: async () => void (await Promise.all(opened.map(([, database]) => database.close()))),
  };
}

/** Some accounts, and the transfers from and to them, as the ledger has them. */
export async function readFinalBooks(books: OpenBooks, accountIds: readonly string[]): Promise<FinalBooks> {
  const shards = await Promise.all(
    SHARD_DATABASES.map(async (name, shard) => {
      const journals = await books.of(name).query<Omit<FinalBooks['journals'][number], 'shard'>>(sql`
        SELECT id, reference, debit_account AS "debitAccountId", credit_account AS "creditAccountId",
          amount::float8 AS minor, currency
        FROM journal
        WHERE kind = 'transfer' AND (debit_account = ANY(${accountIds}::uuid[]) OR credit_account = ANY(${accountIds}::uuid[]))`);
      const accounts = await books.of(name).query<Omit<FinalBooks['accounts'][number], 'shard'>>(sql`
        SELECT id, currency, posted::float8 AS "postedMinor", held::float8 AS "heldMinor",
          overdraft::float8 AS "overdraftMinor"
        FROM account WHERE id = ANY(${accountIds}::uuid[])`);
      return {
        journals: journals.map((journal) => ({ ...journal, shard })),
        accounts: accounts.map((account) => ({ ...account, shard })),
      };
    }),
  );
  return { journals: shards.flatMap(({ journals }) => journals), accounts: shards.flatMap(({ accounts }) => accounts) };
}
