import { type Executor, emptySql, joinSql, type Statement, sql } from '@florin/postgres';
import type { CustomerPlace, CustomerSearch } from '../domain/customer-search.ts';
import type { Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { nameIndex, PERSON_COLUMNS, type PersonRow, toPerson } from './people.ts';

export interface FoundCustomer {
  readonly person: Person;
  readonly place: CustomerPlace;
}

type Row = PersonRow & { readonly registeredAtMicros: bigint };

/** People of the staff who do not bank here are nobody's customers. */
const CUSTOMERS = sql`
  SELECT ${PERSON_COLUMNS}, (extract(epoch FROM p.registered_at) * 1000000)::bigint AS "registeredAtMicros"
    FROM person p
   WHERE EXISTS (SELECT 1 FROM person_role c WHERE c.person_id = p.id AND c.role = 'customer')`;

/** Customers that a search finds, the latest first, below a place; disabled ones too, for their money is still here. */
export async function findCustomers(
  on: Executor,
  vault: Vault,
  search: CustomerSearch,
  page: { readonly below: CustomerPlace | undefined; readonly limit: number },
): Promise<readonly FoundCustomer[]> {
  const condition = conditionOf(vault, search);
  if (condition === undefined) return [];
  const { below, limit } = page;
  const lower =
    below === undefined
      ? emptySql
      : sql` AND (p.registered_at, p.id) <
          (timestamptz 'epoch' + ${below.registeredAtMicros}::bigint * interval '1 microsecond', ${below.id}::uuid)`;
  const order = sql` ORDER BY p.registered_at DESC, p.id DESC LIMIT ${limit}`;
  const rows = await on.query<Row>(joinSql([CUSTOMERS, condition, lower, order], ''));
  return rows.map((row) => ({
    person: toPerson(vault, row),
    place: { registeredAtMicros: row.registeredAtMicros, id: row.id },
  }));
}

/** Undefined when nobody can be found: no address, or no word. */
function conditionOf(vault: Vault, search: CustomerSearch): Statement | undefined {
  switch (search.kind) {
    case 'all':
      return emptySql;
    case 'address':
      return search.email === undefined ? undefined : sql` AND p.email_index = ${vault.index('email', search.email)}`;
    case 'name':
      if (search.words.length === 0) return undefined;
      // The array is made first, by the index of words. As a plain condition it was checked row by row down the list
      // once the statement had a generic plan: 60 ms for a name that nobody of 100,000 has, and more with each customer.
      return sql` AND p.id = ANY (ARRAY(
        SELECT n.id FROM person n WHERE n.name_words @> ${nameIndex(vault, search.words)}::bytea[]))`;
  }
}

export async function findCustomer(on: Executor, vault: Vault, id: string): Promise<Person | undefined> {
  const rows = await on.query<Row>(sql`${CUSTOMERS} AND p.id = ${id}`);
  return rows[0] && toPerson(vault, rows[0]);
}
