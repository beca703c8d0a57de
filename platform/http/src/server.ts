import type { IncomingMessage, ServerResponse } from 'node:http';
import { isTracing, type Logger, type Metrics } from '@florin/observability';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { allowedMethods } from './allowed-methods.ts';
import { type AuditTrail, denialsOf, problemCodeOf } from './audit-trail.ts';
import { type Answering, type Authenticate, callOf, contractRoute, rawQuery } from './contract-route.ts';
import type { Endpoint, Reply } from './endpoint.ts';
import { BodyRefused, describeFailure } from './failures.ts';
import { createGate, type Gate } from './gate.ts';
import { parseJsonBody } from './json-body.ts';
import { commonProblem } from './problem.ts';
import { RequestCall } from './request-call.ts';
import { requestRecorder } from './request-log.ts';
import { sendReply } from './send-reply.ts';
import { VALIDATION } from './validation.ts';

export interface ServerOptions {
  readonly service: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly endpoints: readonly Endpoint[];
  readonly authenticate: Authenticate;
  /** Where denied requests and readings of staff go on record; nowhere when absent. */
  readonly trail?: AuditTrail;
  /** Of every route that does not name its own; 64 KiB when absent. */
  readonly bodyLimitBytes?: number;
  /** Hold every answer against its contract; for tests. */
  readonly validateResponses?: boolean;
}

export interface Server {
  readonly app: FastifyInstance;
  /** Answers one request of any Node HTTP server, or of the gateway in the same process. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Refuses new requests with 503 and resolves when those under way are answered, after 4 s at the latest. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES_DEFAULT = 64 * 1024;

/** Ids are 36 characters and references shorter than this; a longer path parameter names nothing. */
const PATH_PARAMETER_LENGTH_MAX = 200;

/**
 * A server of one service's contracts. It does not listen: `handle` is called by whoever does, which is the gateway in
 * the same process or a listener (`listen`), and that one owns the connection limits.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  const gate = createGate();
  const recorder = requestRecorder(options.logger, options.metrics);
  const unmatched = recorder({ method: '', path: 'unmatched' });
  const answering = createAnswering(options.logger, gate, options.trail);
  const bodyLimit = options.bodyLimitBytes ?? BODY_LIMIT_BYTES_DEFAULT;

  const app = fastify({
    logger: false,
    bodyLimit,
    ajv: VALIDATION,
    exposeHeadRoutes: false,
    routerOptions: { querystringParser: rawQuery, maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    frameworkErrors: (error, request, reply) => {
      request.florinCall = new RequestCall(request.raw, {}, {}, unmatched);
      gate.enter();
      answering.fail(request, reply, error);
    },
  });
  app.decorateRequest('florinCall', null);
  readJsonBodies(app, bodyLimit);
  app.setErrorHandler((error, request, reply) => answering.fail(request, reply, error));

  const methodsOf = allowedMethods(options.endpoints.map((endpoint) => endpoint.contract));
  app.addHook('onRequest', (request, reply, done) => {
    const call = new RequestCall(request.raw, request.params as object, request.query as object, unmatched);
    request.florinCall = call;
    if (!gate.enter()) return answering.answer(request, reply, unavailable(call.traceId));
    if (request.is404) return answering.answer(request, reply, unknownRoute(request, methodsOf, call.traceId));
    done();
  });

  const createCheck =
    options.validateResponses === true ? (await import('./response-check.ts')).responseCheck : undefined;
  const tracing = isTracing();
  for (const endpoint of options.endpoints) {
    const { contract } = endpoint;
    app.route(
      contractRoute(endpoint, {
        ...answering,
        authenticate: options.authenticate,
        record: recorder(contract),
        tracing,
        ...(options.trail === undefined ? {} : { trail: options.trail }),
        ...(createCheck === undefined ? {} : { check: createCheck(contract) }),
      }),
    );
  }
  await app.ready();

  return {
    app,
    handle: (request, response) => app.routing(request, response),
    drain: () => gate.drain(),
    close: async () => {
      await app.close();
    },
  };
}

/** Replaces Fastify's parsers: JSON only, as strict as `parseJsonBody`; every other type is 415. */
function readJsonBodies(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (request, bytes, done) => {
    if (!isPlainUtf8(request.headers)) return done(new BodyRefused({ code: 'unsupported-media-type' }));
    // A client library that always names the type sends it with no body too.
    if (bytes.length === 0 && !callOf(request).takesBody) return done(null, undefined);
    const parsed = parseJsonBody(bytes as Buffer);
    if (parsed.ok) done(null, parsed.value);
    else done(new BodyRefused(parsed.failure));
  });
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]+)/i;

/** Compressed bodies are refused rather than unpacked: our bodies are small and a bomb is not. */
function isPlainUtf8(headers: IncomingMessage['headers']): boolean {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return false;
  const type = headers['content-type'];
  if (type === 'application/json' || type === undefined) return true;
  return (CHARSET.exec(type)?.[1] ?? 'utf-8').toLowerCase() === 'utf-8';
}

function createAnswering(logger: Logger, gate: Gate, trail: AuditTrail | undefined): Answering {
  function answer(request: FastifyRequest, reply: FastifyReply, result: Reply): void {
    const call = callOf(request);
    if (call.isAnswered) return;
    call.isAnswered = true;
    // Whoever listens is stopping as well; told so, the caller sends its next request over a new connection.
    if (gate.isDraining()) reply.raw.shouldKeepAlive = false;
    try {
      sendReply(request.raw, reply.raw, result);
    } catch (error) {
      // The handler answered with what cannot be written: a bigint in a body, a line break in a header.
      logger.error({ err: error, traceId: call.traceId }, 'an answer could not be written');
      sendReply(request.raw, reply.raw, commonProblem('internal-error', call.traceId));
    }
    call.outcome = problemCodeOf(result);
    if (trail !== undefined) for (const denial of denialsOf(call, result, call.outcome)) trail.denied(denial);
    call.record(call, reply.raw.headersSent ? reply.raw.statusCode : result.status);
    gate.leave();
  }

  return {
    answer,
    fail(request, reply, error) {
      const call = callOf(request);
      // A body that broke off: the caller was too slow, or left. Nobody reads this, but it must not count as our fault.
      if (request.raw.destroyed && !request.raw.complete) {
        return answer(request, reply, commonProblem('request-timeout', call.traceId));
      }
      const failure = describeFailure(error, call.traceId);
      call.fault = failure.code;
      if (failure.isDefect) logger.error({ err: error, traceId: call.traceId }, 'a request failed');
      answer(request, reply, failure.reply);
    },
  };
}

function unavailable(traceId: string): Reply {
  return commonProblem('service-unavailable', traceId, { headers: { 'retry-after': '1' } });
}

function unknownRoute(request: FastifyRequest, methodsOf: (path: string) => readonly string[], traceId: string): Reply {
  const methods = methodsOf(request.url.split('?', 1)[0] ?? '');
  if (methods.length === 0) return commonProblem('not-found', traceId);
  return commonProblem('method-not-allowed', traceId, { headers: { allow: methods.join(', ') } });
}
