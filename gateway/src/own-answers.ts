import { gatewayRoutes, getDashboard, getServiceHealth, type RouteContract } from '@florin/contracts';
import { openApiDocument, type Reply, type ServiceCall } from '@florin/http';
import { type Clock, invariant } from '@florin/primitives';
import { readDashboard } from './dashboard.ts';
import type { Door, OwnAnswer } from './door.ts';
import type { Exchange } from './exchange.ts';
import { type Refusal, refusalReply } from './problems.ts';
import { contractRow, type GatewayRoute, methodsOf, publicPage } from './routing-table.ts';
import { securityTextAnswer } from './security-text.ts';
import type { ServiceHealth } from './service-health.ts';
import { START_PAGE } from './start-page.ts';
import type { WebClient } from './web-client.ts';
import { WEB_PAGES, wantsPage } from './web-pages.ts';

interface OwnParts {
  readonly routes: readonly RouteContract[];
  readonly calls: ServiceCall;
  readonly health: ServiceHealth;
  readonly clock: Clock;
  readonly door: Door;
  readonly securityContact?: string | undefined;
  readonly web: WebClient | undefined;
}

/** The gateway's own rows of the table, and what answers them. */
export function ownAnswers(parts: OwnParts): Map<GatewayRoute, OwnAnswer> {
  const contracts = [...parts.routes, ...gatewayRoutes];
  const document = JSON.stringify(
    openApiDocument(contracts, { title: 'Florin', version: '0.1.0', servers: [{ url: parts.door.publicUrl.origin }] }),
  );
  return new Map<GatewayRoute, OwnAnswer>([
    [publicPage('/openapi.json'), () => ({ status: 200, text: document })],
    [
      publicPage('/.well-known/security.txt'),
      securityTextAnswer({
        contact: parts.securityContact,
        publicOrigin: parts.door.publicUrl.origin,
        clock: parts.clock,
      }),
    ],
    [contractRow(getDashboard), dashboardAnswer(parts)],
    [contractRow(getServiceHealth), serviceHealthAnswer(parts)],
    ...webAnswers(parts.web),
  ]);
}

function webAnswers(web: WebClient | undefined): (readonly [GatewayRoute, OwnAnswer])[] {
  if (web === undefined) return [[publicPage('/'), () => START_PAGE]];
  const pages = WEB_PAGES.map((path) => [publicPage(path), pageAnswer(web, 200)] as const);
  const files = ['/assets/*', ...web.topFiles].map((path) => [publicPage(path), fileAnswer(web)] as const);
  return [...pages, ...files];
}

function pageAnswer(web: WebClient, status: 200 | 404): OwnAnswer {
  return (exchange) => {
    hideLimits(exchange);
    return web.answerPage(status, exchange.request.headers['accept-encoding']);
  };
}

function fileAnswer(web: WebClient): OwnAnswer {
  return (exchange) => {
    const reply = web.answerFile(exchange.request);
    if (reply === undefined) return refused(exchange, { code: 'not-found' });
    hideLimits(exchange);
    return reply;
  };
}

/** The limits are for programs. On a file that caches keep, they would tell everybody what one caller has left. */
function hideLimits(exchange: Exchange): void {
  exchange.take = undefined;
}

function dashboardAnswer({ calls, door }: OwnParts): OwnAnswer {
  return async (exchange, token) => {
    invariant(token !== undefined, 'the dashboard is for somebody');
    if (hasQuery(exchange)) return refused(exchange, { code: 'invalid-request' });
    const traceparent = exchange.request.headers['traceparent'];
    const dashboard = await readDashboard(calls, {
      token: await door.internalTokens.mint(token, 'accounts'),
      notificationsToken: await door.internalTokens.mint(token, 'notifications'),
      traceparent: typeof traceparent === 'string' ? traceparent : '',
      minVersions: await door.ownWrites.minVersions(exchange.subject, undefined),
    });
    return { status: 200, body: dashboard };
  };
}

function serviceHealthAnswer({ health, clock }: OwnParts): OwnAnswer {
  return async (exchange) => {
    if (hasQuery(exchange)) return refused(exchange, { code: 'invalid-request' });
    const data = await health.check();
    return { status: 200, body: { checkedAt: new Date(clock()).toISOString(), data } };
  };
}

/** Neither takes a query, and what is unknown is refused rather than ignored. */
function hasQuery({ request }: Exchange): boolean {
  const [, query = ''] = (request.url ?? '').split('?', 2);
  return query !== '';
}

/** What matches no route: a page that says so for a browser, a problem for everybody else. */
export function unmatchedAnswer(routes: readonly GatewayRoute[], web: WebClient | undefined): OwnAnswer {
  const noSuchPage = web && pageAnswer(web, 404);
  return (exchange, token) => {
    const { method, url = '', headers } = exchange.request;
    const path = url.split('?', 1)[0] ?? '';
    const methods = methodsOf(routes, path);
    if (methods.length > 0) {
      return refused(exchange, { code: 'method-not-allowed', headers: { allow: methods.join(', ') } });
    }
    if (noSuchPage === undefined || !wantsPage(method, path, headers.accept)) {
      return refused(exchange, { code: 'not-found' });
    }
    exchange.outcome = 'not-found';
    return noSuchPage(exchange, token);
  };
}

function refused(exchange: Exchange, refusal: Refusal): Reply {
  exchange.outcome = refusal.code;
  return refusalReply(refusal, exchange.traceId);
}
