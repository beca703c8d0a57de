import { type Forward, NETWORK_HEADER, type Reply, sendReply } from '@florin/http';
import type { Logger } from '@florin/observability';
import { Fault } from '@florin/primitives';
import type { InternalTokens, VerifiedAccessToken } from '@florin/security';
import { type Authentication, accessRefusal, authenticate, type RequestEvidence } from './authentication.ts';
import { type ClientAddress, networkOf } from './client-address.ts';
import { readCredentials } from './credentials.ts';
import type { Exchange } from './exchange.ts';
import type { OpenStreams } from './open-streams.ts';
import { MIN_VERSION_HEADER, type OwnWrites } from './own-writes.ts';
import { isPlainPath } from './path-gate.ts';
import { type Refusal, refusalReply } from './problems.ts';
import type { RateLimits } from './rate-limits.ts';
import { cleanRequestHeaders, replaceRequestHeader, setInternalToken, setRequestHeader } from './request-headers.ts';

/** Answers a route of the gateway's own. `token` is there when the route needs somebody. */
export type OwnAnswer = (exchange: Exchange, token: VerifiedAccessToken | undefined) => Promise<Reply> | Reply;

/** What stands between a request and the service it is for. */
export interface Door {
  readonly authentication: Authentication;
  readonly addressOf: ClientAddress;
  readonly cookieName: string;
  readonly forward: Forward;
  readonly internalTokens: InternalTokens;
  readonly limits: RateLimits;
  readonly logger: Logger;
  readonly ownWrites: OwnWrites;
  readonly streams: OpenStreams;
  readonly publicUrl: URL;
}

/**
 * The way in, in this order: one reading of the path, headers without anything spoofable, the limit of the address,
 * who it is, their own limit, the internal token, and then the service, which knows whether their role may and keeps the
 * record. The body is not touched: whoever answers reads it. Never throws; what goes wrong is answered as a problem.
 */
export async function passDoor(door: Door, exchange: Exchange, own: OwnAnswer | undefined): Promise<void> {
  try {
    if (!isPlainPath(exchange.request.url ?? '')) return refuse(exchange, { code: 'invalid-path' });
    if (exchange.route.isIdentity) await passToIssuer(door, exchange);
    else await passToService(door, exchange, own);
  } catch (error) {
    answerFailure(door, exchange, error);
  }
}

async function passToService(door: Door, exchange: Exchange, own: OwnAnswer | undefined): Promise<void> {
  const { request, route } = exchange;
  const { authorization, cookie } = request.headers;
  const proof = request.headers['dpop'];
  const evidence = evidenceOf(exchange);
  const address = clientAddress(door, exchange);
  const counts = cleanRequestHeaders(request, false);
  if (counts.hosts > 1) return refuse(exchange, { code: 'invalid-request' });

  const tooMany = await takeFromAddress(door, exchange, address);
  if (tooMany !== undefined) return refuse(exchange, tooMany);

  let token: VerifiedAccessToken | undefined;
  if (route.access.kind !== 'public') {
    const sent = { authorization, cookie, proof: typeof proof === 'string' ? proof : undefined };
    const credentials = readCredentials(sent, counts, door.cookieName);
    const pending = authenticate(door.authentication, credentials, evidence);
    const authenticated = pending instanceof Promise ? await pending : pending;
    if ('refusal' in authenticated) return refuse(exchange, authenticated.refusal);
    token = authenticated.token;
    exchange.subject = token.subject;
    const refusal = (await door.limits.take(exchange, 'caller', token.subject)) ?? (own && accessRefusal(route, token));
    if (refusal !== undefined) return refuse(exchange, refusal);
  }
  if (own !== undefined) return answerOwn(exchange, await own(exchange, token));
  if (route.service === undefined) return refuse(exchange, { code: 'not-found' });
  setRequestHeader(request, NETWORK_HEADER, networkOf(address));
  setInternalToken(request, token && (await door.internalTokens.mint(token, route.service)));
  if (token !== undefined && route.ownWrites !== 'none') await askForOwnWrites(door, exchange);
  if (route.answer === 'stream') door.streams.add(exchange.response);
  door.forward.forward(route.service, request, exchange.response, route.answer);
}

/** The issuer gets what it needs to be one: cookies, client credentials, and the public host whatever was asked for. */
async function passToIssuer(door: Door, exchange: Exchange): Promise<void> {
  const { request, route } = exchange;
  const address = clientAddress(door, exchange);
  const { origin } = request.headers;
  const { hosts } = cleanRequestHeaders(request, true);
  if (hosts > 1) return refuse(exchange, { code: 'invalid-request' });
  const tooMany = await takeFromAddress(door, exchange, address);
  if (tooMany !== undefined) return refuse(exchange, tooMany);
  const isChange = request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'OPTIONS';
  if (isChange && isForeignOrigin(door, route.label, origin)) return refuse(exchange, { code: 'csrf-refused' });

  const { host, protocol } = door.publicUrl;
  if (request.headers.host !== host) replaceRequestHeader(request, 'host', host);
  setRequestHeader(request, 'x-forwarded-proto', protocol.slice(0, -1));
  setRequestHeader(request, 'x-forwarded-host', host);
  setRequestHeader(request, 'x-forwarded-for', address);
  setRequestHeader(request, NETWORK_HEADER, networkOf(address));
  door.forward.forward('users', request, exchange.response);
}

/** The pages that act on cookies take changes from our own pages only; the token endpoint is for other programs too. */
function isForeignOrigin(door: Door, label: string, origin: string | undefined): boolean {
  if (!label.startsWith('/session') && !label.startsWith('/interaction')) return false;
  return origin !== undefined && origin !== door.authentication.publicOrigin;
}

async function takeFromAddress(door: Door, exchange: Exchange, address: string): Promise<Refusal | undefined> {
  const refusal = await door.limits.take(exchange, 'address', address);
  if (refusal !== undefined || !exchange.route.isSignIn) return refusal;
  return door.limits.take(exchange, 'signIn', address);
}

async function askForOwnWrites(door: Door, exchange: Exchange): Promise<void> {
  const accountId = exchange.route.ownWrites === 'account' ? exchange.params['id'] : undefined;
  const versions = await door.ownWrites.minVersions(exchange.subject, accountId);
  if (versions !== undefined) setRequestHeader(exchange.request, MIN_VERSION_HEADER, versions);
}

function clientAddress(door: Door, { request }: Exchange): string {
  const forwardedFor = request.headers['x-forwarded-for'];
  return door.addressOf(request.socket.remoteAddress, typeof forwardedFor === 'string' ? forwardedFor : undefined);
}

function evidenceOf({ request }: Exchange): RequestEvidence {
  const csrf = request.headers['x-florin-csrf'];
  return {
    method: request.method,
    path: request.url ?? '',
    origin: request.headers.origin,
    csrf: typeof csrf === 'string' ? csrf : undefined,
  };
}

/** Answers a request that goes no further. */
export function refuse(exchange: Exchange, refusal: Refusal): void {
  exchange.outcome = refusal.code;
  sendReply(exchange.request, exchange.response, refusalReply(refusal, exchange.traceId));
}

function answerOwn(exchange: Exchange, reply: Reply): void {
  sendReply(exchange.request, exchange.response, reply);
}

const RETRY_AFTER_SECONDS = 1;

function answerFailure(door: Door, exchange: Exchange, error: unknown): void {
  const { logger } = door;
  if (exchange.response.headersSent) {
    // Half an answer is out: breaking it off is the only honest way to say that the rest will not come.
    exchange.response.destroy();
    logger.error({ err: error, traceId: exchange.traceId }, 'an answer broke off');
    return;
  }
  if (error instanceof Fault && error.retryable) {
    const seconds = Math.max(1, Math.ceil(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
    refuse(exchange, { code: 'service-unavailable', headers: { 'retry-after': String(seconds) } });
    exchange.outcome = error.code;
    return;
  }
  logger.error({ err: error, traceId: exchange.traceId }, 'a request failed in the gateway');
  refuse(exchange, { code: 'internal-error' });
}
