import { type Executor, sql, type Tx } from '@florin/postgres';
import { type CommandKey, type CommandRecord, findCommands } from './commands.ts';

/**
 * Takes a key into use with an answer of ours, unless it is in use: then the record that is there. Waits for a batch that
 * is just writing it, which is what makes the answer certain.
 */
export async function takeKeyOrFind(tx: Tx, record: CommandRecord): Promise<CommandRecord | undefined> {
  const { scope, key, fingerprint, status, body } = record;
  const taken = await tx.execute(sql`
    INSERT INTO command (scope, key, fingerprint, status, body)
    VALUES (${scope}, ${key}, ${fingerprint}, ${status}, ${body}) ON CONFLICT DO NOTHING`);
  return taken === 1 ? undefined : findKey(tx, { scope, key });
}

async function findKey(tx: Tx, key: CommandKey): Promise<CommandRecord | undefined> {
  const [found] = await findCommands(tx, [key]);
  return found;
}

/** Those of the transfers that are posted. */
export async function findPosted(db: Executor, transferIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ id: string }>(sql`SELECT id FROM journal WHERE id = ANY(${transferIds}::uuid[])`);
  return new Set(rows.map((row) => row.id));
}
