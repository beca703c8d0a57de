import {
  type CustomerAnswer,
  type DisclosureAnswer,
  discloseCustomer,
  getCustomer,
  listCustomers,
  mayAny,
  PAGE_SIZE_DEFAULT,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import { maskName } from '@florin/primitives';
import { type CustomerPlace, maskEmail } from '../domain/customer-search.ts';
import type { Actor, Person } from '../domain/person.ts';
import type { CustomerPage } from '../use-cases/look-up-customers.ts';
import { CURSOR_INVALID, CUSTOMER_UNKNOWN } from './person-problems.ts';

export interface CustomerPorts {
  search(
    actor: Actor,
    text: string | undefined,
    page: { readonly below: CustomerPlace | undefined; readonly limit: number },
  ): Promise<CustomerPage>;
  read(actor: Actor, id: string): Promise<Person | undefined>;
  disclose(actor: Actor, id: string, reason: string): Promise<Person | undefined>;
}

/** Customers as staff see them: masked, and in the clear for a reason. */
export function customerEndpoints(ports: CustomerPorts): readonly Endpoint[] {
  return [
    endpoint(listCustomers, async ({ caller, query, traceId }) => {
      const { q, cursor, limit = PAGE_SIZE_DEFAULT } = query;
      const below = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && below === undefined) return problemReply({ ...CURSOR_INVALID, traceId });
      const { customers, next } = await ports.search(caller, q, { below, limit });
      const nextCursor = next === undefined ? null : `${next.registeredAtMicros}.${next.id}`;
      return {
        status: 200,
        body: { data: customers.map((customer) => presentCustomer(customer, caller)), nextCursor },
      };
    }),
    endpoint(getCustomer, async ({ caller, params, traceId }) => {
      const customer = await ports.read(caller, params.id);
      if (customer === undefined) return problemReply({ ...CUSTOMER_UNKNOWN, traceId });
      return { status: 200, body: presentCustomer(customer, caller) };
    }),
    endpoint(discloseCustomer, async ({ caller, params, body, traceId }) => {
      const customer = await ports.disclose(caller, params.id, body.reason);
      if (customer === undefined) return problemReply({ ...CUSTOMER_UNKNOWN, traceId });
      const { id, name, email, emailConfirmed } = customer;
      return { status: 200, body: { id, name, email, emailConfirmed } satisfies DisclosureAnswer };
    }),
  ];
}

/** Microseconds since the epoch, up to the year 2286, and an id. */
const CURSOR = /^([1-9]\d{0,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function readCursor(text: string): CustomerPlace | undefined {
  const [, micros, id] = CURSOR.exec(text) ?? [];
  return micros === undefined || id === undefined ? undefined : { registeredAtMicros: BigInt(micros), id };
}

function presentCustomer(person: Person, { roles }: Pick<Actor, 'roles'>): CustomerAnswer {
  return {
    id: person.id,
    name: mayAny(roles, ['customers:disclose:any']) ? person.name : maskName(person.name),
    emailMasked: maskEmail(person.email),
    roles: person.roles as CustomerAnswer['roles'],
    registeredAt: new Date(person.registeredAtMs).toISOString(),
  };
}
