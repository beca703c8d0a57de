import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault } from '@florin/primitives';
import { decodeJwt } from 'jose';
import { inject } from 'light-my-request';

/** Speaks to our own token endpoint as the web client does, without a socket in between. */
export interface TokenEndpointOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
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
  // RFC 6749 section 2.3.1: both halves are form-encoded before they are joined.
  const credentials = `${encodeURIComponent(options.clientId)}:${encodeURIComponent(options.clientSecret)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;

  async function ask(form: Record<string, string>) {
    const answer = await inject((request, response) => options.dispatch(request as IncomingMessage, response), {
      method: 'POST',
      url: '/oidc/token',
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      payload: new URLSearchParams(form).toString(),
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
