import type { AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { ClientSpec } from '../domain/clients.ts';
import type { ThirdPartyClient } from '../domain/third-party.ts';
import type { OkpKey } from '../domain/vault.ts';

/** What of a third party's registration the provider carries for us: it is a member of the client's metadata. */
export const THIRD_PARTY_SCOPES_MEMBER = 'third_party_scopes';

/** The one type of authorisation details (RFC 9396 section 2). */
export const PAYMENT_TYPE = 'payment';

const COMMON = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code' as const],
};

/**
 * A client of the bank. The web client has a key; programs on people's own machines can keep nothing secret, so the
 * mobile one binds its tokens to a key that it makes itself (RFC 9449), and the command line, for which `curl` must
 * do, has none.
 */
export function ownClient(client: ClientSpec, webClientKey: OkpKey): ClientMetadata {
  const web = client.kind === 'web';
  return {
    ...COMMON,
    client_id: client.id,
    client_name: client.name,
    application_type: web ? 'web' : 'native',
    token_endpoint_auth_method: web ? 'private_key_jwt' : 'none',
    ...(web ? { token_endpoint_auth_signing_alg: 'Ed25519', jwks: { keys: [webClientKey] } } : {}),
    authorization_details_types: [],
    dpop_bound_access_tokens: client.kind === 'mobile',
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
  };
}

/** A client that is not the bank's: FAPI 2.0, with requests that are pushed, and tokens that are bound to a key. */
export function thirdPartyClient(client: ThirdPartyClient): AdapterPayload {
  return {
    ...COMMON,
    client_id: client.id,
    client_name: client.name,
    application_type: client.redirectUris.every((uri) => uri.startsWith('https:')) ? 'web' : 'native',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES256',
    jwks: { keys: client.keys.map((key) => ({ ...key, alg: 'ES256', use: 'sig' })) },
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
    redirect_uris: [...client.redirectUris],
    authorization_details_types: client.scopes.includes('payments:write') ? [PAYMENT_TYPE] : [],
    [THIRD_PARTY_SCOPES_MEMBER]: client.scopes.join(' '),
  };
}
