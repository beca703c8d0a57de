import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { BodyOf, ParamsOf, QueryOf, RouteContract } from '@florin/contracts';
import type { Principal } from '@florin/security';
import type { Caller } from './caller.ts';

/** One request as a handler sees it: checked against its contract, its caller known and allowed in. */
export interface CallContext<C extends RouteContract> {
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  /** On public routes always the anonymous principal, whatever the request carried. */
  readonly principal: Principal;
  /** The principal as rules and the audit record know them. */
  readonly caller: Caller;
  /** 1 to 255 printable ASCII characters; '' when the route is not idempotent. */
  readonly idempotencyKey: string;
  /** 32 hexadecimal digits; the caller's trace when it sent a `traceparent`, else a new one. */
  readonly traceId: string;
  readonly headers: IncomingHttpHeaders;
  /** Aborted when the caller hangs up before the answer. */
  readonly signal?: AbortSignal;
}

/**
 * An answer, in one of four forms: `text` is JSON already written and goes out byte for byte, `body` is written with
 * JSON.stringify, `bytes` is any other document, and `stream` goes out as it comes (the caller that hangs up destroys it).
 */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly bytes?: Uint8Array;
  readonly stream?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
  /** `application/json; charset=utf-8` when absent. */
  readonly contentType?: string;
  /** `no-store` when absent: nearly every answer of a bank holds balances or names. */
  readonly cacheControl?: string;
  /** Parts of the request that are denied in an answer which is a success as a whole; for the audit trail. */
  readonly denials?: readonly DeniedPart[];
}

export interface DeniedPart {
  /** `account:<id>` */
  readonly resource: string;
  /** The code of the problem of that part. */
  readonly reason: string;
}

/** What every call has, whatever its contract. */
interface AnyCall {
  readonly params: object;
  readonly query: object;
  readonly body: unknown;
  readonly principal: Principal;
  readonly caller: Caller;
  readonly idempotencyKey: string;
  readonly traceId: string;
  readonly headers: IncomingHttpHeaders;
  readonly signal?: AbortSignal;
}

/** A contract and what answers it. */
export interface Endpoint {
  readonly contract: RouteContract;
  handle(call: AnyCall): Promise<Reply> | Reply;
  /** For the few routes whose body may be larger than the server's limit. */
  readonly bodyLimitBytes?: number;
}

/** Ties a handler to a contract; the handler's call is typed by the contract's schemas. */
export function endpoint<C extends RouteContract>(
  contract: C,
  handle: (call: CallContext<C>) => Promise<Reply> | Reply,
  options: { readonly bodyLimitBytes?: number } = {},
): Endpoint {
  const untyped: { handle(call: AnyCall): Promise<Reply> | Reply } = { handle } as {
    handle(call: CallContext<C>): Promise<Reply> | Reply;
  };
  return { contract, handle: untyped.handle, ...options };
}
