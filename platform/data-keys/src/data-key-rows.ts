import { type Executor, sql } from '@florin/postgres';
import type { WrappedKey } from '@florin/security';

export interface DataKeyRow extends WrappedKey {
  readonly id: number;
  /** Its time has come. */
  readonly seals: boolean;
  readonly uses: bigint;
  readonly isNextWanted: boolean;
  /** How many values are still to be sealed with it; undefined before they were counted. */
  readonly valuesLeft: bigint | undefined;
  readonly isRetired: boolean;
}

/** A key lasts for years; so many were never made. */
const KEYS_MAX = 1_000;

/**
 * All data keys, the newest first. Whether a key's time has come is asked of the clock and not of `now()`: a row that another
 * instance commits after this transaction began may be seen by it, from a moment later than its `now()`.
 */
export async function readDataKeys(on: Executor): Promise<DataKeyRow[]> {
  const rows = await on.query<DataKeyRow & { readonly valuesLeft: bigint | null }>(sql`
    SELECT id, kek_id AS "keyId", wrapped, seals_from <= clock_timestamp() AS seals, uses,
           next_wanted_at IS NOT NULL AS "isNextWanted", values_left AS "valuesLeft", retired_at IS NOT NULL AS "isRetired"
      FROM data_key ORDER BY id DESC LIMIT ${KEYS_MAX}`);
  return rows.map((row) => ({ ...row, valuesLeft: row.valuesLeft ?? undefined }));
}

/** Stores a data key that seals from `delayMs` on; of several instances that make the same one, the first does. */
export async function insertDataKey(
  on: Executor,
  key: WrappedKey & { readonly id: number; readonly delayMs: number },
): Promise<void> {
  await on.execute(sql`
    INSERT INTO data_key (id, kek_id, wrapped, seals_from)
    VALUES (${key.id}, ${key.keyId}, ${key.wrapped}, now() + ${key.delayMs}::integer * interval '1 millisecond')
    ON CONFLICT (id) DO NOTHING`);
}

/** Keeps a data key as it is locked now, unless somebody else was faster. */
export async function rewriteWrapped(on: Executor, id: number, before: string, after: WrappedKey): Promise<void> {
  await on.execute(sql`
    UPDATE data_key SET kek_id = ${after.keyId}, wrapped = ${after.wrapped} WHERE id = ${id} AND kek_id = ${before}`);
}

export async function addUses(on: Executor, id: number, uses: number): Promise<void> {
  await on.execute(sql`UPDATE data_key SET uses = uses + ${uses}::integer WHERE id = ${id}`);
}

/** Notes how many values are still to be sealed with a key. When there are none, those below it retire. */
export async function noteValuesLeft(on: Executor, id: number, valuesLeft: number): Promise<void> {
  await on.execute(sql`
    UPDATE data_key
       SET values_left = CASE WHEN id = ${id} THEN ${valuesLeft}::integer ELSE values_left END,
           retired_at = CASE WHEN id < ${id} AND ${valuesLeft}::integer = 0 THEN coalesce(retired_at, now()) END
     WHERE id <= ${id}`);
}

/** Asks whoever runs for the next data key; once is enough. */
export async function askForNextKey(on: Executor): Promise<void> {
  await on.execute(sql`
    UPDATE data_key SET next_wanted_at = now()
     WHERE id = (SELECT max(id) FROM data_key) AND next_wanted_at IS NULL`);
}
