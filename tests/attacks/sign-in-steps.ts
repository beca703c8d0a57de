import { createHash, randomBytes } from 'node:crypto';
import { type Ask, cookiesOf, PUBLIC_URL, type Seen } from './asking.ts';

const CLIENT_ID = 'florin-cli';
const REDIRECT_URI = 'http://127.0.0.1/callback';
const VERIFIER_BYTES = 32;

export interface Begun {
  /** Where the issuer asks for the password. */
  readonly interaction: string;
  readonly cookie: string;
  readonly verifier: string;
}

export interface Code {
  readonly code: string;
  readonly verifier: string;
}

/** The sign-in of a program, a step at a time, so that each can be repeated, left out, or made by somebody else. */
export interface SignInSteps {
  /** Up to where it is asked who is there. */
  begin(): Promise<Begun>;
  type(begun: Begun, login: string, password: string): Promise<Seen>;
  /** A code that is not redeemed yet. */
  codeOf(login: string, password: string): Promise<Code>;
  redeem(code: Code): Promise<Seen>;
  refresh(refreshToken: unknown): Promise<Seen>;
}

export function signInSteps(ask: Ask): SignInSteps {
  function token(form: Readonly<Record<string, string>>): Promise<Seen> {
    const text = new URLSearchParams({ client_id: CLIENT_ID, ...form }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return ask({ method: 'POST', path: '/oidc/token', text, headers });
  }

  const steps: SignInSteps = {
    async begin() {
      const verifier = randomBytes(VERIFIER_BYTES).toString('base64url');
      const query = new URLSearchParams({
        client_id: CLIENT_ID,
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: 'openid bank',
        state: 'state',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      const seen = await ask({ path: `/oidc/auth?${query}` });
      return { interaction: pathOf(String(seen.headers.location)), cookie: cookieHeader(seen), verifier };
    },
    type: ({ interaction, cookie }, login, password) =>
      ask({ method: 'POST', path: interaction, headers: { cookie }, body: { login, password } }),
    async codeOf(login, password) {
      const begun = await steps.begin();
      const typed = await steps.type(begun, login, password);
      const back = await ask({ path: pathOf(String(typed.body['location'])), headers: { cookie: begun.cookie } });
      const code = new URL(String(back.headers.location)).searchParams.get('code') ?? '';
      return { code, verifier: begun.verifier };
    },
    redeem: ({ code, verifier }) =>
      token({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: REDIRECT_URI }),
    refresh: (refreshToken) => token({ grant_type: 'refresh_token', refresh_token: String(refreshToken) }),
  };
  return steps;
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address, PUBLIC_URL);
  return `${pathname}${search}`;
}

function cookieHeader(seen: Seen): string {
  return cookiesOf(seen)
    .map((line) => line.split(';', 1)[0] ?? '')
    .join('; ');
}
