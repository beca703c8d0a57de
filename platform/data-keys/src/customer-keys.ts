import { type Executor, sql } from '@florin/postgres';
import type { CustomerKey, DataKeys } from './data-keys.ts';

/** Makes and opens the own keys of customers. */
export type CustomerKeyMaker = Pick<DataKeys, 'newCustomerKey' | 'customerKey'>;

/** The own keys of customers, made for those who have none. Whoever was erased has none, and gets no other. */
export async function customerKeysOf(
  on: Executor,
  keys: CustomerKeyMaker,
  customerIds: readonly string[],
): Promise<ReadonlyMap<string, CustomerKey>> {
  const wanted = [...new Set(customerIds)];
  if (wanted.length === 0) return new Map();
  const found = await findKeys(on, wanted);
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length > 0) {
    await insertKeys(on, keys, missing);
    for (const [id, sealed] of await findKeys(on, missing)) found.set(id, sealed);
  }
  return new Map(
    [...found].flatMap(([id, sealed]) => (sealed === null ? [] : [[id, keys.customerKey(id, sealed)] as const])),
  );
}

/** The own key of one customer; undefined when they were erased. */
export async function customerKeyOf(
  on: Executor,
  keys: CustomerKeyMaker,
  customerId: string,
): Promise<CustomerKey | undefined> {
  return (await customerKeysOf(on, keys, [customerId])).get(customerId);
}

/**
 * Destroys the own key of a customer. What was sealed with it is unreadable from the end of the transaction on: keys of
 * customers are read with what they seal, and kept in no memory.
 */
export async function eraseCustomerKey(on: Executor, customerId: string): Promise<void> {
  await on.execute(sql`
    INSERT INTO customer_key AS k (customer_id, key_sealed, erased_at) VALUES (${customerId}, NULL, now())
    ON CONFLICT (customer_id) DO UPDATE SET key_sealed = NULL, erased_at = now() WHERE k.erased_at IS NULL`);
}

async function findKeys(on: Executor, ids: readonly string[]): Promise<Map<string, Buffer | null>> {
  const rows = await on.query<{ id: string; sealed: Buffer | null }>(sql`
    SELECT customer_id AS id, key_sealed AS sealed FROM customer_key WHERE customer_id = ANY(${ids}::text[])`);
  return new Map(rows.map(({ id, sealed }) => [id, sealed]));
}

async function insertKeys(on: Executor, keys: CustomerKeyMaker, ids: readonly string[]): Promise<void> {
  // In the order of ids, so that two transactions cannot wait for each other in a circle.
  const sorted = [...ids].sort();
  await on.execute(sql`
    INSERT INTO customer_key (customer_id, key_sealed)
    SELECT id, sealed FROM unnest(${sorted}::text[], ${sorted.map((id) => keys.newCustomerKey(id))}::bytea[]) AS made (id, sealed)
    ON CONFLICT (customer_id) DO NOTHING`);
}
