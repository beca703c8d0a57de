import type { RouteContract } from '@florin/contracts';
import { schemaOf } from './operations.ts';
import type { Customer } from './people.ts';

/** An id in a request: whose it can be, or why it is nobody's. */
export type WhoseId = ((owner: Customer) => string) | { readonly nobodys: string };

const staffOnly = (what: string): WhoseId => ({
  nobodys: `${what}: for staff, whose role is asked and not whose it is`,
});
const servicesOnly: WhoseId = { nobodys: 'asked by other services alone' };

/** Every id in a path, by the path up to it. A new one fails the build until it is said whose it is. */
const IN_PATHS: Readonly<Record<string, WhoseId>> = {
  '/v1/accounts/{id}': ({ accountId }) => accountId,
  '/v1/accounts/{id}/transactions/{transactionId}': ({ lineId }) => lineId,
  '/v1/accounts/{id}/statements/{period}': { nobodys: 'a month' },
  '/v1/transfers/{id}': ({ transferId }) => transferId,
  '/v1/confirmations/{id}': { nobodys: 'bound to the sign-in that was asked: T17' },
  '/v1/payees/{id}': ({ payeeId }) => payeeId,
  '/v1/standing-orders/{id}': ({ standingOrderId }) => standingOrderId,
  '/v1/notifications/{id}': ({ noticeId }) => noticeId,
  '/v1/me/sessions/{id}': ({ sessionId }) => sessionId,
  '/v1/me/consents/{id}': { nobodys: 'looked for among one’s own: tests/attacks/fapi/happy-flow.test.ts' },
  '/v1/admin/clients/{id}': staffOnly('a program'),
  '/v1/me/mfa/passkeys/{id}': { nobodys: 'looked for among one’s own, after a fresh sign-in: passkeys.db.test.ts' },
  '/v1/me/devices/{id}': { nobodys: 'looked for among one’s own: access.db.test.ts' },
  '/interaction/{uid}': { nobodys: 'bound to the cookie of the browser that began it: T14' },
  '/interaction/{uid}/federation/{provider}': { nobodys: 'a keeper of identities, as the sign-in page lists them' },
  '/v1/customers/{id}': staffOnly('a customer'),
  '/v1/users/{id}': staffOnly('a person'),
  '/v1/users/{id}/roles/{role}': { nobodys: 'a role' },
  '/v1/sagas/users/{id}': staffOnly('a saga'),
  '/v1/sagas/users/actions/{actionId}': staffOnly('an action that waits for a second person'),
  '/v1/sagas/accounts/{id}': staffOnly('a saga'),
  '/v1/sagas/accounts/actions/{actionId}': staffOnly('an action that waits for a second person'),
  '/v1/sagas/transactions/{id}': staffOnly('a saga'),
  '/v1/sagas/transactions/actions/{actionId}': staffOnly('an action that waits for a second person'),
  '/v1/approvals/users/{id}': staffOnly('what waits for a second person'),
  '/v1/approvals/accounts/{id}': staffOnly('what waits for a second person'),
  '/v1/approvals/transactions/{id}': staffOnly('what waits for a second person'),
  '/v1/ledger/journals/{id}': staffOnly('a journal'),
  '/internal/users/{id}': servicesOnly,
  '/internal/owners/{id}': servicesOnly,
  '/internal/accounts/{id}': servicesOnly,
  '/internal/holds/{id}': servicesOnly,
};

/** Every id in a body or a query, by operation and the names that lead to it. */
const IN_REQUESTS: Readonly<Record<string, WhoseId>> = {
  'createTransfer body.fromAccountId': ({ accountId }) => accountId,
  'createTransfer body.toAccountId': { nobodys: 'anybody may be paid; a reader of the answer learns nothing of them' },
  'createTransferBatch body.items.fromAccountId': ({ accountId }) => accountId,
  'createTransferBatch body.items.toAccountId': { nobodys: 'anybody may be paid' },
  'createTransferBatch body.items.confirmation': { nobodys: 'bound to the sign-in that was asked: T17' },
  'createStandingOrder body.fromAccountId': ({ accountId }) => accountId,
  'createDeposit body.accountId': staffOnly('any account'),
  'createWithdrawal body.accountId': staffOnly('any account'),
  'listJournals query.accountId': staffOnly('a filter'),
  'createHold body.accountId': servicesOnly,
  'createHold body.sagaId': servicesOnly,
  'captureHold body.toAccountId': servicesOnly,
  'transactionsTakeSagaCommand body.sagaId': servicesOnly,
};

export interface IdInPath {
  readonly param: string;
  readonly whose: WhoseId | undefined;
}

export function idsInPath({ path }: RouteContract): readonly IdInPath[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((slot) => ({
    param: slot[1] ?? '',
    whose: IN_PATHS[path.slice(0, slot.index) + slot[0]],
  }));
}

export interface IdInRequest {
  /** `body.items.fromAccountId` */
  readonly place: string;
  readonly whose: WhoseId | undefined;
}

/** Every field of a body or query that holds an id of ours. */
export function idsInRequest(contract: RouteContract): readonly IdInRequest[] {
  const places = [...uuidsIn(schemaOf(contract.body), 'body'), ...uuidsIn(schemaOf(contract.query), 'query')];
  return places.map((place) => ({ place, whose: IN_REQUESTS[`${contract.operationId} ${place}`] }));
}

interface Node {
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

function uuidsIn(schema: object | undefined, place: string): string[] {
  if (schema === undefined) return [];
  const { format, properties = {}, items, anyOf = [] } = schema as Node;
  return [
    ...(format === 'uuid' ? [place] : []),
    ...Object.entries(properties).flatMap(([name, one]) => uuidsIn(one, `${place}.${name}`)),
    ...uuidsIn(items, place),
    ...anyOf.flatMap((one) => uuidsIn(one, place)),
  ];
}

/** An id like this one that nothing has: the same kind of id, in the same part of the bank. */
export function likeIt(id: string): string {
  const last = id.at(-1) ?? '';
  return `${id.slice(0, -4)}${id.slice(-4, -1) === 'abc' ? 'def' : 'abc'}${last}`;
}
