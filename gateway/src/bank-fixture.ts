import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type Cache, memoryCache } from '@florin/cache';
import { accountsRoutes, type ServiceName, transactionsRoutes, usersRoutes } from '@florin/contracts';
import {
  createServer,
  endpoint,
  type Handler,
  httpCalls,
  httpForward,
  inProcessCalls,
  inProcessForward,
  type Listener,
  listen,
  type Reply,
} from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import {
  createAccessTokenVerifier,
  createDenylist,
  createInternalTokenMinter,
  createInternalTokenVerifier,
  newInternalKey,
  type Principal,
} from '@florin/security';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createGateway, type GatewayOptions } from './gateway.ts';
import type { WebSession } from './web-sessions.ts';

export const ORIGIN = 'http://bank.test';
export const ALICE = '018f0000-0000-7000-8000-00000000a11c';
export const ACCOUNT = '018f0000-0000-7000-8000-0000000000ac';

/** What reached a service, before it was handled. */
export interface Seen {
  readonly service: ServiceName;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  principal?: Principal;
  body?: unknown;
}

export type Mode = 'in-process' | 'http';
export type Answer = (url: string) => Promise<Reply> | Reply;

/**
 * A bank with a real gateway and tiny services behind it, made with the same servers and contracts as the real ones.
 * Their answers are the tests' to choose; what reaches them is kept in `seen`.
 */
export async function openBank(mode: Mode, overrides: Partial<GatewayOptions> = {}) {
  const time = { ms: 1_780_000_000_000 };
  const clock = () => time.ms;
  const seen: Seen[] = [];
  const answers = new Map<ServiceName, Answer>();
  const sessions = { bySid: new Map<string, WebSession>(), asked: 0, fail: false };
  const lines: string[] = [];
  const logger = createLogger({ service: 'gateway', destination: { write: (line) => lines.push(line) } });

  const issuer = await generateKeyPair('ES256', { extractable: true });
  const issuerJwk = { ...(await exportJWK(issuer.publicKey)), kid: 'key-1' };
  const internalKey = await newInternalKey('gateway');
  const publicJwks = { keys: [internalKey.publicJwk] };

  const handlers = new Map<ServiceName, Handler>();
  for (const service of ['users', 'accounts', 'transactions'] as const) {
    handlers.set(service, await tinyService(service, { seen, answers, publicJwks, clock }));
  }
  const listeners: Listener[] = [];
  const baseUrls: Partial<Record<ServiceName, string>> = {};
  if (mode === 'http') {
    for (const [service, { handle }] of handlers) {
      const listener = await listen({ handle, host: '127.0.0.1', port: 0 });
      listeners.push(listener);
      baseUrls[service] = `http://127.0.0.1:${listener.port}`;
    }
  }
  const forward = mode === 'http' ? httpForward(baseUrls) : inProcessForward(() => handlers);
  const calls = mode === 'http' ? httpCalls(baseUrls as Record<ServiceName, string>) : inProcessCalls(() => handlers);
  const denylist = createDenylist({ clock });
  const cache: Cache = memoryCache({ clock });

  const gateway = await createGateway({
    publicUrl: ORIGIN,
    host: '127.0.0.1',
    port: 0,
    routes: [...usersRoutes, ...accountsRoutes, ...transactionsRoutes],
    forward,
    calls,
    cache,
    accessTokens: createAccessTokenVerifier({
      issuer: ORIGIN,
      audience: ORIGIN,
      jwks: () => Promise.resolve({ keys: [issuerJwk] }),
      clock,
    }),
    denylist,
    internalTokens: createInternalTokenMinter({ privateJwk: internalKey.privateJwk, issuer: 'gateway', clock }),
    resolveSession: (cookie) => {
      sessions.asked += 1;
      return sessions.fail ? Promise.reject(new Error('away')) : Promise.resolve(sessions.bySid.get(cookie));
    },
    logger,
    metrics: createMetrics({ service: 'gateway' }),
    clock,
    ...overrides,
  });
  const { port } = await gateway.listen();

  /** An access token of Alice, a customer, unless claims say otherwise. */
  function tokenOf(claims: object = {}): Promise<string> {
    const iat = Math.floor(time.ms / 1_000);
    const payload = {
      iss: ORIGIN,
      aud: ORIGIN,
      sub: ALICE,
      client_id: 'web',
      jti: 'j',
      sid: 's1',
      roles: ['customer'],
    };
    return new SignJWT({ ...payload, iat, exp: iat + 300, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' })
      .sign(issuer.privateKey);
  }

  return {
    gateway,
    port,
    time,
    seen,
    answers,
    sessions,
    denylist,
    cache,
    handlers,
    lines,
    tokenOf,
    send: (method: string, path: string, headers: readonly RawHeader[] = [], body = '') =>
      sendRaw(port, method, path, headers, body),
    async close() {
      await gateway.close();
      await forward.close();
      await calls.close();
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

export type Bank = Awaited<ReturnType<typeof openBank>>;

/** Answers every contract of a service with what the test chose, and the issuer's pages with plain text. */
async function tinyService(
  service: ServiceName,
  parts: {
    readonly seen: Seen[];
    readonly answers: ReadonlyMap<ServiceName, Answer>;
    readonly publicJwks: Parameters<typeof createInternalTokenVerifier>[0]['publicJwks'];
    readonly clock: () => number;
  },
): Promise<Handler> {
  const verifier = createInternalTokenVerifier({ publicJwks: parts.publicJwks, audience: service, clock: parts.clock });
  const contracts = [...usersRoutes, ...accountsRoutes, ...transactionsRoutes].filter((one) => one.service === service);
  const server = await createServer({
    service,
    logger: createLogger({ service, level: 'silent' }),
    metrics: createMetrics({ service }),
    authenticate: (headers) => verifier.verify((headers.authorization ?? '').replace('Bearer ', '')),
    endpoints: contracts.map((contract) =>
      endpoint(contract, (call) => {
        const last = parts.seen.at(-1);
        if (last !== undefined) Object.assign(last, { principal: call.principal, body: call.body });
        return parts.answers.get(service)?.(last?.url ?? '') ?? { status: 200, body: { answered: service } };
      }),
    ),
  });
  return {
    handle(request, response) {
      const { url, headers, rawHeaders } = request;
      parts.seen.push({ service, url, headers: { ...headers }, rawHeaders: [...rawHeaders] });
      if (service === 'users' && !url?.startsWith('/v1/') && !url?.startsWith('/internal/'))
        answerPage(request, response);
      else server.handle(request, response);
    },
  };
}

/** As the issuer's framework does it: headers first, the head of the answer when the body ends. */
function answerPage(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.setHeader('set-cookie', ['a=1; Path=/', 'b=2; Path=/']);
  response.end('a page of the issuer');
}

export type RawHeader = readonly [name: string, value: string];

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly setCookies: readonly string[];
  readonly text: string;
  readonly code: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends exactly these bytes: no client library that would mend a path or refuse a header on the way. */
export async function sendRaw(
  port: number,
  method: string,
  path: string,
  headers: readonly RawHeader[] = [],
  body = '',
): Promise<RawAnswer> {
  const all: RawHeader[] = [...headers];
  const has = (wanted: string) => all.some(([name]) => name.toLowerCase() === wanted);
  if (!has('host')) all.unshift(['Host', 'bank.test']);
  if (!has('connection')) all.push(['Connection', 'close']);
  if (body !== '' && !has('content-type')) all.push(['Content-Type', 'application/json']);
  if (body !== '' && !has('transfer-encoding')) all.push(['Content-Length', String(Buffer.byteLength(body))]);
  const head = [`${method} ${path} HTTP/1.1`, ...all.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return parseAnswer(await exchangeBytes(port, `${head}\r\n\r\n${body}`));
}

/** Writes bytes to a new connection and reads until the other side closes. */
export async function exchangeBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset or a refused connection closes it too, and what arrived before counts.
  socket.on('error', () => undefined);
  const closed = Promise.withResolvers<void>();
  socket.once('close', () => closed.resolve());
  socket.write(bytes);
  await closed.promise;
  return Buffer.concat(chunks).toString();
}

export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  const headers: Record<string, string> = Object.fromEntries(pairs);
  const body = text.slice(end + 4);
  const isJson = headers['content-type']?.includes('json') === true && body !== '';
  const parsed: Record<string, unknown> = isJson ? JSON.parse(body) : {};
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    setCookies: pairs.filter(([name]) => name === 'set-cookie').map(([, value]) => value ?? ''),
    text: body,
    code: typeof parsed['code'] === 'string' ? parsed['code'] : undefined,
    body: parsed,
  };
}
