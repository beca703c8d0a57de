import type { IncomingHttpHeaders } from 'node:http';
import type { RouteContract } from '@florin/contracts';
import { traced } from '@florin/observability';
import { invariant } from '@florin/primitives';
import type { Principal } from '@florin/security';
import type { FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify';
import { refusal } from './access.ts';
import { type AuditTrail, readingOf } from './audit-trail.ts';
import type { Endpoint, Reply } from './endpoint.ts';
import { QueryRefused } from './failures.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { mayBeLeftOut, toJsonSchema } from './json-schema.ts';
import { type CommonProblem, commonProblem } from './problem.ts';
import { queryParser } from './query.ts';
import type { RecordRequest, RequestCall } from './request-call.ts';
import type { ResponseCheck } from './response-check.ts';
import { isOpenTo } from './third-party.ts';
import { withinTimeLeft } from './time-left.ts';

/** Who sent a request, by its headers; undefined when it carries nothing that is valid. Synchronous on a cache hit. */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Principal | undefined> | Principal | undefined;

/** Sends the answer of a request, or what its failure comes to, and notes its end. */
export interface Answering {
  answer(request: FastifyRequest, reply: FastifyReply, answer: Reply): void;
  fail(request: FastifyRequest, reply: FastifyReply, error: unknown): void;
}

export interface RouteParts extends Answering {
  readonly authenticate: Authenticate;
  readonly record: RecordRequest;
  /** Whether spans are made; asked once, because most processes run without. */
  readonly tracing: boolean;
  readonly check?: ResponseCheck;
  readonly trail?: AuditTrail;
}

/** Stands for "no query string", so a route that takes none can tell by identity. */
const NO_QUERY: Readonly<Record<string, unknown>> = Object.freeze({});

/** The raw query string, until the route that takes it has parsed it. */
export function rawQuery(text: string): Record<string, unknown> {
  return text === '' ? NO_QUERY : { text };
}

/** The call that the server's first hook attached. */
export function callOf(request: FastifyRequest): RequestCall {
  invariant(request.florinCall !== null, 'a request reached a route without its call');
  return request.florinCall;
}

/**
 * A contract as a Fastify route: who may call is decided on the headers alone, before a byte of the body is read; then
 * the shape is checked, then the handler runs.
 */
export function contractRoute(endpoint: Endpoint, parts: RouteParts): RouteOptions {
  const { contract } = endpoint;
  const schema: FastifySchema = {};
  if (contract.params !== undefined) schema.params = toJsonSchema(contract.params);
  if (contract.query !== undefined) schema.querystring = toJsonSchema(contract.query);
  if (contract.body !== undefined) schema.body = toJsonSchema(contract.body);

  return {
    // Node leaves out the body of an answer to HEAD, so it is GET for everything we do.
    method: contract.method === 'GET' ? ['GET', 'HEAD'] : contract.method,
    url: contract.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    schema,
    onRequest: admission(endpoint, parts),
    preValidation: preparations(contract),
    ...(endpoint.bodyLimitBytes === undefined ? {} : { bodyLimit: endpoint.bodyLimitBytes }),
    handler: handling(endpoint, parts),
  };
}

type Done = (error?: Error) => void;
type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;

function admission({ contract }: Endpoint, parts: RouteParts): RequestHook {
  const { access } = contract;
  const takesBody = contract.body !== undefined;
  const takesQuery = contract.query !== undefined;

  /** The problem that keeps a request out, by what is known before its body. */
  function refuse(request: FastifyRequest, call: RequestCall, principal: Principal | undefined): Reply | undefined {
    if (principal !== undefined) call.principal = principal;
    const refused = refusal(access, principal);
    if (refused !== undefined) return problem(refused, call);
    if (principal !== undefined && !isOpenTo(contract.thirdParty, principal)) return problem('forbidden', call);
    const { idempotent } = contract;
    if (idempotent === true || (idempotent === 'sometimes' && call.headers['idempotency-key'] !== undefined)) {
      const read = readIdempotencyKey(request.raw);
      if ('code' in read) return problem(read.code, call);
      call.idempotencyKey = read.key;
    }
    if (takesQuery || request.query === NO_QUERY) return undefined;
    return commonProblem('invalid-request', call.traceId, {
      errors: [{ path: '', message: 'this operation takes no query string' }],
    });
  }

  function admit(request: FastifyRequest, reply: FastifyReply, done: Done, principal: Principal | undefined): void {
    const refused = refuse(request, callOf(request), principal);
    if (refused === undefined) done();
    else parts.answer(request, reply, refused);
  }

  return (request, reply, done) => {
    const call = callOf(request);
    call.record = parts.record;
    call.contract = contract;
    call.takesBody = takesBody;
    const principal = access.kind === 'public' ? undefined : parts.authenticate(call.headers);
    if (!(principal instanceof Promise)) admit(request, reply, done, principal);
    else principal.then((known) => admit(request, reply, done, known)).catch(done);
  };
}

function problem(code: CommonProblem, call: RequestCall): Reply {
  const challenge = CHALLENGES[code];
  return commonProblem(
    code,
    call.traceId,
    challenge === undefined ? {} : { headers: { 'www-authenticate': challenge } },
  );
}

/** A 401 says how to do better (RFC 9110 section 15.5.2), a 403 that the token is not enough (RFC 6750 section 3.1). */
const CHALLENGES: Partial<Record<CommonProblem, string>> = {
  unauthenticated: 'Bearer',
  forbidden: 'Bearer error="insufficient_scope"',
};

/** What is done to a request before its shape is checked. */
function preparations({ query, body }: RouteContract): RequestHook[] {
  const hooks: RequestHook[] = [];
  if (query !== undefined) hooks.push(queryParsing(queryParser(query)));
  if (body !== undefined && mayBeLeftOut(body)) hooks.push(emptyForNone);
  return hooks;
}

function emptyForNone(request: FastifyRequest, _reply: FastifyReply, done: Done): void {
  if (request.body === undefined) request.body = {};
  done();
}

function queryParsing(parse: ReturnType<typeof queryParser>): RequestHook {
  return (request, _reply, done) => {
    const { text } = request.query as { text?: string };
    const parsed = parse(text ?? '');
    if (!parsed.ok) return done(new QueryRefused(parsed.failure));
    request.query = parsed.value;
    done();
  };
}

function handling(endpoint: Endpoint, parts: RouteParts) {
  const { contract } = endpoint;
  const { check, trail } = parts;
  const handle = parts.tracing ? tracedHandle(endpoint) : (call: RequestCall) => endpoint.handle(call);

  function answer(request: FastifyRequest, reply: FastifyReply, call: RequestCall, result: Reply): void {
    const checked = check === undefined ? result : check(result, call.traceId);
    const reading = trail === undefined ? undefined : readingOf(call, checked.status);
    if (reading === undefined) parts.answer(request, reply, checked);
    else {
      const failed = (error: unknown) => {
        checked.stream?.destroy();
        parts.fail(request, reply, error);
      };
      trail?.read(reading).then(() => parts.answer(request, reply, checked), failed);
    }
  }

  return (request: FastifyRequest, reply: FastifyReply): void => {
    const call = callOf(request);
    if (contract.body !== undefined) call.body = request.body;
    else if (!isEmpty(request.body)) {
      parts.answer(request, reply, unexpectedBody(call));
      return;
    }
    if (contract.query !== undefined) call.query = request.query as object;

    const result = withinTimeLeft(call.headers, () => handle(call));
    if (result instanceof Promise) {
      result
        .then((settled) => answer(request, reply, call, settled))
        .catch((error) => parts.fail(request, reply, error));
    } else answer(request, reply, call, result);
  };
}

/** An operation without a body lets an empty object pass, which many clients send out of habit. */
function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true;
  return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0;
}

function unexpectedBody(call: RequestCall): Reply {
  return commonProblem('invalid-request', call.traceId, {
    errors: [{ path: '', message: 'this operation takes no body' }],
  });
}

function tracedHandle(endpoint: Endpoint): (call: RequestCall) => Promise<Reply> {
  const { service, method, path } = endpoint.contract;
  const attributes = { 'florin.service': service, 'http.request.method': method, 'http.route': path };
  return (call) =>
    traced({ name: `${method} ${path}`, kind: 'server', attributes, parent: call.parent }, async (span) => {
      call.traceId = span?.traceId ?? call.traceId;
      const reply = await endpoint.handle(call);
      span?.set({ 'http.response.status_code': reply.status });
      return reply;
    });
}
