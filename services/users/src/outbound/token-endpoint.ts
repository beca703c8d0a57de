import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, Fault } from '@florin/primitives';
import { type CryptoKey, decodeJwt, importJWK, SignJWT } from 'jose';
import { inject } from 'light-my-request';
import type { Vault } from '../domain/vault.ts';

/** Speaks to our own token endpoint as the web client does, without a socket in between. */
export interface TokenEndpointOptions {
  readonly issuer: string;
  readonly clientId: string;
  /** What it proves itself with (RFC 7523 section 2.2). */
  readonly clientKey: Vault['webClientKey']['privateJwk'];
  readonly clock: Clock;
  readonly redirectUri: string;
  dispatch(request: IncomingMessage, response: ServerResponse): void;
}

interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly id_token?: string;
}

/** The token endpoint of this very process, in the form the use cases ask for. */
export function createTokenEndpoint(options: TokenEndpointOptions) {
  const key = importJWK({ ...options.clientKey }, ASSERTION_ALGORITHM);

  async function ask(form: Record<string, string>) {
    const answer = await inject((request, response) => options.dispatch(request as IncomingMessage, response), {
      method: 'POST',
      url: '/oidc/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      payload: new URLSearchParams({
        ...form,
        client_id: options.clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertionOf(options, await key),
      }).toString(),
    });
    if (answer.statusCode === 400) return undefined;
    if (answer.statusCode !== 200) {
      throw new Fault('token-endpoint-failed', `the token endpoint answered ${answer.statusCode}`, {
        retryable: answer.statusCode === 503,
      });
    }
    return issuedTokens(answer.json<TokenAnswer>(), options);
  }

  return {
    exchange: (code: string, codeVerifier: string) =>
      ask({ grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: options.redirectUri }),
    refresh: (refreshToken: string) => ask({ grant_type: 'refresh_token', refresh_token: refreshToken }),
  };
}

const ASSERTION_ALGORITHM = 'Ed25519';
const ASSERTION_SECONDS = 60;

/** Says once, for a minute, that it is us (RFC 7523 section 3; the audience is the issuer, as in FAPI 2.0). */
function assertionOf(options: TokenEndpointOptions, key: CryptoKey | Uint8Array): Promise<string> {
  const nowSeconds = Math.floor(options.clock() / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: ASSERTION_ALGORITHM, kid: options.clientKey.kid })
    .setIssuer(options.clientId)
    .setSubject(options.clientId)
    .setAudience(options.issuer)
    .setJti(randomUUID())
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
    .sign(key);
}

/** The tokens come straight from the issuer, so their claims need no signature check (OpenID Connect Core 3.1.3.7, item 6). */
function issuedTokens(answer: TokenAnswer, options: TokenEndpointOptions) {
  const access = decodeJwt(answer.access_token);
  const identity = answer.id_token === undefined ? undefined : decodeJwt(answer.id_token);
  const personId = access.sub;
  const signInId = access['sid'];
  const nonce = identity?.['nonce'];
  const named = identity === undefined || (identity.iss === options.issuer && identity.aud === options.clientId);
  if (personId === undefined || typeof signInId !== 'string' || !named) {
    throw new Fault('token-endpoint-failed', 'the token endpoint issued tokens that do not say whose they are');
  }
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    accessSeconds: answer.expires_in,
    personId,
    signInId,
    nonce: typeof nonce === 'string' ? nonce : undefined,
  };
}
