import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Service } from '@florin/http';
import { type Broker, messagingMigrations, startRelay } from '@florin/messaging';
import { createMetrics, type Logger, type Metrics, newTraceId } from '@florin/observability';
import { type Database, migrate, openDatabase, sql } from '@florin/postgres';
import { type Clock, type NewId, startUpkeep } from '@florin/primitives';
import type { Principal } from '@florin/security';
import type { JSONWebKeySet } from 'jose';
import type Provider from 'oidc-provider';
import { type CheckedConfig, checkConfig, type UsersConfig } from './config.ts';
import { type ClientSpec, firstPartyClients, WEB_CLIENT_ID } from './domain/clients.ts';
import type { Vault } from './domain/vault.ts';
import { createFactRecorder, EVENT_SOURCE } from './events/record-facts.ts';
import { apiEndpoints } from './http/api.ts';
import { customerEndpoints } from './http/customers.ts';
import { interactionEndpoints } from './http/interaction.ts';
import { BANK_SCOPE, createProvider } from './http/oidc-provider.ts';
import { createPin } from './http/pin-to-issuer.ts';
import { createRawRequests, type RawHandler } from './http/raw-requests.ts';
import { webSessionEndpoints } from './http/web-session.ts';
import { createPasswordHasher } from './outbound/password-hasher.ts';
import { createTokenEndpoint } from './outbound/token-endpoint.ts';
import { openVault } from './outbound/vault.ts';
import { changeRoles } from './use-cases/change-roles.ts';
import { endSignIn, listSignIns, recordGrantEnd, signInIdOf } from './use-cases/end-sign-in.ts';
import { indexOldNames } from './use-cases/index-old-names.ts';
import { loadSigningKeys, publicKeys } from './use-cases/load-signing-keys.ts';
import { readCustomer, searchCustomers } from './use-cases/look-up-customers.ts';
import { createOidcStorage } from './use-cases/oidc-storage.ts';
import type { Passwords, RecordFacts } from './use-cases/ports.ts';
import { giveLogin, readHolder, readProfile, rename } from './use-cases/profile.ts';
import { purgeExpired } from './use-cases/purge-expired.ts';
import { listRevocations } from './use-cases/revocations.ts';
import { signIn } from './use-cases/sign-in.ts';
import { register, signUp } from './use-cases/sign-up.ts';
import { describeWebSession, endWebSession, isCsrfToken, resolveWebSession } from './use-cases/web-session.ts';
import { beginWebSignIn, finishWebSignIn, WEB_SIGN_IN_SECONDS } from './use-cases/web-sign-in.ts';

/** The tables of this service; they come after those of messaging. */
export const usersMigrations = new URL('../migrations/', import.meta.url);

/** What the process lends to the service. */
export interface UsersPorts {
  /** Verifies an internal token (`createInternalTokenVerifier`, audience `users`). */
  verifyToken(token: string): Principal | undefined | Promise<Principal | undefined>;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface UsersService extends Service {
  /** The public keys that access tokens are verified with. */
  jwks(): Promise<JSONWebKeySet>;
  /** Wakes and empties the outbox; for tests and for a clean stop. */
  idle(): Promise<void>;
}

/** What the parts of the service work with. */
interface Parts {
  readonly checked: CheckedConfig;
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly record: RecordFacts;
  readonly clients: readonly ClientSpec[];
  readonly clock: Clock;
  readonly newId: NewId;
  clientName(clientId: string): string;
}

/** Starts the identity service: migrates, loads the keys, wires the issuer, the interaction and the API together. */
export async function startUsers(config: UsersConfig, ports: UsersPorts): Promise<UsersService> {
  const checked = checkConfig(config);
  if (config.ownerUrl !== undefined) {
    const runtimeRole = decodeURIComponent(new URL(config.databaseUrl).username);
    await migrate({ url: config.ownerUrl, folder: [messagingMigrations, usersMigrations], runtimeRole });
  }
  const metrics = createMetrics({ service: 'users' });
  const pool = openDatabase({ url: config.databaseUrl, applicationName: 'florin-users' });
  const relay = startRelay({ ...ports, url: config.databaseUrl, name: 'users', source: EVENT_SOURCE, metrics });
  const database = wakingRelay(pool, () => relay.wake());
  const parts = makeParts(checked, database, ports);
  const signingKeys = await loadSigningKeys(database, parts.vault, randomUUID);
  const doors = await openDoors(parts, config, ports, { metrics, signingKeys });
  const upkeep = startUpkeep(
    [
      { name: 'purge', everyMs: CHORES_EVERY_MS, run: () => purgeExpired(database, checked.webIdleSeconds) },
      { name: 'index-names', everyMs: CHORES_EVERY_MS, run: () => indexOldNames(parts) },
    ],
    (chore, error) => ports.logger.warn({ err: error, chore }, 'a chore failed and will come again'),
  );

  return {
    name: 'users',
    metrics,
    handle: doors.handle,
    jwks: async () => publicKeys(signingKeys),
    idle: () => relay.idle(),
    async ready() {
      return database.query(sql`SELECT 1 FROM signing_key LIMIT 1`).then(
        (rows) => rows.length === 1,
        () => false,
      );
    },
    drain: doors.drain,
    async close() {
      await doors.close();
      await upkeep.close();
      await relay.close();
      await database.close();
    },
  };
}

/**
 * Expired rows answer nothing any more, so nobody waits for the purge. Names are indexed as they are written; what is
 * left to a sweep is what was there before, and what an instance of an older version still writes beside this one.
 */
const CHORES_EVERY_MS = 60_000;

type SigningKeys = Parameters<typeof publicKeys>[0];

/** The ways in: the issuer's own protocol, the sign-in interaction, and the API. */
async function openDoors(
  parts: Parts,
  config: UsersConfig,
  ports: UsersPorts,
  { metrics, signingKeys }: { readonly metrics: Metrics; readonly signingKeys: SigningKeys },
): Promise<Pick<Service, 'handle' | 'drain' | 'close'>> {
  const { logger } = ports;
  const provider = makeProvider(parts, config, signingKeys, logger);
  const raw = createRawRequests(logger, metrics);
  const askProvider = pinned(provider, parts.checked.issuer);
  const toProvider = raw.wrap('/oidc/*', askProvider);
  const server = await createServer({
    service: 'users',
    logger,
    metrics,
    endpoints: [
      ...apiEndpoints(apiPorts(parts)),
      ...customerEndpoints(customerPorts(parts)),
      ...interactionEndpoints(interactionPorts(parts, provider)),
      ...webSessionEndpoints(webPorts(parts, askProvider)),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith('Bearer ') === true ? ports.verifyToken(authorization.slice(7)) : undefined,
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
  };
}

/** Tells the relay after every transaction, so that a revoked session is known everywhere at once and not at the next poll. */
function wakingRelay(database: Database, wake: () => void): Database {
  return {
    ...database,
    async transaction(work, options) {
      const result = await database.transaction(work, options);
      wake();
      return result;
    },
  };
}

function makeParts(checked: CheckedConfig, database: Database, ports: UsersPorts): Parts {
  const clients = firstPartyClients(checked.issuer);
  const names = new Map(clients.map((client) => [client.id, client.name]));
  return {
    checked,
    database,
    vault: openVault(checked.keyEncryptionKey),
    passwords: createPasswordHasher(),
    record: createFactRecorder(ports),
    clients,
    clock: ports.clock,
    newId: ports.newId,
    clientName: (clientId) => names.get(clientId) ?? clientId,
  };
}

function makeProvider(parts: Parts, config: UsersConfig, signingKeys: SigningKeys, logger: Logger): Provider {
  const { checked, database, vault, record } = parts;
  const provider = createProvider({
    issuer: checked.issuer,
    apiAudience: checked.apiAudience,
    clients: parts.clients,
    webClientSecret: vault.webClientSecret,
    signingKeys,
    cookieKeys: config.cookieKeys,
    adapter: createOidcStorage(database, vault, (tx, grant, cause) =>
      recordGrantEnd(record, tx, grant, cause, newTraceId()),
    ),
    findPerson: (personId) => readProfile(parts, personId),
    signInId: (grantId) => signInIdOf(vault.hash('oidc-id', grantId)),
  });
  provider.on('server_error', (ctx, error) => {
    // Thrown by the storage while the database is away: the caller may come again.
    if (isRetryable(error)) answerUnavailable(ctx);
    else logger.error({ err: error }, 'the issuer failed');
  });
  return provider;
}

/** The provider as a handler that believes the issuer setting and no header about where it is. */
function pinned(provider: Provider, issuer: string): RawHandler {
  const callback = provider.callback();
  const pin = createPin(issuer);
  return (request, response) => {
    pin(request, response);
    void callback(request, response);
  };
}

function interactionPorts(parts: Parts, provider: Provider): Parameters<typeof interactionEndpoints>[0] {
  return {
    provider,
    publicOrigin: parts.checked.issuer,
    clientName: parts.clientName,
    signIn: (typed, traceId) => signIn(parts, typed, traceId),
    signUp: (wanted, traceId) => signUp(parts, wanted, traceId),
  };
}

function customerPorts(parts: Parts): Parameters<typeof customerEndpoints>[0] {
  return {
    search: (actor, text, page) => searchCustomers(parts, actor, text, page),
    read: (actor, id) => readCustomer(parts, actor, id),
  };
}

function apiPorts(parts: Parts): Parameters<typeof apiEndpoints>[0] {
  return {
    signUp: (wanted, traceId) => signUp(parts, wanted, traceId),
    register: (wanted, actor) => register(parts, wanted, actor),
    readHolder: (personId) => readHolder(parts, personId),
    readProfile: (personId) => readProfile(parts, personId),
    rename: (actor, name) => rename(parts, actor, name),
    listSignIns: (personId) => listSignIns({ ...parts, idleSeconds: parts.checked.webIdleSeconds }, personId),
    endSignIn: (actor, signInId) => endSignIn(parts, actor, signInId),
    listRevocations: (cursor) => listRevocations(parts, cursor),
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
    clientSecret: vault.webClientSecret,
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
    end: (cookie, issuerCookie, traceId) => endWebSession(deps, cookie, issuerCookie, traceId),
  };
}

function isRetryable(error: unknown): boolean {
  return error instanceof Error && 'retryable' in error && error.retryable === true;
}

function answerUnavailable(ctx: { status: number; body: unknown; set(name: string, value: string): void }): void {
  ctx.status = 503;
  ctx.set('retry-after', '1');
  ctx.body = { error: 'temporarily_unavailable', error_description: 'Please try again shortly.' };
}
