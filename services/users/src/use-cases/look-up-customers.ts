import type { Database } from '@florin/postgres';
import { type CustomerPlace, readCustomerSearch } from '../domain/customer-search.ts';
import { audited } from '../domain/fact.ts';
import type { Actor, Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { findCustomer, findCustomers } from '../repositories/customers.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly record: RecordFacts;
}

export interface CustomerPage {
  readonly customers: readonly Person[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: CustomerPlace | undefined;
}

/** Stands in the audit trail for everybody a search may have shown. */
const CUSTOMERS = 'customers';

/**
 * Finds customers by name or address, a page at a time. Who looked goes on record in the same transaction, so nobody
 * looks unseen; what they typed does not, only its kind. An address is one customer's, and then it is known whose.
 */
export function searchCustomers(
  deps: Deps,
  actor: Actor,
  text: string | undefined,
  page: { readonly below: CustomerPlace | undefined; readonly limit: number },
): Promise<CustomerPage> {
  const { database, vault, record } = deps;
  const search = readCustomerSearch(text);
  return database.transaction(async (tx) => {
    const found = await findCustomers(tx, vault, search, { below: page.below, limit: page.limit + 1 });
    const shown = found.slice(0, page.limit);
    const resource = search.kind === 'address' ? (shown[0]?.person.id ?? CUSTOMERS) : CUSTOMERS;
    await record(tx, [audited(actor, `users.customer-search:${search.kind}`, resource)]);
    return {
      customers: shown.map(({ person }) => person),
      next: found.length > shown.length ? shown.at(-1)?.place : undefined,
    };
  });
}

/** One customer in the clear, for staff who say why: that, and why, is on record before they see it. */
export function discloseCustomer(deps: Deps, actor: Actor, id: string, reason: string): Promise<Person | undefined> {
  return deps.database.transaction(async (tx) => {
    const customer = await findCustomer(tx, deps.vault, id);
    if (customer === undefined) return undefined;
    const disclosed = { kind: 'audited', actor, action: 'users.customer-disclosed', resource: id, reason } as const;
    await deps.record(tx, [{ ...disclosed, outcome: 'done' }]);
    return customer;
  });
}

/** One customer, for staff, on record. That there is none is on record as every 404 of somebody known is. */
export function readCustomer(deps: Deps, actor: Actor, id: string): Promise<Person | undefined> {
  return deps.database.transaction(async (tx) => {
    const customer = await findCustomer(tx, deps.vault, id);
    if (customer !== undefined) await deps.record(tx, [audited(actor, 'users.customer-read', id)]);
    return customer;
  });
}
