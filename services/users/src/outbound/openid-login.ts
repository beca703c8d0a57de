import { fail, ok, type Result } from '@florin/primitives';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
} from 'openid-client';
import {
  type CredentialFailure,
  type ExternalIdentity,
  type PendingFederation,
  type RoleMap,
  rolesOfGroups,
} from '../domain/external-identity.ts';
import { FRESH_SIGN_IN_SECONDS } from '../domain/factors.ts';
import type { ExclusiveRoles } from '../domain/roles.ts';

/** Another issuer (OpenID Connect Core 1.0) that the bank is a client of. */
export interface OpenIdIssuer {
  /** https, except on this very machine. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where it sends browsers back to. */
  readonly redirectUri: string;
  /** Where in the ID token the roles are, with dots between. */
  readonly rolesClaim: string;
  readonly roles: RoleMap;
  readonly twoFactorAcr: readonly string[];
}

const SCOPE = 'openid email profile';
const TIMEOUT_SECONDS = 5;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const WRONG = fail({ code: 'wrong-credentials' } as const);

/**
 * Signs in at another issuer: code with PKCE, `state` bound to this browser, `nonce` bound to this sign-in, and the issuer
 * named in the answer (RFC 9207), so that the code of one is not shown to another. Whoever was asked there longer ago than a
 * fresh sign-in is old is asked again (`max_age`): a session that somebody left open there opens none here. What the issuer says of itself is read
 * when it is first needed, and again after it failed. Throws a RangeError for an address that others could read along at.
 */
export function createOpenIdLogin(settings: OpenIdIssuer, exclusive: ExclusiveRoles) {
  const server = new URL(settings.issuer);
  const isLocal = LOOPBACK.test(server.hostname);
  if (server.protocol !== 'https:' && !(server.protocol === 'http:' && isLocal)) {
    throw new RangeError('an issuer is reached by https, except on this very machine');
  }
  let discovered: Promise<Configuration> | undefined;
  const configuration = (): Promise<Configuration> => {
    discovered ??= discovery(server, settings.clientId, settings.clientSecret, undefined, {
      timeout: TIMEOUT_SECONDS,
      ...(server.protocol === 'http:' && { execute: [allowInsecureRequests] }),
    }).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  };

  return {
    async begin(state: string): Promise<Result<{ readonly location: string } & PendingFederation, CredentialFailure>> {
      try {
        const [nonce, codeVerifier] = [randomNonce(), randomPKCECodeVerifier()];
        const location = buildAuthorizationUrl(await configuration(), {
          redirect_uri: settings.redirectUri,
          scope: SCOPE,
          state,
          nonce,
          max_age: String(FRESH_SIGN_IN_SECONDS),
          code_challenge: await calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
        });
        return ok({ location: location.href, state, nonce, codeVerifier });
      } catch (cause) {
        return fail({ code: 'provider-unavailable', cause });
      }
    },
    async finish(
      parameters: URLSearchParams,
      pending: PendingFederation,
    ): Promise<Result<ExternalIdentity, CredentialFailure>> {
      try {
        return await redeem(await configuration(), settings, parameters, pending, exclusive);
      } catch (cause) {
        return isTheirAnswer(cause) ? WRONG : fail({ code: 'provider-unavailable', cause });
      }
    },
  };
}

async function redeem(
  config: Configuration,
  settings: OpenIdIssuer,
  parameters: URLSearchParams,
  { state, nonce, codeVerifier }: PendingFederation,
  exclusive: ExclusiveRoles,
): Promise<Result<ExternalIdentity, CredentialFailure>> {
  const came = new URL(settings.redirectUri);
  came.search = parameters.toString();
  const tokens = await authorizationCodeGrant(config, came, {
    expectedState: state,
    expectedNonce: nonce,
    maxAge: FRESH_SIGN_IN_SECONDS,
    pkceCodeVerifier: codeVerifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) return WRONG;
  const { iss, sub, email, name, auth_time: askedAtSeconds } = claims;
  // Somebody without an address can not become anybody here.
  if (typeof email !== 'string' || email === '') return WRONG;
  // `maxAge` refuses this already; the type does not know.
  if (askedAtSeconds === undefined) return WRONG;
  return ok({
    issuer: iss,
    subject: sub,
    email,
    name: typeof name === 'string' && name.trim() !== '' ? name : email,
    isEmailConfirmed: claims['email_verified'] === true,
    roles: rolesOfGroups(textsAt(claims, settings.rolesClaim), settings.roles, exclusive),
    askedAtSeconds,
    hasTwoFactors: typeof claims['acr'] === 'string' && settings.twoFactorAcr.includes(claims['acr']),
  });
}

/** Whether the issuer, or the browser, gave an answer that is no good; anything else is an issuer that can not be asked. */
function isTheirAnswer(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return true;
  return (
    error instanceof ClientError && error.code !== 'OAUTH_TIMEOUT' && error.code !== 'OAUTH_HTTP_REQUEST_FORBIDDEN'
  );
}

function textsAt(claims: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const found = path
    .split('.')
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined,
      claims,
    );
  return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : [];
}
