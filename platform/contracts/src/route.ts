import type { Static, TObject, TSchema } from 'typebox';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problems.ts';
import type { ThirdPartyScope } from './third-party.ts';

/**
 * Who may call a route. `public` needs no token, `internal` is never reachable through the gateway. A signed-in caller
 * needs one of the permissions.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'signed-in'; readonly permissions: readonly [Permission, ...Permission[]] }
  | { readonly kind: 'internal' };

export type ServiceName = 'users' | 'accounts' | 'transactions' | 'notifications';

/**
 * One HTTP operation, as data: the service validates with it, the gateway routes with it, and the OpenAPI document
 * is printed from it, so the three cannot disagree.
 */
export interface RouteContract {
  readonly operationId: string;
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI notation: `/v1/transfers/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  /** What a customer must have allowed a program of somebody else's for it to call this. Absent: none may. */
  readonly thirdParty?: ThirdPartyScope;
  /**
   * Money moves: the `Idempotency-Key` header is required. `sometimes`: only for some bodies, and the handler says which.
   */
  readonly idempotent?: boolean | 'sometimes';
  readonly params?: TObject;
  /** Query strings are text; the server parses integers and repeated names by this schema before it validates. */
  readonly query?: TObject;
  /** One that needs no field may be left out: then it is empty. */
  readonly body?: TSchema;
  readonly responses: Readonly<Record<number, TSchema>>;
  /** The content types a 2xx may come in, the first by default; `application/json` alone when absent. */
  readonly media?: readonly string[];
  /** Stable problem codes this route may answer with, beyond those every route may (400 shape, 401, 403, 429, 5xx). */
  readonly problems?: readonly ProblemCode[];
}

/** Keeps the literal types of a contract while checking its shape. */
export function route<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract;
}

type StaticOr<Schema, Otherwise> = Schema extends TSchema ? Static<Schema> : Otherwise;

export type BodyOf<Contract extends RouteContract> = StaticOr<Contract['body'], undefined>;
export type ParamsOf<Contract extends RouteContract> = StaticOr<Contract['params'], Record<never, never>>;
export type QueryOf<Contract extends RouteContract> = StaticOr<Contract['query'], Record<never, never>>;
