import type { Clock } from '@florin/primitives';
import { PROOF_ALGORITHMS } from '@florin/security';
import type { JWK } from 'jose';
import {
  type Account,
  type Adapter,
  type Client,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { type ClientSpec, CONSENT_SECONDS } from '../domain/clients.ts';
import { ACR_PASSWORD, ACR_TWO_FACTORS } from '../domain/factors.ts';
import type { Person } from '../domain/person.ts';
import type { OkpKey } from '../domain/vault.ts';
import type { GivenConsent } from '../use-cases/consents.ts';
import { issuerSessionCookie } from './cookies.ts';
import { ownClient, THIRD_PARTY_SCOPES_MEMBER } from './oidc-clients.ts';
import { ACCESS_TOKEN_SECONDS, issuerFeatures } from './oidc-features.ts';
import { renderError } from './oidc-pages.ts';
import { registeredScopes, wantedConsent } from './third-party-requests.ts';

/** In the result of a sign-in: the version of the password that was right. */
export const PASSWORD_VERSION = 'passwordVersion';
/** Asks for the sign-up page (Initiating User Registration via OpenID Connect 1.0, section 4). */
export const CREATE_PROMPT = 'create';
/** Asks a customer what a program that is not the bank's may do. */
export const CONSENT_PROMPT = 'consent';

const CODE_SECONDS = 60;
const INTERACTION_SECONDS = 10 * 60;
/** From the request to the sign-in page; FAPI 2.0 wants under 600. */
const PUSHED_REQUEST_SECONDS = 60;
const PROVIDER_SESSION_SECONDS = 12 * 60 * 60;

export interface ProviderOptions {
  /** The origin people see, without a path; also the issuer. */
  readonly issuer: string;
  /** The audience of access tokens. */
  readonly apiAudience: string;
  readonly clients: readonly ClientSpec[];
  readonly webClientKey: OkpKey;
  readonly dpopNonceSecret: Buffer;
  readonly clock: Clock;
  /** The first signs, all are published. */
  readonly signingKeys: readonly JWK[];
  readonly cookieKeys: readonly string[];
  readonly adapter: (model: string) => Adapter;
  findPerson(personId: string): Promise<Person | undefined>;
  /** Whether somebody has a second factor set up. */
  hasSecondFactor(personId: string): Promise<boolean>;
  /** Whether somebody may still be let in whose password had this version; any when undefined. */
  isCredentialCurrent(personId: string, passwordVersion: number | undefined): Promise<boolean>;
  /** The public id of a sign-in, made from the secret id of its grant; the `sid` of access tokens. */
  signInId(grantId: string): string;
  /** Hears what a customer allowed a program that is not the bank's, before it gets anything. */
  rememberConsent(given: GivenConsent): Promise<void>;
}

/** What `findAccount` hands on to the token claims. */
interface PersonAccount extends Account {
  readonly person: Person;
}

/** The bank's OAuth 2.1 and OpenID Connect issuer: code with PKCE only, ES256, RFC 9068 access tokens of five minutes. */
export function createProvider(options: ProviderOptions): Provider {
  const https = options.issuer.startsWith('https:');
  const specs = new Map(options.clients.map((client) => [client.id, client]));
  const provider = new Provider(options.issuer, {
    adapter: options.adapter,
    jwks: { keys: options.signingKeys.map((key) => ({ ...key })) } as NonNullable<Configuration['jwks']>,
    clients: options.clients.map((client) => ownClient(client, options.webClientKey)),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    extraClientMetadata: { properties: [THIRD_PARTY_SCOPES_MEMBER] },
    clientAuthMethods: ['none', 'private_key_jwt'],
    responseTypes: ['code'],
    scopes: ['openid'],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], iss: null, sid: null },
    acrValues: [ACR_PASSWORD, ACR_TWO_FACTORS],
    pkce: { required: () => true },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'],
      clientAuthSigningAlgValues: ['ES256', 'Ed25519'],
      dPoPSigningAlgValues: [...PROOF_ALGORITHMS] as NonNullable<Configuration['enabledJWA']>['dPoPSigningAlgValues'],
    },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    routes: ROUTES,
    cookies: cookieSettings(https, options.cookieKeys),
    ttl: lifetimes(specs),
    // A client that proves itself with a key keeps its token: rotating it would only lose it (FAPI 2.0, 5.3.2.1).
    rotateRefreshToken: (ctx) => ctx.oidc.client?.clientAuthMethod === 'none',
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    findAccount: async (_ctx, sub): Promise<PersonAccount | undefined> => {
      const person = await options.findPerson(sub);
      return person && { accountId: sub, person, claims: () => ({ sub }) };
    },
    loadExistingGrant: (ctx) => createGrantOfSignIn(ctx, options),
    extraTokenClaims: (ctx, token) => accessTokenClaims(ctx, token, options),
    discovery: { prompt_values_supported: ['none', 'login', CREATE_PROMPT] },
    interactions: { policy: alwaysAskPolicy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError,
    features: issuerFeatures(options),
  });
  // Behind TLS that ends before us. `pinToIssuer` overwrites the headers this makes koa trust.
  provider.proxy = https;
  endGrantsOnLogout(provider);
  invitesNoOtherOrigin(provider);
  return provider;
}

const ROUTES = {
  authorization: '/oidc/auth',
  pushed_authorization_request: '/oidc/par',
  token: '/oidc/token',
  jwks: '/oidc/jwks',
  end_session: '/oidc/end_session',
  revocation: '/oidc/revoke',
  userinfo: '/oidc/userinfo',
};

/** `__Host-` pins a cookie to this host and to https; the interaction's cookies live under their own path and cannot have it. */
function cookieSettings(https: boolean, keys: readonly string[]): NonNullable<Configuration['cookies']> {
  const attributes = { httpOnly: true, sameSite: 'lax', secure: https, signed: true } as const;
  return {
    keys: [...keys],
    names: {
      session: issuerSessionCookie(https),
      interaction: https ? '__Secure-florin_interaction' : 'florin_interaction',
      resume: https ? '__Secure-florin_resume' : 'florin_resume',
    },
    long: attributes,
    short: attributes,
  };
}

function lifetimes(specs: ReadonlyMap<string, ClientSpec>): NonNullable<Configuration['ttl']> {
  const spec = (clientId: string | undefined) => specs.get(clientId ?? '');
  return {
    AccessToken: ACCESS_TOKEN_SECONDS,
    AuthorizationCode: CODE_SECONDS,
    IdToken: ACCESS_TOKEN_SECONDS,
    Interaction: INTERACTION_SECONDS,
    PushedAuthorizationRequest: PUSHED_REQUEST_SECONDS,
    Session: PROVIDER_SESSION_SECONDS,
    Grant: (_ctx, grant) => spec(grant.clientId)?.signInSeconds ?? CONSENT_SECONDS,
    RefreshToken: (_ctx, token) => {
      const client = spec(token.clientId);
      if (client === undefined) return Math.max(1, CONSENT_SECONDS - token.totalLifetime());
      // Each use moves the end on, but never past the end of the sign-in.
      return Math.max(1, Math.min(client.refreshSeconds, client.signInSeconds - token.totalLifetime()));
    },
  };
}

/**
 * Every sign-in asks for the credentials. The provider's own session signs nobody in: a web session that idled out
 * would otherwise come back without a password, and any program on a laptop could fetch tokens through the browser.
 */
function alwaysAskPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const { Check, Prompt } = interactionPolicy;
  // Before it is answered, nothing is granted: `createGrantOfSignIn`.
  const needsConsent = new Check('consent_needed', 'the customer is asked', 'consent_required', (ctx) =>
    registeredScopes(ctx.oidc.client) !== undefined && ctx.oidc.result?.consent === undefined
      ? Check.REQUEST_PROMPT
      : Check.NO_NEED_TO_PROMPT,
  );
  policy.add(new Prompt({ name: CONSENT_PROMPT, requestable: false }, needsConsent));
  // Before the login: who asked for both is shown the sign-up page, which signs in as well.
  policy.add(new Prompt({ name: CREATE_PROMPT, requestable: true }), 0);
  policy
    .get('login')
    ?.checks.add(
      new Check('credentials_required', 'credentials are asked for every time', 'login_required', (ctx) =>
        ctx.oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return policy;
}

type ProviderContext = Parameters<NonNullable<Configuration['loadExistingGrant']>>[0];

/**
 * One sign-in, one grant: ending one never ends another. The bank's own clients get what they ask for, others what the
 * customer was shown and allowed.
 */
async function createGrantOfSignIn(
  ctx: ProviderContext,
  options: Pick<ProviderOptions, 'rememberConsent' | 'isCredentialCurrent'>,
) {
  const { oidc } = ctx;
  const accountId = oidc.result?.login?.accountId;
  if (accountId === undefined || oidc.client === undefined) return undefined;
  const isThirdParty = registeredScopes(oidc.client) !== undefined;
  if (isThirdParty && oidc.result?.consent === undefined) return undefined;
  const grant = new oidc.provider.Grant({ accountId, clientId: oidc.client.clientId });
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  for (const [resource, server] of Object.entries(oidc.resourceServers ?? {})) {
    grant.addResourceScope(
      resource,
      [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope)).join(' '),
    );
  }
  const grantId = await grant.save();
  // Asked once the grant is there: a change of password either finds it and ends it, or is seen here.
  const version = oidc.result?.[PASSWORD_VERSION];
  if (!(await options.isCredentialCurrent(accountId, typeof version === 'number' ? version : undefined))) {
    await grant.destroy();
    throw new errors.AccessDenied('what signs this person in was changed in the meantime');
  }
  if (isThirdParty) {
    const wanted = wantedConsent(oidc.client, oidc.params ?? {});
    await options.rememberConsent({ ...wanted, grantId, personId: accountId, clientId: oidc.client.clientId });
  }
  return grant;
}

type TokenClaims = NonNullable<Configuration['extraTokenClaims']>;

async function accessTokenClaims(
  ctx: Parameters<TokenClaims>[0],
  token: Parameters<TokenClaims>[1],
  { signInId, hasSecondFactor }: ProviderOptions,
) {
  if (token.kind !== 'AccessToken' || token.grantId === undefined) return undefined;
  const account = ctx.oidc.entities.Account as PersonAccount | undefined;
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
  return {
    roles: rolesFor(ctx.oidc.client, account?.person.roles ?? []),
    // What the other side of a transfer is shown; whoever holds the token may ask for it at /v1/me anyway.
    name: account?.person.name,
    acr: source?.acr,
    amr: source?.amr,
    auth_time: source?.authTime,
    sid: signInId(token.grantId),
    // Who pays confirms with it; so that nobody has to ask at every payment, it is at most as old as the token.
    ...(account !== undefined && (await hasSecondFactor(account.person.id)) && { second_factor: true }),
  };
}

/** A program that is not the bank's acts for somebody as a customer, whatever else they are. */
function rolesFor(client: Client | undefined, roles: readonly string[]): readonly string[] {
  return registeredScopes(client) === undefined ? roles : roles.filter((role) => role === 'customer');
}

/** Signing out at the issuer ends what that browser signed in to; the library leaves grants of long-lived tokens alone. */
function endGrantsOnLogout(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const oidc: KoaContextWithOIDC['oidc'] | undefined = ctx['oidc'];
    if (oidc?.route !== 'end_session_confirm' || oidc.session === undefined) return;
    if (!('destroyed' in oidc.session) || oidc.session.destroyed !== true) return;
    for (const { grantId } of Object.values(oidc.session.authorizations ?? {})) {
      if (grantId !== undefined) await provider.Grant.adapter.destroy(grantId);
    }
  });
}

/**
 * Nothing of ours asks from another origin, and the library answers every preflight with yes: a page of anybody's could
 * then send requests that browsers keep back otherwise (Fetch, section 3.2).
 */
function invitesNoOtherOrigin(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const invitations = Object.keys(ctx.response.headers).filter((name) => name.startsWith('access-control-'));
    for (const name of invitations) ctx.remove(name);
  });
}
