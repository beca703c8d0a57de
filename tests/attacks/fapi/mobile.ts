import { createHash, randomBytes } from 'node:crypto';
import type { Seen } from '../asking.ts';
import { type AttackedBank, PASSWORD } from '../attacked-bank.ts';
import { form, type KeyPair, newKeyPair, openCookies, proofOf } from './program.ts';

const CLIENT_ID = 'florin-mobile';
const REDIRECT_URI = 'com.florin.app:/signed-in';
const VERIFIER_BYTES = 32;

export interface Mobile {
  readonly tokenKey: KeyPair;
  /** What a code was redeemed for. */
  readonly first: Seen;
  refresh(refreshToken: unknown, by?: 'another key'): Promise<Seen>;
  /** A code that is redeemed without a proof of any key. */
  withoutProof(): Promise<Seen>;
}

/** A sign-in of the bank's own mobile client (RFC 8252): a scheme of its own to come back to, and a key of its own. */
export async function mobileTokens(attacked: AttackedBank, login: string): Promise<Mobile> {
  const tokenKey = await newKeyPair();
  const stranger = await newKeyPair();

  async function token(fields: Readonly<Record<string, string>>, key: KeyPair | undefined): Promise<Seen> {
    const proof = key === undefined ? {} : { dpop: await proofOf(key, 'POST', '/oidc/token') };
    return attacked.ask({
      method: 'POST',
      path: '/oidc/token',
      text: form({ client_id: CLIENT_ID, ...fields }),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...proof },
    });
  }

  async function redeemed(key: KeyPair | undefined): Promise<Seen> {
    const verifier = randomBytes(VERIFIER_BYTES).toString('base64url');
    const cookies = openCookies(attacked.ask);
    const query = form({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid bank',
      state: 'state',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const begun = await cookies('GET', `/oidc/auth?${query}`);
    const typed = await cookies('POST', String(begun.headers.location), { login, password: PASSWORD });
    const back = await cookies('GET', String(typed.body['location']));
    const code = new URL(String(back.headers.location)).searchParams.get('code') ?? '';
    const fields = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: REDIRECT_URI };
    return token(fields, key);
  }

  return {
    tokenKey,
    first: await redeemed(tokenKey),
    refresh: (refreshToken, by) =>
      token(
        { grant_type: 'refresh_token', refresh_token: String(refreshToken) },
        by === 'another key' ? stranger : tokenKey,
      ),
    withoutProof: () => redeemed(undefined),
  };
}
