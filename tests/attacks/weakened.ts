import { memoryCache } from '@florin/cache';
import { bankRoutes, type ServiceName } from '@florin/contracts';
import { createGateway, type GatewayOptions, inProcessHealth, resolveSessionThrough } from '@florin/gateway';
import { inProcessForward, type Service } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { startNotifications } from '@florin/notifications';
import { createLogger, createMetrics } from '@florin/observability';
import { ensureServiceDatabase } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import {
  createAccessTokenVerifier,
  createDenylist,
  type InternalTokens,
  type Principal,
  type VerifiedAccessToken,
} from '@florin/security';
import { decodeJwt, type JSONWebKeySet, type JWTPayload } from 'jose';
import { type Ask, askThrough, PUBLIC_URL } from './asking.ts';
import type { AttackedBank } from './attacked-bank.ts';

/**
 * The bank of the attacks by another door, put together here from the same parts with one of them exchanged. The
 * product has no switch for any of this.
 */
export async function weakenedDoor(attacked: AttackedBank, exchanged: Partial<GatewayOptions>): Promise<Ask> {
  const { bank } = attacked;
  const services = new Map(bank.services.map((service) => [service.name as ServiceName, service]));
  const gateway = await createGateway({
    publicUrl: PUBLIC_URL,
    host: '127.0.0.1',
    port: 0,
    routes: bankRoutes,
    forward: inProcessForward(() => services),
    calls: bank.calls,
    cache: memoryCache({ clock: systemClock }),
    accessTokens: createAccessTokenVerifier({
      issuer: PUBLIC_URL,
      audience: `${PUBLIC_URL}/v1`,
      clock: systemClock,
      jwks: () => keysOf(attacked),
    }),
    denylist: createDenylist({ clock: systemClock }),
    internalTokens: bank.tokens,
    resolveSession: resolveSessionThrough(bank.calls, bank.tokens),
    health: inProcessHealth(() => []),
    logger: createLogger({ service: 'weakened', level: 'silent' }),
    metrics: createMetrics({ service: 'weakened' }),
    clock: systemClock,
    ...exchanged,
  });
  return askThrough(gateway);
}

async function keysOf({ ask, forge }: AttackedBank): Promise<JSONWebKeySet> {
  const { body } = await ask({ path: '/oidc/jwks' });
  return { keys: [...(body as unknown as JSONWebKeySet).keys, ...forge.publicKeys.keys] };
}

/** Takes a token for what it says of itself. */
export const credulousVerifier: GatewayOptions['accessTokens'] = {
  verify(token) {
    const claims = claimsOf(token);
    if (typeof claims?.sub !== 'string') return undefined;
    const believed: VerifiedAccessToken = {
      subject: claims.sub,
      kind: 'person',
      roles: ['customer'],
      tokenId: 'believed',
      issuedAtSeconds: claims.iat ?? 0,
      expiresAtSeconds: Number.MAX_SAFE_INTEGER,
    };
    return believed;
  },
};

function claimsOf(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** Mints for whom it is asked, after changing them. */
export function mintingFor(bank: AttackedBank['bank'], change: (principal: Principal) => Principal): InternalTokens {
  return { mint: (principal, audience) => bank.tokens.mint(change(principal), audience) };
}

/** Every route for every role. */
export const openRoutes: GatewayOptions['routes'] = bankRoutes.map((contract) =>
  contract.access.kind === 'signed-in'
    ? { ...contract, access: { kind: 'signed-in', permissions: ['profile:read:own'] } }
    : contract,
);

/** The notifications service on the same database, which takes an internal token for what it says of itself. */
export async function credulousService({ secrets, serverUrl }: AttackedBank): Promise<Service> {
  const { owner, runtime } = secrets.databasePasswords.notifications;
  const database = await ensureServiceDatabase(serverUrl, {
    name: 'notifications',
    ownerPassword: owner,
    runtimePassword: runtime,
  });
  return startNotifications(
    { databaseUrl: database.runtimeUrl, ownerUrl: database.ownerUrl },
    {
      verifyToken(token) {
        const claims = claimsOf(token);
        return claims?.sub === undefined ? undefined : { subject: claims.sub, kind: 'person', roles: ['customer'] };
      },
      broker: memoryBroker({ paused: true }),
      logger: createLogger({ service: 'weakened', level: 'silent' }),
      clock: systemClock,
      newId,
    },
  );
}
