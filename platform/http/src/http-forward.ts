import { type IncomingHttpHeaders, IncomingMessage, type ServerResponse } from 'node:http';
import type { ServiceName } from '@florin/contracts';
import { errors, type Pool } from 'undici';
import { type AnswerForm, type Forward, sendForwardProblem } from './forward.ts';
import { createPeerCircuits, type PeerCircuit, type PeerCircuits } from './peer-circuits.ts';
import type { CommonProblem } from './problem.ts';
import { openServicePool, requestName } from './service-pool.ts';
import { TIME_LEFT_HEADER, timeToWork } from './time-left.ts';
import type { TlsCredentials } from './tls-credentials.ts';

export interface HttpForwardOptions {
  /** From the last byte sent to the head of the answer, and between two pieces of it; 10,000 when absent. */
  readonly timeoutMs?: number;
  /** Between two pieces of a stream; 40,000 when absent. */
  readonly streamTimeoutMs?: number;
  /** The certificate of this process; services are then reached with mutual TLS. */
  readonly credentials?: TlsCredentials | undefined;
  /** What this process knows of services that do not answer; its own when absent. */
  readonly circuits?: PeerCircuits;
}

/** Longer than any service lets a request take (8 s), so its own answer wins over our 504. */
const TIMEOUT_MS_DEFAULT = 10_000;
/** Streams say something at least every 15 s; twice that and more is a service that is gone. */
const STREAM_TIMEOUT_MS_DEFAULT = 40_000;
/** Per service. */
const CONNECTIONS_MAX = 256;
/** Per service, with those that wait for a connection; one more is refused, rather than kept in memory. */
const UNDER_WAY_MAX = CONNECTIONS_MAX + 2_000;
/** Of a repeatable request: the connections of a process that is gone may break one after the other, all within a moment. */
const SENT_TIMES_MAX = 3;
const SENT_AGAIN_WITHIN_MS = 2_000;
/** What is longer is not kept to be sent again. A batch of 500 transfers has some 150 kB. */
const KEPT_BYTES_MAX = 256 * 1024;
/** Per service; a stream keeps its connection for minutes. More than a service opens, so that it is the one to refuse. */
const STREAMS_MAX = 4_000;

/**
 * Forwards to other processes: bodies stream both ways, connection headers stay behind (RFC 9110 section 7.6.1), the
 * Host is kept, redirects are passed on and not followed. A caller that hangs up ends the request to the service too.
 * Streams have connections of their own: many of them leave every other request as many as ever. A service that does not
 * answer is left alone for a moment: requests to it are refused at once. What is repeatable is sent again when its connection
 * broke before the answer began: a service that ends, or is killed, has another process beside it.
 */
export function httpForward(
  baseUrls: Partial<Readonly<Record<ServiceName, string>>>,
  options: HttpForwardOptions = {},
): Forward {
  const { circuits = createPeerCircuits(), timeoutMs = TIMEOUT_MS_DEFAULT } = options;
  const open = (connections: number, underWayMax: number, bodyTimeout: number): ReadonlyMap<string, Callee> =>
    new Map(
      Object.entries(baseUrls).map(([service, url]) => {
        const limits = { connections, headersTimeout: timeoutMs, bodyTimeout };
        const pool = openServicePool(service as ServiceName, url, limits, options.credentials);
        return [service, { pool, underWayMax, underWay: 0 }];
      }),
    );
  const whole = open(CONNECTIONS_MAX, UNDER_WAY_MAX, timeoutMs);
  const streams = open(STREAMS_MAX, STREAMS_MAX, options.streamTimeoutMs ?? STREAM_TIMEOUT_MS_DEFAULT);

  return {
    forward(service, request, response, form = 'whole') {
      const callee = (form === 'stream' ? streams : whole).get(service);
      const circuit = circuits.of(service);
      if (callee === undefined || callee.underWay >= callee.underWayMax || circuit.isOpen()) {
        return sendForwardProblem(request, response, 'service-unavailable');
      }
      callee.underWay += 1;
      void stream({ pool: callee.pool, service, form, circuit, timeoutMs }, request, response).finally(() => {
        callee.underWay -= 1;
      });
    },
    async close() {
      await Promise.all([...whole.values(), ...streams.values()].map(({ pool }) => pool.destroy()));
    },
  };
}

interface Callee {
  readonly pool: Pool;
  readonly underWayMax: number;
  underWay: number;
}

interface Way {
  readonly pool: Pool;
  readonly service: ServiceName;
  readonly form: AnswerForm;
  readonly circuit: PeerCircuit;
  readonly timeoutMs: number;
}

async function stream(way: Way, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { form, circuit } = way;
  const abort = new AbortController();
  const onClose = (): void => {
    // A stream that was ended on our side goes on at the service until it is told.
    if (form === 'stream' || !response.writableFinished) abort.abort();
  };
  response.once('close', onClose);
  try {
    await send(way, request, response, abort.signal);
  } catch (error) {
    // What broke after it began, or because the caller hung up, says nothing about the service.
    const isAnswered = response.headersSent || error instanceof OurTokenRefused;
    if (!isAnswered && !abort.signal.aborted) circuit.failed(error);
    // Once the answer has begun the only honest way to say it broke is to break it.
    if (response.headersSent || response.destroyed) response.destroy();
    else sendForwardProblem(request, response, problemOf(error));
  } finally {
    response.off('close', onClose);
  }
}

/** Sends it, and when it is repeatable and its connection broke, again. */
async function send(way: Way, request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
  const body = await bodyOf(way, request);
  const startedAtMs = performance.now();
  const isKept = way.form === 'repeatable' && !(body instanceof IncomingMessage);
  const isOver = (times: number): boolean =>
    !isKept || times >= SENT_TIMES_MAX || performance.now() - startedAtMs > SENT_AGAIN_WITHIN_MS;
  for (let times = 1; ; times += 1) {
    try {
      return await sendOnce(way, request, { body, signal }, response);
    } catch (error) {
      if (response.headersSent || signal.aborted || !isConnectionBroken(error) || isOver(times)) throw error;
    }
  }
}

async function sendOnce(
  way: Way,
  request: IncomingMessage,
  { body, signal }: { readonly body: Buffer | IncomingMessage | null; readonly signal: AbortSignal },
  response: ServerResponse,
): Promise<void> {
  await way.pool.stream(
    {
      method: (request.method ?? 'GET') as 'GET',
      path: request.url ?? '/',
      headers: headersOf(way, request),
      body,
      ...requestName(way.service),
      signal,
    },
    ({ statusCode, headers }) => {
      way.circuit.succeeded();
      if (isOurTokenRefused(statusCode, headers)) throw new OurTokenRefused();
      response.writeHead(statusCode, endToEndHeaders(headers));
      return response;
    },
  );
}

/** The body: in memory when it may have to be sent again, as it comes otherwise. */
async function bodyOf({ form }: Way, request: IncomingMessage): Promise<Buffer | IncomingMessage | null> {
  if (!hasBody(request)) return null;
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (form !== 'repeatable' || length > KEPT_BYTES_MAX) return request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Whether a connection broke, or could not be made, before there was an answer on it. What came of the request is not known. */
function isConnectionBroken(error: unknown): boolean {
  const { code } = error as { readonly code?: string };
  return code !== undefined && BROKEN.has(code);
}

const BROKEN: ReadonlySet<string> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ECONNREFUSED']);

/** The service does not take what we signed: its clock or its keys are not ours. Whoever asked us can not mend that. */
class OurTokenRefused extends Error {}

/** With this challenge services refuse an internal token, and nothing else (`contract-route.ts`). */
function isOurTokenRefused(status: number, headers: IncomingHttpHeaders): boolean {
  return status === 401 && headers['www-authenticate'] === 'Bearer';
}

function headersOf({ form, timeoutMs }: Way, request: IncomingMessage): IncomingHttpHeaders {
  const headers = endToEndHeaders(request.headers);
  if (form === 'whole') headers[TIME_LEFT_HEADER] = timeToWork(timeoutMs);
  return headers;
}

function problemOf(error: unknown): CommonProblem {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return 'upstream-timeout';
  if (error instanceof errors.HTTPParserError || error instanceof errors.ResponseExceededMaxSizeError)
    return 'bad-gateway';
  return 'service-unavailable';
}

function hasBody(request: IncomingMessage): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  if (request.headers['transfer-encoding'] !== undefined) return true;
  const length = request.headers['content-length'];
  return length !== undefined && length !== '0';
}

/** Meant for one connection, not for the message (RFC 9110 section 7.6.1); `expect` was already answered by Node. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

function endToEndHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = headers.connection === undefined ? [] : headers.connection.split(',');
  const dropped = new Set(named.map((name) => name.trim().toLowerCase()));
  const kept: IncomingHttpHeaders = {};
  for (const name of Object.keys(headers)) {
    if (!HOP_BY_HOP.has(name) && !dropped.has(name)) kept[name] = headers[name];
  }
  return kept;
}
