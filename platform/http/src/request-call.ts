import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RouteContract } from '@florin/contracts';
import { newTraceId, parseTraceparent, type TraceContext } from '@florin/observability';
import type { Principal } from '@florin/security';
import { ANONYMOUS } from './access.ts';
import { type Caller, callerOf } from './caller.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the first hook of every server of ours, and absent only where Fastify refuses an address by itself. */
    florinCall: RequestCall | null;
  }
}

/** Notes the end of a request: one histogram sample and one log line. */
export type RecordRequest = (call: RequestCall, status: number) => void;

/** One request on its way through the server. It becomes the call its handler gets, so a request makes one object. */
export class RequestCall {
  readonly startedAt = performance.now();
  readonly params: object;
  readonly headers: IncomingHttpHeaders;
  /** The caller's span, when it sent one. */
  readonly parent: TraceContext | undefined;
  query: object;
  body: unknown = undefined;
  principal: Principal = ANONYMOUS;
  idempotencyKey = '';
  traceId: string;
  /** Undefined until a route was found. */
  contract: RouteContract | undefined = undefined;
  takesBody = false;
  isAnswered = false;
  record: RecordRequest;
  /** The code of the fault that ended the request, for its log line. */
  fault: string | undefined = undefined;
  /** The code of the problem that a caller got, for the log line. */
  outcome: string | undefined = undefined;

  readonly #request: IncomingMessage;
  #abort: AbortController | undefined = undefined;

  constructor(request: IncomingMessage, params: object, query: object, record: RecordRequest) {
    this.#request = request;
    this.params = params;
    this.query = query;
    this.record = record;
    this.headers = request.headers;
    this.parent = parseTraceparent(request.headers['traceparent']);
    this.traceId = this.parent?.traceId ?? newTraceId();
  }

  /** Made when asked for: most requests change nothing, and nobody asks. */
  get caller(): Caller {
    return callerOf(this.principal, this);
  }

  /** Made when first asked for: most handlers never listen, and a controller costs more than the rest of this object. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      const controller = new AbortController();
      // Only the socket tells that the caller hung up: a request closes by itself as soon as its body was read.
      const socket = this.#request.socket;
      if (socket.destroyed) controller.abort();
      else socket.once('close', () => controller.abort());
      this.#abort = controller;
    }
    return this.#abort.signal;
  }
}
