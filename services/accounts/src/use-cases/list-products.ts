import type { Product } from '../domain/account.ts';
import { listProducts as findProducts } from '../repositories/products.ts';
import type { Deps } from './ports.ts';

/** What accounts a customer can open. */
export function listProducts(deps: Pick<Deps, 'db'>): Promise<readonly Product[]> {
  return findProducts(deps.db);
}
