import { type Executor, sql } from '@florin/postgres';

/** Which shard a database is, of how many. */
export interface ShardIdentity {
  readonly index: number;
  readonly count: number;
}

/** Which shard this is; undefined when it was not written down yet. */
export async function findIdentity(db: Executor): Promise<ShardIdentity | undefined> {
  const [row] = await db.query<ShardIdentity>(sql`
    SELECT shard_index AS index, shard_count AS count FROM shard_identity`);
  return row;
}

/** Writes down which shard this is, unless it is written already; answers what is written. */
export async function claimIdentity(db: Executor, wanted: ShardIdentity): Promise<ShardIdentity> {
  const written = await db.execute(sql`
    INSERT INTO shard_identity (shard_index, shard_count) VALUES (${wanted.index}, ${wanted.count}) ON CONFLICT DO NOTHING`);
  return written === 1 ? wanted : ((await findIdentity(db)) ?? wanted);
}
