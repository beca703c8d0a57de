import { type Database, sql } from '@florin/postgres';

/** Which shard a database is, of how many. */
export interface ShardIdentity {
  readonly index: number;
  readonly count: number;
}

/** Writes down which shard this is, unless it is written already; answers what is written. */
export async function claimIdentity(db: Database, wanted: ShardIdentity): Promise<ShardIdentity> {
  await db.execute(sql`
    INSERT INTO shard_identity (shard_index, shard_count) VALUES (${wanted.index}, ${wanted.count}) ON CONFLICT DO NOTHING`);
  const [row] = await db.query<{ shard_index: number; shard_count: number }>(sql`
    SELECT shard_index, shard_count FROM shard_identity`);
  return { index: row?.shard_index ?? 0, count: row?.shard_count ?? 0 };
}
