import { type Executor, sql } from '@florin/postgres';

/** Notes the key that keyed hashes are made with, the first time; false when it is another one than then. */
export async function noteHashKey(on: Executor, fingerprint: Buffer): Promise<boolean> {
  await on.execute(sql`INSERT INTO hash_key (fingerprint) VALUES (${fingerprint}) ON CONFLICT DO NOTHING`);
  const rows = await on.query(sql`SELECT 1 FROM hash_key WHERE fingerprint = ${fingerprint}`);
  return rows.length === 1;
}
