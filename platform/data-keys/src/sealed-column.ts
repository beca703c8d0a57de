import { type Executor, emptySql, joinSql, type Statement, sql, type Tx } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import { OWN_KEY_ID, SEALED_WITH_BYTES, sealedWith } from '@florin/security';
import { customerKeysOf } from './customer-keys.ts';
import { customerKeyContext, type DataKeys } from './data-keys.ts';

/** Values of the columns that name a row, as the database gives them. */
export type RowKey = Readonly<Record<string, string | number | Buffer>>;

/** A column whose values are sealed, so that they can be sealed again when a key changed. There is an index on their front. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The columns of the primary key. */
  readonly key: readonly string[];
  /** The column of the customer whose own key seals it; absent: the service's data key does. */
  readonly customer?: string;
  /** What a value is bound to, from the columns of `key`. */
  context(row: RowKey): string;
}

/** Counting further tells nobody more. */
const COUNTED_MAX = 1_000_000;

/** The own keys of customers are sealed themselves. */
export const CUSTOMER_KEYS: SealedColumn = {
  table: 'customer_key',
  column: 'key_sealed',
  key: ['customer_id'],
  context: (row) => customerKeyContext(String(row['customer_id'])),
};

/** How many values are not sealed with what they should be; counted up to a bound. */
export async function countOthers(on: Executor, keys: DataKeys, column: SealedColumn): Promise<number> {
  const rows = await on.query<{ count: bigint }>(sql`
    SELECT count(*) FROM (SELECT FROM ${name(column.table)} WHERE ${isOther(keys, column)} LIMIT ${COUNTED_MAX}) AS other`);
  return Number(rows[0]?.count ?? 0n);
}

/**
 * Seals up to `limit` values again with what they should be sealed with; answers how many. Instances share the work: a row
 * another one is at is left to it, and whoever writes a row meanwhile waits for a small transaction.
 */
export async function reseal(tx: Tx, keys: DataKeys, column: SealedColumn, limit: number): Promise<number> {
  const { key, customer } = column;
  const columns = joinSql([...key, ...(customer === undefined ? [] : [customer])].map(name), ', ');
  const rows = await tx.query<RowKey & { readonly sealed: Buffer }>(sql`
    SELECT ${columns}, ${name(column.column)} AS sealed FROM ${name(column.table)}
     WHERE ${isOther(keys, column)} LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED`);
  const sealers = await sealersOf(tx, keys, column, rows);
  // All are opened before the first is written: one that does not open must not leave statements of others behind.
  const written = rows.flatMap((row) => {
    const sealer = sealers(row);
    const context = column.context(row);
    return sealer === undefined ? [] : [{ row, sealed: sealer.seal(sealer.open(row.sealed, context), context) }];
  });
  await Promise.all(written.map(({ row, sealed }) => tx.execute(update(column, row, sealed))));
  return written.length;
}

/** What seals the value of a row; undefined for a customer who was erased. */
async function sealersOf(tx: Tx, keys: DataKeys, { customer }: SealedColumn, rows: readonly RowKey[]) {
  if (customer === undefined) return () => keys;
  const own = await customerKeysOf(
    tx,
    keys,
    rows.map((row) => String(row[customer])),
  );
  return (row: RowKey) => own.get(String(row[customer]));
}

function update({ table, column, key }: SealedColumn, row: RowKey, sealed: Buffer): Statement {
  const conditions = key.map((part) => {
    const value = row[part];
    invariant(value !== undefined, 'a row without its key');
    return sql`${name(part)} = ${value}`;
  });
  return sql`UPDATE ${name(table)} SET ${name(column)} = ${sealed} WHERE ${joinSql(conditions, ' AND ')}`;
}

/** Two ranges of the index rather than one inequality, for which there is none. */
function isOther(keys: DataKeys, { column, customer }: SealedColumn): Statement {
  const front = customer === undefined ? keys.front().bytes : sealedWith(OWN_KEY_ID);
  const seen = sql`substring(${name(column)} FROM 1 FOR ${name(String(SEALED_WITH_BYTES))})`;
  return sql`(${seen} < ${front} OR ${seen} > ${front})`;
}

/** A name of the schema as a piece of a statement. Names come from code; this makes sure of it. */
function name(text: string): Statement {
  invariant(/^[a-z0-9_]+$/.test(text), 'not a name of a table or a column');
  const known = names.get(text);
  if (known !== undefined) return known;
  const strings = Object.assign([text], { raw: [text] });
  const made = sql(strings);
  names.set(text, made);
  return made;
}

const names = new Map<string, Statement>([['', emptySql]]);
