import { type Executor, sql } from '@florin/postgres';
import type { Product } from '../domain/account.ts';

/** All products, in the order they are offered. */
export function listProducts(db: Executor): Promise<Product[]> {
  return db.query<Product>(sql`
    SELECT code, name, currency, overdraft_minor AS "overdraftMinor", daily_limit_minor AS "dailyLimitMinor",
      transfer_fee_minor AS "transferFeeMinor"
    FROM product ORDER BY place`);
}

export async function findProduct(db: Executor, code: string): Promise<Product | undefined> {
  return (await listProducts(db)).find((product) => product.code === code);
}
