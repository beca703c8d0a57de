import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Cache, memoryCache } from '@florin/cache';
import {
  accountsRoutes,
  notificationsRoutes,
  type ServiceName,
  transactionsRoutes,
  usersRoutes,
} from '@florin/contracts';
import {
  createServer,
  endpoint,
  httpCalls,
  httpForward,
  inProcessCalls,
  inProcessForward,
  type Listener,
  listen,
  type Reply,
  type Service,
  startInternalServer,
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
import { type RawHeader, sendRaw } from './raw-client-fixture.ts';
import { httpHealth, inProcessHealth } from './service-health.ts';
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
/** What a service says of itself; that it is ready unless the test says otherwise. */
type Readiness = Map<string, () => Promise<boolean>>;

/**
 * A bank with a real gateway and tiny services behind it, made with the same servers and contracts as the real ones.
 * Their answers are the tests' to choose; what reaches them is kept in `seen`.
 */
export async function openBank(mode: Mode, overrides: Partial<GatewayOptions> = {}) {
  const time = { ms: 1_780_000_000_000 };
  const clock = () => time.ms;
  const seen: Seen[] = [];
  const answers = new Map<ServiceName, Answer>();
  const readiness: Readiness = new Map();
  const sessions = { bySid: new Map<string, WebSession>(), asked: 0, fail: false };
  const lines: string[] = [];
  const logger = createLogger({ service: 'gateway', destination: { write: (line) => lines.push(line) } });

  const issuer = await tinyIssuer(clock);
  const internalKey = await newInternalKey('gateway');
  const publicJwks = { keys: [internalKey.publicJwk] };

  const handlers = new Map<ServiceName, Service>();
  for (const service of ['users', 'accounts', 'transactions', 'notifications'] as const) {
    handlers.set(service, await tinyService(service, { seen, answers, readiness, publicJwks, clock }));
  }
  const { forward, calls, health, closePorts } = await connectServices(mode, handlers);
  const denylist = createDenylist({ clock });
  const cache: Cache = memoryCache({ clock });

  const gateway = await createGateway({
    ...PLACE,
    forward,
    calls,
    health,
    cache,
    accessTokens: createAccessTokenVerifier({
      issuer: ORIGIN,
      audience: ORIGIN,
      jwks: () => Promise.resolve({ keys: [issuer.jwk] }),
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

  return {
    gateway,
    port,
    time,
    seen,
    answers,
    readiness,
    sessions,
    denylist,
    cache,
    handlers,
    lines,
    tokenOf: issuer.tokenOf,
    send: (method: string, path: string, headers: readonly RawHeader[] = [], body = '') =>
      sendRaw(port, method, path, headers, body),
    async close() {
      await gateway.close();
      await closePorts();
    },
  };
}

const PLACE = {
  publicUrl: ORIGIN,
  host: '127.0.0.1',
  port: 0,
  routes: [...usersRoutes, ...accountsRoutes, ...transactionsRoutes, ...notificationsRoutes],
};

/** The two ways from the gateway to services. */
async function connectServices(mode: Mode, handlers: ReadonlyMap<ServiceName, Service>) {
  const listeners: Listener[] = [];
  const baseUrls: Partial<Record<ServiceName, string>> = {};
  const healthUrls: Record<string, string> = {};
  if (mode === 'http') {
    for (const [name, service] of handlers) {
      const place = { host: '127.0.0.1', port: 0 };
      const listener = await listen({ handle: service.handle, ...place });
      const internal = await startInternalServer({ services: () => [service], ...place });
      listeners.push(listener, internal);
      baseUrls[name] = `http://127.0.0.1:${listener.port}`;
      healthUrls[name] = `http://127.0.0.1:${internal.port}/health/ready`;
    }
  }
  const forward = mode === 'http' ? httpForward(baseUrls) : inProcessForward(() => handlers);
  const calls = mode === 'http' ? httpCalls(baseUrls) : inProcessCalls(() => handlers);
  const health = mode === 'http' ? httpHealth(healthUrls) : inProcessHealth(() => [...handlers.values()]);
  return {
    forward,
    calls,
    health,
    async closePorts() {
      await forward.close();
      await calls.close();
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

/** Signs access tokens as the issuer does: of Alice, a customer, unless claims say otherwise. */
async function tinyIssuer(clock: () => number) {
  const keys = await generateKeyPair('ES256', { extractable: true });
  return {
    jwk: { ...(await exportJWK(keys.publicKey)), kid: 'key-1' },
    tokenOf(claims: object = {}): Promise<string> {
      const iat = Math.floor(clock() / 1_000);
      const payload = {
        iss: ORIGIN,
        aud: ORIGIN,
        sub: ALICE,
        client_id: 'web',
        scope: 'bank',
        jti: 'j',
        sid: 's1',
        roles: ['customer'],
      };
      return new SignJWT({ ...payload, iat, exp: iat + 300, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' })
        .sign(keys.privateKey);
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
    readonly readiness: Readiness;
    readonly publicJwks: Parameters<typeof createInternalTokenVerifier>[0]['publicJwks'];
    readonly clock: () => number;
  },
): Promise<Service> {
  const verifier = createInternalTokenVerifier({ publicJwks: parts.publicJwks, audience: service, clock: parts.clock });
  const contracts = PLACE.routes.filter((one) => one.service === service);
  const server = await createServer({
    service,
    logger: createLogger({ service, level: 'silent' }),
    metrics: createMetrics({ service }),
    authenticate: (headers) => verifier.verify((headers.authorization ?? '').replace('Bearer ', '')),
    endpoints: contracts.map((contract) =>
      endpoint(contract, (call) => {
        const last = parts.seen.findLast((one) => one.service === service);
        if (last !== undefined) Object.assign(last, { principal: call.principal, body: call.body });
        return parts.answers.get(service)?.(last?.url ?? '') ?? { status: 200, body: { answered: service } };
      }),
    ),
  });
  return {
    name: service,
    metrics: createMetrics({ service }),
    ready: async () => parts.readiness.get(service)?.() ?? true,
    drain: server.drain,
    close: server.close,
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
