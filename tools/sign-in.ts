import { createHash, randomBytes } from 'node:crypto';

/** The part of `fetch` this needs, so that a whole bank in one process can be driven without a socket. */
export type FetchLike = (
  address: string,
  init: {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly redirect: 'manual';
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null; getSetCookie(): string[] };
  text(): Promise<string>;
}>;

export interface SignInRequest {
  /** Where the bank answers: `http://localhost:8080`. */
  readonly baseUrl: string;
  readonly fetch: FetchLike;
  /** An e-mail address or a short name. */
  readonly login: string;
  readonly password: string;
  /** A public client with a loopback redirect; `florin-cli` when absent. */
  readonly clientId?: string;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** The bank answered, but not with a token. `code` is the problem's, for programs; the message is for people. */
export class SignInRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'SignInRefused';
    this.code = code;
  }
}

const REDIRECT_URI = 'http://127.0.0.1/callback';
const SCOPE = 'openid bank';
const SECRET_BYTES = 32;

/**
 * Signs someone in as a program on their machine would (RFC 8252): authorisation code with PKCE S256, the credentials
 * typed into the issuer's own interaction. Throws `SignInRefused` when the bank says no.
 */
export async function signIn(request: SignInRequest): Promise<SignedIn> {
  const clientId = request.clientId ?? 'florin-cli';
  const codeVerifier = randomBytes(SECRET_BYTES).toString('base64url');
  const state = randomBytes(SECRET_BYTES).toString('base64url');
  const browser = openBrowser(request);

  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: SCOPE,
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const interaction = await browser.redirectFrom(`/oidc/auth?${query}`);
  const credentials = { login: request.login, password: request.password };
  const resume = await browser.ask<{ location: string }>('POST', pathOf(interaction), credentials, 'application/json');
  const answer = new URL(await browser.redirectFrom(pathOf(resume.location)));
  const code = answer.searchParams.get('code');
  if (code === null || answer.searchParams.get('state') !== state) {
    throw new SignInRefused(answer.searchParams.get('error') ?? 'no-code', 'The bank sent no code back.');
  }
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: codeVerifier,
  };
  const tokens = await browser.ask<{ access_token: string; refresh_token: string; expires_in: number }>(
    'POST',
    '/oidc/token',
    form,
    'application/x-www-form-urlencoded',
  );
  return { accessToken: tokens.access_token, refreshToken: tokens.refresh_token, expiresIn: tokens.expires_in };
}

/** Requests that share a jar of cookies, as those of one sign-in must. */
function openBrowser({ baseUrl, fetch }: SignInRequest) {
  const jar = new Map<string, string>();

  async function send(method: 'GET' | 'POST', path: string, contentType?: string, body?: string) {
    const answer = await fetch(new URL(path, baseUrl).href, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(jar.size === 0 ? {} : { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const pair = cookie.split(';', 1)[0] ?? '';
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return answer;
  }

  return {
    async redirectFrom(path: string): Promise<string> {
      const answer = await send('GET', path);
      const location = answer.headers.get('location');
      if (location === null) throw refusal(answer.status, await answer.text());
      return new URL(location, baseUrl).href;
    },
    async ask<Answer>(
      method: 'POST',
      path: string,
      fields: Readonly<Record<string, string>>,
      contentType: 'application/json' | 'application/x-www-form-urlencoded',
    ): Promise<Answer> {
      const body = contentType === 'application/json' ? JSON.stringify(fields) : new URLSearchParams(fields).toString();
      const answer = await send(method, path, contentType, body);
      const text = await answer.text();
      if (answer.status !== 200) throw refusal(answer.status, text);
      return JSON.parse(text);
    },
  };
}

/** The issuer names its public address; the bank is asked where the caller said it is. */
function pathOf(address: string): string {
  const url = URL.parse(address, 'http://localhost');
  return url === null ? '/' : `${url.pathname}${url.search}`;
}

/** Reads a problem (RFC 9457) or an OAuth error (RFC 6749 section 5.2). */
function refusal(status: number, text: string): SignInRefused {
  try {
    const body: { code?: string; detail?: string; error?: string; error_description?: string } = JSON.parse(text);
    const code = body.code ?? body.error ?? `status-${status}`;
    return new SignInRefused(code, body.detail ?? body.error_description ?? `The bank answered ${status}.`);
  } catch {
    return new SignInRefused(`status-${status}`, `The bank answered ${status}.`);
  }
}
