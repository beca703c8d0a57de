import { type Static, Type } from 'typebox';
import { RoleShape } from './roles.ts';
import { route } from './route.ts';
import { PageQuery, PLAIN_TEXT, pageOf, STRICT, Timestamp, Uuid } from './shapes.ts';

/**
 * A customer as staff see them. The address is masked, because seeing it is no part of looking someone up, and so is the
 * name for those who need not know it.
 */
const CustomerShape = Type.Object(
  {
    id: Uuid,
    name: Type.String({ description: 'Masked, as `M••• K•••`, for roles that may not disclose it.' }),
    emailMasked: Type.String({ examples: ['a•••@florin.example'] }),
    roles: Type.Array(RoleShape),
    registeredAt: Timestamp,
  },
  STRICT,
);
export type CustomerAnswer = Static<typeof CustomerShape>;

export const listCustomers = route({
  operationId: 'listCustomers',
  service: 'users',
  method: 'GET',
  path: '/v1/customers',
  summary: 'Customers, the latest first, or those whose name holds every word of `q`, or whose e-mail address it is',
  access: { kind: 'signed-in', permissions: ['customers:read:any'] },
  query: Type.Object(
    { ...PageQuery, q: Type.Optional(Type.String({ minLength: 1, maxLength: 100, pattern: PLAIN_TEXT })) },
    STRICT,
  ),
  responses: { 200: pageOf(CustomerShape) },
  problems: ['invalid-cursor'],
});

export const getCustomer = route({
  operationId: 'getCustomer',
  service: 'users',
  method: 'GET',
  path: '/v1/customers/{id}',
  summary: 'One customer; for staff',
  access: { kind: 'signed-in', permissions: ['customers:read:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  responses: { 200: CustomerShape },
  problems: ['customer-not-found'],
});

/** What is masked elsewhere, in the clear. */
const DisclosureShape = Type.Object(
  { id: Uuid, name: Type.String(), email: Type.String(), emailConfirmed: Type.Boolean() },
  STRICT,
);
export type DisclosureAnswer = Static<typeof DisclosureShape>;

export const discloseCustomer = route({
  operationId: 'discloseCustomer',
  service: 'users',
  method: 'POST',
  path: '/v1/customers/{id}/disclosures',
  summary: 'See the address of a customer, for a reason that goes on record',
  access: { kind: 'signed-in', permissions: ['customers:disclose:any'] },
  params: Type.Object({ id: Uuid }, STRICT),
  body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 500, pattern: PLAIN_TEXT }) }, STRICT),
  responses: { 200: DisclosureShape },
  problems: ['customer-not-found'],
});

/** How staff find people. */
export const customerRoutes = [listCustomers, getCustomer, discloseCustomer] as const;
