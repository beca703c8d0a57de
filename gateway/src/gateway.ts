import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cache } from '@florin/cache';
import type { RouteContract } from '@florin/contracts';
import {
  type Forward,
  type Listener,
  listen,
  type OpenTls,
  type Service,
  type ServiceCall,
  tracedForward,
} from '@florin/http';
import { isTracing, type Logger, type Metrics } from '@florin/observability';
import { type Clock, invariant } from '@florin/primitives';
import {
  type AccessTokenVerifier,
  createProofVerifier,
  type Denylist,
  type InternalTokens,
  PROOF_REMEMBERED_SECONDS,
} from '@florin/security';
import { type FastifyInstance, fastify } from 'fastify';
import { type AnswerPolicy, watchAnswer } from './answer.ts';
import { BEAT_EVERY_MS, type CacheTrust, NOTICED_AFTER_MS, openCacheTrust } from './cache-trust.ts';
import { createClientAddress } from './client-address.ts';
import { sessionCookieName } from './credentials.ts';
import { type Door, type OwnAnswer, passDoor, refuse } from './door.ts';
import { type Exchange, openExchange } from './exchange.ts';
import { createOpenStreams } from './open-streams.ts';
import { ownAnswers, unmatchedAnswer } from './own-answers.ts';
import { createOwnWrites, REMEMBERED_FOR_MS } from './own-writes.ts';
import { createRateLimits, DEFAULT_LIMITS, type GatewayLimits } from './rate-limits.ts';
import { createRecorder } from './request-record.ts';
import { type GatewayRoute, routingTable, UNMATCHED } from './routing-table.ts';
import type { ServiceHealth } from './service-health.ts';
import { openWebClient } from './web-client.ts';
import { createWebSessions, type ResolveSession } from './web-sessions.ts';

export interface GatewayOptions {
  /** The address people use, which is also the issuer: an origin without a path. */
  readonly publicUrl: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The public certificate. Absent: it speaks plain http, on this machine or behind a proxy that does not. */
  readonly tls?: OpenTls | undefined;
  /** The contracts of every service; the gateway adds its own. */
  readonly routes: readonly RouteContract[];
  readonly forward: Forward;
  readonly calls: ServiceCall;
  readonly cache: Cache;
  /** Of this process, where several share a cache. */
  readonly instanceId?: string;
  readonly accessTokens: AccessTokenVerifier;
  readonly denylist: Denylist;
  readonly internalTokens: InternalTokens;
  readonly resolveSession: ResolveSession;
  /** How long it leaves idle connections open when it ends, for a load balancer that may just be using one; not at all when absent. */
  readonly lingerMs?: number;
  /** Whether this process knows what it must to let anybody in; it does at once when absent. */
  readonly isReady?: () => boolean;
  /** What staff are told about the services behind. */
  readonly health: ServiceHealth;
  /** The built web client: a folder with `index.html` and `assets/`. Absent: `/` says what this is, and no more. */
  readonly webClient?: { readonly folder: string };
  /** Whom to tell of a hole: what stands behind `Contact:` in `/.well-known/security.txt`. Absent: there is no such file. */
  readonly securityContact?: string | undefined;
  readonly limits?: Partial<GatewayLimits>;
  /** Addresses or CIDR ranges whose `X-Forwarded-For` is believed; none by default. */
  readonly trustedProxies?: readonly string[];
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** The public door. `handle` answers without a port too, which is how the demo data comes in before it is open. */
export interface Gateway extends Service {
  listen(): Promise<{ readonly port: number }>;
}

/** Until all is history that somebody was told before the last reason for it. */
const DOUBTED_FOR_MS = REMEMBERED_FOR_MS + NOTICED_AFTER_MS;

/**
 * Builds the gateway; it answers through `handle` at once, and on its port after `listen`. Throws the Fault
 * `web-client-unusable` when it was given a web client that cannot be served.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { cache, clock, logger, metrics, instanceId = 'the only one' } = options;
  const trust = await openCacheTrust({ cache, clock, logger, instanceId, doubtedForMs: DOUBTED_FOR_MS });
  const beats = setInterval(() => void trust.beat(), BEAT_EVERY_MS).unref();
  const door = buildDoor(options, trust);
  const policy: AnswerPolicy = {
    httpsOnly: door.publicUrl.protocol === 'https:',
    wrote: (exchange, versions) => door.ownWrites.remember(exchange.subject, versions),
  };
  const record = createRecorder(logger, metrics);
  const isTraced = isTracing();
  const open: OpenExchange = (route, request, response, params) => {
    const exchange = openExchange(route, request, response, params, isTraced);
    watchAnswer(exchange, policy);
    response.on('close', () => record(exchange));
    return exchange;
  };
  const web = options.webClient && (await openWebClient({ ...options.webClient, isHttps: policy.httpsOnly }));
  const own = ownAnswers({ ...options, door, web });
  const routes = [...routingTable(options.routes), ...own.keys()];
  const app = await buildRouter({ door, open, own, routes, unmatched: unmatchedAnswer(routes, web) });
  let listener: Listener | undefined;

  return {
    name: 'gateway',
    metrics,
    handle: (request, response) => app.routing(request, response),
    async listen() {
      listener = await listen({ handle: app.routing, host: options.host, port: options.port, tls: options.tls });
      return { port: listener.port };
    },
    ready: () => Promise.resolve(options.isReady?.() ?? true),
    async drain() {
      door.streams.end();
      await listener?.drain(options.lingerMs);
      clearInterval(beats);
      await trust.leave();
    },
    async close() {
      clearInterval(beats);
      await listener?.close();
      await app.close();
    },
  };
}

type OpenExchange = (
  route: GatewayRoute,
  request: IncomingMessage,
  response: ServerResponse,
  params: Readonly<Record<string, string>>,
) => Exchange;

function buildDoor(options: GatewayOptions, trust: CacheTrust): Door {
  const { cache, clock, logger } = options;
  const publicUrl = new URL(options.publicUrl);
  invariant(publicUrl.pathname === '/' && publicUrl.search === '', 'the public URL is an origin, without a path');
  return {
    publicUrl,
    logger,
    authentication: {
      accessTokens: options.accessTokens,
      proofs: createProofVerifier({ clock, isFirst: firstUses(cache) }),
      denylist: options.denylist,
      sessions: createWebSessions(options.resolveSession, clock),
      publicOrigin: publicUrl.origin,
    },
    addressOf: createClientAddress(options.trustedProxies ?? []),
    cookieName: sessionCookieName(publicUrl.protocol === 'https:'),
    forward: tracedForward(options.forward),
    internalTokens: options.internalTokens,
    limits: createRateLimits({ cache, clock, logger, limits: { ...DEFAULT_LIMITS, ...options.limits } }),
    ownWrites: createOwnWrites({ cache, trust }),
    streams: createOpenStreams(),
  };
}

/** Remembers proofs: a limit of one, which is not there again before the proof is too old anyway. */
function firstUses(cache: Cache): (proofId: string) => Promise<boolean> {
  const once = { ratePerSecond: 1 / PROOF_REMEMBERED_SECONDS, burst: 1 };
  return async (proofId) => (await cache.take(`proof:${proofId}`, once)).allowed;
}

interface RouterParts {
  readonly door: Door;
  readonly open: OpenExchange;
  /** What the gateway answers itself, among the routes. */
  readonly own: ReadonlyMap<GatewayRoute, OwnAnswer>;
  readonly routes: readonly GatewayRoute[];
  readonly unmatched: OwnAnswer;
}

/**
 * Fastify as a router only: every route is answered in its first hook, before Fastify would read a body. It is the
 * router the services use, so both sides of the door see the same path the same way.
 */
async function buildRouter({ door, open, own, routes, unmatched }: RouterParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX, querystringParser: () => ({}) },
    frameworkErrors: (_error, request, reply) => {
      reply.hijack();
      refuse(open(UNMATCHED, request.raw, reply.raw, {}), { code: 'invalid-path' });
    },
  });
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    reply.hijack();
    enter(door, open(UNMATCHED, request.raw, reply.raw, {}), unmatched);
  });
  for (const route of routes) {
    const answer = own.get(route);
    app.route({
      method: [...route.methods],
      url: route.url,
      onRequest: (request, reply) => {
        reply.hijack();
        enter(door, open(route, request.raw, reply.raw, request.params as Record<string, string>), answer);
      },
      handler: () => invariant(false, 'every route is answered in its first hook'),
    });
  }
  await app.ready();
  return app;
}

function enter(door: Door, exchange: Exchange, own: OwnAnswer | undefined): void {
  if (exchange.span === undefined) void passDoor(door, exchange, own);
  else void exchange.span.within(() => passDoor(door, exchange, own));
}

/** As in the services: ids are 36 characters, and nothing of ours is longer than this. */
const PATH_PARAMETER_LENGTH_MAX = 200;
