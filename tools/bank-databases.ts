import { ensureServiceDatabase, type ServiceDatabase } from '@florin/postgres';
import { type Secrets, STORED_SERVICES, type StoredService } from './secrets.ts';

interface Wanted {
  readonly postgresUrl: string;
  readonly secrets: Secrets;
  readonly shards?: number;
  /** The superuser's addresses of the servers of shards that have one of their own. */
  readonly shardServers?: ReadonlyMap<number, string>;
}

/** The database of each service with its two roles, made when they are missing. */
export async function prepareDatabases(options: Wanted): Promise<Record<StoredService, ServiceDatabase>> {
  const { postgresUrl, secrets } = options;
  const made = await Promise.all(
    STORED_SERVICES.map(async (name) => {
      const { owner, runtime } = secrets.databasePasswords[name];
      const database = await ensureServiceDatabase(postgresUrl, {
        name,
        ownerPassword: owner,
        runtimePassword: runtime,
      });
      return [name, database] as const;
    }),
  );
  return Object.fromEntries(made) as Record<StoredService, ServiceDatabase>;
}

/** The databases of the ledger's shards from the second on; the first has the name of the service. */
export function prepareFurtherShards({
  postgresUrl,
  secrets,
  shards = 1,
  shardServers,
}: Wanted): Promise<ServiceDatabase[]> {
  const { owner, runtime } = secrets.databasePasswords.transactions;
  return Promise.all(
    Array.from({ length: shards - 1 }, (_, index) =>
      ensureServiceDatabase(shardServers?.get(index + 1) ?? postgresUrl, {
        name: `transactions_${index + 1}`,
        ownerPassword: owner,
        runtimePassword: runtime,
      }),
    ),
  );
}

/** How a service is told where its database is. */
export const addressOf = ({ runtimeUrl, ownerUrl }: ServiceDatabase) => ({ databaseUrl: runtimeUrl, ownerUrl });
