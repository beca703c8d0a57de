import { type Executor, type Statement, sql } from '@florin/postgres';

/** Names a command: who asked for what (scope) and the caller's key for it. */
export interface CommandKey {
  readonly scope: string;
  readonly key: string;
}

/** A command and what was answered to it. */
export interface CommandRecord extends CommandKey {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: string;
}

/** Those of the keys that were used before. */
export function findCommands(db: Executor, keys: readonly CommandKey[]): Promise<CommandRecord[]> {
  return db.query<CommandRecord>(sql`
    SELECT command.scope, command.key, fingerprint, status, body
    FROM unnest(${keys.map((k) => k.scope)}::text[], ${keys.map((k) => k.key)}::text[]) AS asked (scope, key)
    JOIN command ON command.scope = asked.scope AND command.key = asked.key`);
}

/** Records answers, sorted by their key: the last step of the ledger's lock order. */
export function insertCommands(tx: Executor, commands: readonly CommandRecord[]): Promise<number> {
  return tx.execute(insertionOf(commands));
}

/**
 * Takes keys into use unless they are in use already; answers what is written under them now. Waits for a batch that is
 * just writing one of them, which is what makes the answer certain.
 */
export async function takeKeys(db: Executor, commands: readonly CommandRecord[]): Promise<readonly CommandRecord[]> {
  const taken = await db.execute(sql`${insertionOf(commands)} ON CONFLICT DO NOTHING`);
  return taken === commands.length ? commands : findCommands(db, commands);
}

function insertionOf(commands: readonly CommandRecord[]): Statement {
  const sorted = [...commands].sort((a, b) => compare(a.scope, b.scope) || compare(a.key, b.key));
  return sql`
    INSERT INTO command (scope, key, fingerprint, status, body)
    SELECT * FROM unnest(${sorted.map((c) => c.scope)}::text[], ${sorted.map((c) => c.key)}::text[],
      ${sorted.map((c) => c.fingerprint)}::text[], ${sorted.map((c) => c.status)}::smallint[],
      string_to_array(${sorted.map((c) => c.body).join(BETWEEN_BODIES)}, ${BETWEEN_BODIES}))`;
}

/**
 * Bodies are JSON, in which a control character is always escaped (RFC 8259 section 7), so this can not be inside one;
 * quoting hundreds of JSON texts into an array literal would cost more than all other columns together.
 */
const BETWEEN_BODIES = '\u001e';

/** Under this scope the steps of sagas are remembered, by saga, step and direction. */
export const SAGA_SCOPE = 'saga';

/**
 * Keys are kept for two days, twice what callers are promised; steps of sagas for eight, a day longer than sagas are served
 * (`SAGA_AGE_MS_MAX`). A purge removes a bounded number at a time.
 */
export function purgeCommands(db: Executor, rowsMax: number): Promise<number> {
  return db.execute(sql`
    DELETE FROM command WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM command WHERE created_at < now() - interval '48 hours'
        AND (scope <> ${SAGA_SCOPE} OR created_at < now() - interval '8 days') LIMIT ${rowsMax}))`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
