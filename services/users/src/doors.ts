import type { IncomingMessage, ServerResponse } from 'node:http';
import { approvalEndpoints } from '@florin/approvals';
import { usersApprovals, usersDeadLetters } from '@florin/contracts';
import { type AuditTrail, createServer, type Service } from '@florin/http';
import { deadLetterEndpoints } from '@florin/messaging';
import type { Metrics } from '@florin/observability';
import type { UsersConfig } from './config.ts';
import { WEB_CLIENT_ID } from './domain/clients.ts';
import { EVENT_SOURCE } from './events/record-facts.ts';
import { welcomeReader } from './events/welcome.ts';
import { accessEndpoints } from './http/access.ts';
import { apiEndpoints } from './http/api.ts';
import { confirmFactorEndpoints } from './http/confirm-factor.ts';
import { consentEndpoints } from './http/consents.ts';
import { credentialEndpoints } from './http/credentials.ts';
import { customerEndpoints } from './http/customers.ts';
import { erasureEndpoints } from './http/erasure.ts';
import { factorEndpoints } from './http/factors.ts';
import { federationEndpoints } from './http/federation.ts';
import { type Asked, interactionEndpoints, interactionSteps } from './http/interaction.ts';
import { interactionFactorEndpoints } from './http/interaction-factors.ts';
import { createIssuer, type Issuer } from './http/issuer.ts';
import { BANK_SCOPE } from './http/oidc-features.ts';
import { createRawRequests } from './http/raw-requests.ts';
import { sagaEndpoints } from './http/sagas.ts';
import { webSessionEndpoints } from './http/web-session.ts';
import { createTokenEndpoint } from './outbound/token-endpoint.ts';
import type { Parts, UsersPorts } from './parts.ts';
import { askForRoles } from './use-cases/ask-for-roles.ts';
import { askedFrom } from './use-cases/asked-from.ts';
import { changeRoles } from './use-cases/change-roles.ts';
import { endSignIn, listSignIns } from './use-cases/end-sign-in.ts';
import { makeKnown } from './use-cases/known-device.ts';
import type { publicKeys } from './use-cases/load-signing-keys.ts';
import { discloseCustomer, readCustomer, searchCustomers } from './use-cases/look-up-customers.ts';
import { giveLogin, readHolder, readProfile, rename } from './use-cases/profile.ts';
import { listRevocations } from './use-cases/revocations.ts';
import { findAwaited, type SignInPlace } from './use-cases/second-step.ts';
import { signIn } from './use-cases/sign-in.ts';
import { signInByDirectory } from './use-cases/sign-in-by-directory.ts';
import { signInElsewhere } from './use-cases/sign-in-elsewhere.ts';
import { register, signUp } from './use-cases/sign-up.ts';
import { describeWebSession, endWebSession, isCsrfToken, resolveWebSession } from './use-cases/web-session.ts';
import { beginWebSignIn, finishWebSignIn, WEB_SIGN_IN_SECONDS } from './use-cases/web-sign-in.ts';

interface DoorParts {
  readonly metrics: Metrics;
  readonly signingKeys: SigningKeys;
  readonly trail: AuditTrail;
}

type SigningKeys = Parameters<typeof publicKeys>[0];

/** The ways in: the issuer's own protocol, the sign-in interaction, and the API. */
export async function openDoors(
  parts: Parts,
  config: UsersConfig,
  ports: UsersPorts,
  { metrics, signingKeys, trail }: DoorParts,
): Promise<Pick<Service, 'handle' | 'drain' | 'close'> & Pick<Issuer, 'useKeys'>> {
  const { logger } = ports;
  const issuer = createIssuer(parts, { cookieKeys: config.cookieKeys, signingKeys, logger });
  const raw = createRawRequests(logger, metrics);
  const toProvider = raw.wrap('/oidc/*', issuer.handle);
  const interaction = interactionPorts(parts, issuer);
  const steps = interactionSteps(interaction);
  const server = await createServer({
    service: 'users',
    logger,
    metrics,
    endpoints: [
      ...apiEndpoints(apiPorts(parts)),
      ...approvalEndpoints(usersApprovals, parts.approvals),
      ...customerEndpoints(customerPorts(parts)),
      ...factorEndpoints(parts),
      ...confirmFactorEndpoints(parts),
      ...credentialEndpoints(parts),
      ...accessEndpoints(parts),
      ...erasureEndpoints(parts),
      ...interactionEndpoints(interaction, steps),
      ...interactionFactorEndpoints(parts, steps),
      ...federationEndpoints(federationPorts(parts), steps),
      ...consentEndpoints(parts),
      ...sagaEndpoints(parts),
      ...deadLetterEndpoints(usersDeadLetters, { ...parts, source: EVENT_SOURCE, readers: [welcomeReader] }),
      ...webSessionEndpoints(webPorts(parts, issuer.handle)),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith('Bearer ') === true ? ports.verifyToken(authorization.slice(7)) : undefined,
    trail,
    ...(config.validateResponses === undefined ? {} : { validateResponses: config.validateResponses }),
  });
  return {
    handle(request, response) {
      const path = request.url ?? '';
      if (path.startsWith('/oidc/') || path.startsWith('/.well-known/')) toProvider(request, response);
      else server.handle(request, response);
    },
    async drain() {
      await Promise.all([raw.drain(), server.drain()]);
    },
    close: server.close,
    useKeys: issuer.useKeys,
  };
}

function interactionPorts(parts: Parts, issuer: Issuer): Parameters<typeof interactionEndpoints>[0] {
  return {
    issuer,
    publicOrigin: parts.checked.issuer,
    https: parts.checked.https,
    providers: parts.identityProviders.map(({ id, name, kind }) => ({ id, name, kind })),
    signIn: (typed, place, asked) => signInWith(parts, typed, place, asked),
    findAwaited: (uid) => findAwaited(parts, uid),
    makeKnown: (browser, personId) => makeKnown(parts, browser, personId),
    signUp: (wanted, { traceId, origin }) => signUp(askedFrom(parts, origin), wanted, traceId),
  };
}

/** All of them take the same turns: a flood at a directory is a flood. */
async function signInWith(
  parts: Parts,
  { provider, ...typed }: { readonly login: string; readonly password: string; readonly provider?: string },
  place: SignInPlace,
  { traceId, origin }: Asked,
) {
  const deps = askedFrom(parts, origin);
  if (provider === undefined) return parts.signInTurns(() => signIn(deps, typed, place, traceId));
  const found = parts.identityProviders.find(({ id }) => id === provider);
  if (found?.kind !== 'password') return undefined;
  return parts.signInTurns(() => signInByDirectory(deps, found, typed, place, traceId));
}

function federationPorts(parts: Parts): Parameters<typeof federationEndpoints>[0] {
  return {
    providers: parts.identityProviders,
    https: parts.checked.https,
    vault: parts.vault,
    signIn: (login, returned, { traceId, origin }) =>
      signInElsewhere(askedFrom(parts, origin), login, returned, traceId),
  };
}

function customerPorts(parts: Parts): Parameters<typeof customerEndpoints>[0] {
  return {
    search: (actor, text, page) => searchCustomers(parts, actor, text, page),
    read: (actor, id) => readCustomer(parts, actor, id),
    disclose: (actor, id, reason) => discloseCustomer(parts, actor, id, reason),
  };
}

function apiPorts(parts: Parts): Parameters<typeof apiEndpoints>[0] {
  return {
    signUp: (wanted, { traceId, origin }) => signUp(askedFrom(parts, origin), wanted, traceId),
    register: (wanted, actor) => register(parts, wanted, actor),
    readHolder: (personId) => readHolder(parts, personId),
    readProfile: (personId) => readProfile(parts, personId),
    rename: (actor, name) => rename(parts, actor, name),
    listSignIns: (personId) => listSignIns({ ...parts, idleSeconds: parts.checked.webIdleSeconds }, personId),
    endSignIn: (actor, signInId) => endSignIn(parts, actor, signInId),
    listRevocations: (cursor) => listRevocations(parts, cursor),
    approvals: parts.approvals,
    askForRoles: (actor, asking) => askForRoles(parts, parts.approvals, actor, asking),
    changeRoles: (actor, personId, change) => changeRoles(parts, actor, personId, change),
    giveLogin: (actor, personId, login) => giveLogin(parts, actor, personId, login),
    clientName: parts.clientName,
  };
}

function webPorts(
  parts: Parts,
  dispatch: (request: IncomingMessage, response: ServerResponse) => void,
): Parameters<typeof webSessionEndpoints>[0] {
  const { checked, vault } = parts;
  const redirectUri = `${checked.issuer}/session/callback`;
  const tokens = createTokenEndpoint({
    issuer: checked.issuer,
    clientId: WEB_CLIENT_ID,
    clientKey: vault.webClientKey.privateJwk,
    clock: parts.clock,
    redirectUri,
    dispatch,
  });
  const deps = { ...parts, tokens, issuer: checked.issuer, idleSeconds: checked.webIdleSeconds, refreshing: new Map() };
  return {
    https: checked.https,
    issuer: checked.issuer,
    clientId: WEB_CLIENT_ID,
    redirectUri,
    scope: `openid ${BANK_SCOPE}`,
    idleSeconds: checked.webIdleSeconds,
    signInSeconds: WEB_SIGN_IN_SECONDS,
    begin: (returnTo) => beginWebSignIn(deps, returnTo),
    finish: (answer, pending) => finishWebSignIn(deps, answer, pending),
    describe: (cookie) => describeWebSession(deps, cookie),
    resolve: (cookie) => resolveWebSession(deps, cookie),
    isCsrfToken: (cookie, presented) => isCsrfToken(vault, cookie, presented),
    end: (cookie, issuerCookie, { traceId, origin }) =>
      endWebSession(askedFrom(deps, origin), cookie, issuerCookie, traceId),
  };
}
