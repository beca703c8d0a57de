import type { Clock } from '@florin/primitives';
import { type AuthorizationDetail, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { PAYMENT_TYPE } from './oidc-clients.ts';
import { renderLogout, renderSignedOut } from './oidc-pages.ts';
import { checkPayment, registeredScopes } from './third-party-requests.ts';

/** The scope of the bank's own programs. It is no member of `scopes`: those are asked for per resource, and consent would loop. */
export const BANK_SCOPE = 'bank';

export const ACCESS_TOKEN_SECONDS = 5 * 60;

type Features = NonNullable<Configuration['features']>;

/** What of OAuth and OpenID Connect the issuer does. */
export function issuerFeatures(options: {
  readonly apiAudience: string;
  readonly dpopNonceSecret: Buffer;
  readonly clock: Clock;
}): Features {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    // Nonces are offered, and taken in place of a clock that is right; a proof without one is good for a minute.
    dPoP: { enabled: true, nonceSecret: options.dpopNonceSecret, requireNonce: () => false },
    // Asked for of each client: `oidc-clients.ts`.
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
    fapi: { enabled: true, profile: (_ctx, client) => (registeredScopes(client) === undefined ? undefined : '2.0') },
    richAuthorizationRequests: paymentDetails(options.clock),
    revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    rpInitiatedLogout: { enabled: true, logoutSource: renderLogout, postLogoutSuccessSource: renderSignedOut },
    resourceIndicators: apiOfTheBank(options.apiAudience),
  };
}

function apiOfTheBank(apiAudience: string): NonNullable<Features['resourceIndicators']> {
  return {
    enabled: true,
    defaultResource: () => apiAudience,
    useGrantedResource: () => true,
    getResourceServerInfo: (_ctx, resource, client) => {
      if (resource !== apiAudience) throw new errors.InvalidTarget();
      return {
        scope: registeredScopes(client)?.join(' ') ?? BANK_SCOPE,
        audience: apiAudience,
        accessTokenFormat: 'jwt',
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        jwt: { sign: { alg: 'ES256' } },
      };
    },
  };
}

/** The ledger knows for 48 hours that a payment was made under a consent; no token names the payment for longer than this. */
const PAYMENT_SECONDS = 24 * 60 * 60;

/** What a customer allowed a program goes into its tokens, so that the ledger can hold a payment against it (RFC 9396). */
function paymentDetails(clock: Clock) {
  return {
    enabled: true as const,
    types: { [PAYMENT_TYPE]: { validate: checkPayment } },
    authorizationDetailsForGrantSource: ({ oidc }: KoaContextWithOIDC): AuthorizationDetail[] | undefined => {
      const details = oidc.params?.['authorization_details'];
      return typeof details === 'string' ? JSON.parse(details) : undefined;
    },
    authorizationDetailsForAccessToken: (_ctx: unknown, _token: unknown, source: GrantSource | undefined) =>
      source !== undefined && isRecent(source, clock()) ? source.rar : undefined,
    authorizationDetailsForIntrospection: () => undefined,
  };
}

/** A code, or a refresh token, which remembers when the first of its line was made. */
interface GrantSource {
  readonly rar?: readonly AuthorizationDetail[] | undefined;
  readonly iat?: number | undefined;
  readonly iiat?: number | undefined;
}

function isRecent({ iat = 0, iiat = iat }: GrantSource, nowMs: number): boolean {
  return nowMs / 1_000 - iiat < PAYMENT_SECONDS;
}
