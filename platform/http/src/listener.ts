import { createServer as createHttpServer, type Server as HttpServer, type ServerOptions } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { newTraceId } from '@florin/observability';
import { commonProblem } from './problem.ts';
import type { Handler } from './service.ts';
import { createTlsServer, type MutualTls, type OpenTls } from './tls-server.ts';

const HEADERS_TIMEOUT_MS = 4_000;
/** Looked at every half second, so a slow body is answered within 8 s of its first byte. */
const REQUEST_TIMEOUT_MS = 7_000;
/** Longer than the 60 s load balancers keep an idle connection, so it is never us who closes one they are about to use. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * How long a peer may take, and how much it may send before it is understood. Node's own defaults (a minute for the
 * head, five for the request, looked at every 30 s) let a few hundred slow connections hold a server.
 */
export const listenOptions: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  connectionsCheckingInterval: 500,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
};

/** Enough for every client of a large bench and far below the file descriptors of a process. */
const CONNECTIONS_MAX = 10_000;

/** A connection on which nothing moves for this long in mid-request: a peer that does not read its answer. */
const SILENCE_MAX_MS = 30_000;

/** Bounds how long in-flight requests hold up the end of a process that has 5 s to stop. */
const DRAIN_MAX_MS = 4_000;
const IDLE_CHECK_INTERVAL_MS = 20;

export interface ListenLimits {
  readonly connectionsMax?: number;
  /** 4,000 when absent. */
  readonly headersTimeoutMs?: number;
  /** Head and body together; 7,000 when absent. */
  readonly requestTimeoutMs?: number;
}

/**
 * Applies the limits that a server made elsewhere can still take. Make it with `listenOptions`: the header size and the
 * interval of the checks can only be set there.
 */
export function applyListenLimits(server: HttpServer | HttpsServer, limits: ListenLimits = {}): void {
  server.headersTimeout = limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  server.requestTimeout = limits.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  server.timeout = SILENCE_MAX_MS;
  server.maxConnections = limits.connectionsMax ?? CONNECTIONS_MAX;
  server.on('clientError', answerBrokenRequest);
}

/**
 * How long a process that others take the place of leaves idle connections open. A load balancer may be sending on one at this
 * very moment, and what it sends twice might be done twice, so it would fail. Those it uses meanwhile are closed with their
 * answer; what it has not used for so long it hardly takes just then.
 */
export const LINGER_MS = 500;

/**
 * Stops accepting, tells every client with an answer under way to go (`connection: close`), closes idle connections after
 * `lingerMs`, and resolves when the last one is gone; after 4 s those that are left are cut.
 */
export async function drainServer(server: HttpServer | HttpsServer, lingerMs = 0): Promise<void> {
  if (!server.listening) return;
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  const closed = Promise.withResolvers<void>();
  // Node's own `close` of an HTTP server closes idle connections at once; that of the socket below it only stops listening.
  NetServer.prototype.close.call(server, () => closed.resolve());
  const lingersUntilMs = performance.now() + lingerMs;
  // A kept-alive connection becomes idle when its last answer is out; nothing tells us, so we look.
  const idle = setInterval(() => {
    if (performance.now() >= lingersUntilMs) server.closeIdleConnections();
  }, IDLE_CHECK_INTERVAL_MS);
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MAX_MS);
  await closed.promise;
  clearInterval(idle);
  clearTimeout(cut);
}

/** A listening port. */
export interface Listener {
  readonly server: HttpServer | HttpsServer;
  readonly port: number;
  /** See `drainServer`. */
  drain(lingerMs?: number): Promise<void>;
  /** Cuts every connection. */
  close(): Promise<void>;
}

/**
 * Opens a port for a handler, with the limits above, behind TLS where it is given. Port 0 takes a free one; rejects when the
 * port is taken.
 */
export async function listen(
  options: ListenLimits & {
    readonly handle: Handler['handle'];
    readonly port: number;
    readonly host: string;
    readonly tls?: OpenTls | MutualTls | undefined;
  },
): Promise<Listener> {
  const { tls, handle } = options;
  // Shaking hands may take as long as a head; Node's own default is two minutes.
  const handshakeTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS;
  const server =
    tls === undefined
      ? createHttpServer(listenOptions, handle)
      : createTlsServer(tls, { ...listenOptions, handshakeTimeout }, handle);
  applyListenLimits(server, options);
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(options.port, options.host, listening.resolve);
  await listening.promise;
  server.off('error', listening.reject);

  return {
    server,
    port: (server.address() as AddressInfo).port,
    drain: (lingerMs) => drainServer(server, lingerMs),
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** Answers what never became a request: too slow, too long, or not HTTP. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const traceId = newTraceId();
  const { status, text = '', contentType } = commonProblem(brokenRequestProblem(error.code), traceId);
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Bad Request'}\r\ncontent-type: ${contentType}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n${text}`,
    // The peer may hold its half open for ever.
    () => socket.destroy(),
  );
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

function brokenRequestProblem(code: string | undefined): 'request-timeout' | 'headers-too-large' | 'invalid-request' {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return 'invalid-request';
}

/** Node hangs the response under way on the socket. A second head inside its body would be read as part of it. */
function isAnswering(socket: Socket & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}
