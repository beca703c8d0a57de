import {
  beginWebSignIn as beginRoute,
  endWebSession as endRoute,
  finishWebSignIn as finishRoute,
  getWebSession as getRoute,
  resolveWebSession as resolveRoute,
} from '@florin/contracts';
import { type Caller, type Endpoint, endpoint, problemReply } from '@florin/http';
import type { Result } from '@florin/primitives';
import type { Person } from '../domain/person.ts';
import type { ResolvedSession } from '../use-cases/web-session.ts';
import type { FinishedSignIn, StartedSignIn } from '../use-cases/web-sign-in.ts';
import { presentUser } from './api.ts';
import { cookieOf, issuerSessionCookie, webCookieNames } from './cookies.ts';
import { CREATE_PROMPT } from './oidc-provider.ts';
import { CSRF_INVALID, SESSION_UNKNOWN, SIGN_IN_FAILED } from './person-problems.ts';
import { SIGN_IN_FAILED_PAGE, wantsPage } from './web-pages.ts';

export interface WebSessionPorts {
  readonly https: boolean;
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly idleSeconds: number;
  readonly signInSeconds: number;
  begin(returnTo: string | undefined): StartedSignIn;
  finish(
    answer: { readonly code?: string; readonly state?: string; readonly iss?: string },
    pending: string | undefined,
  ): Promise<Result<FinishedSignIn, { readonly code: 'sign-in-failed' }>>;
  describe(
    cookie: string | undefined,
  ): Promise<{ readonly person: Person; readonly csrf: string; readonly endsAtMs: number } | undefined>;
  resolve(cookie: string): Promise<ResolvedSession | undefined>;
  isCsrfToken(cookie: string, presented: string | undefined): boolean;
  /** `issuerCookie` is the issuer's own session in the same browser, which ends as well. */
  end(cookie: string, issuerCookie: string | undefined, asked: Pick<Caller, 'traceId' | 'origin'>): Promise<void>;
}

/**
 * The web client's back end: the browser gets a cookie, the tokens stay here (BCP "OAuth 2.0 for Browser-Based
 * Applications", section 6.1).
 */
export function webSessionEndpoints(ports: WebSessionPorts): readonly Endpoint[] {
  const names = webCookieNames(ports.https);
  const attributes = `HttpOnly; SameSite=Lax${ports.https ? '; Secure' : ''}`;
  const gone = `${names.session}=; Path=/; Max-Age=0; ${attributes}`;

  return [
    endpoint(beginRoute, ({ query }) => {
      const started = ports.begin(query.return_to);
      const location = authorisationAddress(ports, started, query.screen === 'sign-up');
      const cookie = `${names.pending}=${started.pending}; Path=/session/callback; Max-Age=${ports.signInSeconds}; ${attributes}`;
      return { status: 302, headers: { location, 'set-cookie': cookie } };
    }),
    endpoint(finishRoute, async ({ query, headers, caller, traceId }) => {
      // Cancelled at the sign-in page: back to the start, as if nothing had happened.
      if (query.error === 'access_denied') return { status: 302, headers: { location: '/' } };
      const before = cookieOf(headers.cookie, names.session);
      const result = await ports.finish(query, cookieOf(headers.cookie, names.pending));
      if (!result.ok) {
        if (wantsPage(headers)) return { status: 303, headers: { location: SIGN_IN_FAILED_PAGE } };
        return problemReply({ ...SIGN_IN_FAILED, traceId });
      }
      // The issuer's session is already the new one's.
      if (before !== undefined) await ports.end(before, undefined, caller);
      // Never the id from before: whoever planted one would share the session (fixation).
      const cookie = `${names.session}=${result.value.cookie}; Path=/; ${attributes}`;
      return { status: 302, headers: { location: result.value.returnPath, 'set-cookie': cookie } };
    }),
    endpoint(getRoute, async ({ headers }) => {
      const session = await ports.describe(cookieOf(headers.cookie, names.session));
      return {
        status: 200,
        body: {
          user: session === undefined ? null : presentUser(session.person),
          csrf: session?.csrf ?? null,
          idleSeconds: ports.idleSeconds,
          endsAt: session === undefined ? null : new Date(session.endsAtMs).toISOString(),
        },
      };
    }),
    endpoint(endRoute, async ({ headers, caller, traceId }) => {
      const cookie = cookieOf(headers.cookie, names.session);
      if (cookie === undefined) return { status: 204 };
      const presented = headers['x-florin-csrf'];
      if (!ports.isCsrfToken(cookie, typeof presented === 'string' ? presented : undefined)) {
        return problemReply({ ...CSRF_INVALID, traceId });
      }
      await ports.end(cookie, cookieOf(headers.cookie, issuerSessionCookie(ports.https)), caller);
      return { status: 204, headers: { 'set-cookie': gone } };
    }),
    endpoint(resolveRoute, async ({ body, traceId }) => {
      const session = await ports.resolve(body.cookie);
      if (session === undefined) return problemReply({ ...SESSION_UNKNOWN, traceId });
      return {
        status: 200,
        body: {
          accessToken: session.accessToken,
          expiresAt: new Date(session.expiresAtMs).toISOString(),
          csrf: session.csrf,
          userId: session.personId,
          sessionId: session.signInId,
        },
      };
    }),
  ];
}

/** The authorisation request of the web client (OpenID Connect Core 1.0, section 3.1.2.1). */
function authorisationAddress(ports: WebSessionPorts, started: StartedSignIn, signsUp: boolean): string {
  const address = new URL('/oidc/auth', ports.issuer);
  address.search = new URLSearchParams({
    client_id: ports.clientId,
    redirect_uri: ports.redirectUri,
    response_type: 'code',
    scope: ports.scope,
    ...started.request,
    ...(signsUp ? { prompt: CREATE_PROMPT } : {}),
  }).toString();
  return address.href;
}
