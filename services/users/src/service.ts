import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { usersDeadLetters } from '@florin/contracts';
import { createServer, type Service } from '@florin/http';
import { type Broker, deadLetterEndpoints, messagingMigrations, startRelay } from '@florin/messaging';
import { createMetrics, type Logger, type Metrics } from '@florin/observability';
import { type Database, migrate, openDatabase, sql } from '@florin/postgres';
import { type Clock, type NewId, startUpkeep } from '@florin/primitives';
import { sagaMigrations } from '@florin/saga';
import type { Principal } from '@florin/security';
import type { JSONWebKeySet } from 'jose';
import type Provider from 'oidc-provider';
import { type CheckedConfig, checkConfig, type UsersConfig } from './config.ts';
import { WELCOME_DEADLINE_MS } from './domain/choreography.ts';
import { type ClientSpec, firstPartyClients, WEB_CLIENT_ID } from './domain/clients.ts';
import type { OneTimeCodes } from './domain/one-time-codes.ts';
import type { Vault } from './domain/vault.ts';
import { createFactRecorder, EVENT_SOURCE } from './events/record-facts.ts';
import { followWelcome, welcomeReader } from './events/welcome.ts';
import { apiEndpoints } from './http/api.ts';
import { customerEndpoints } from './http/customers.ts';
import { factorEndpoints } from './http/factors.ts';
import { interactionEndpoints, interactionSteps } from './http/interaction.ts';
import { interactionFactorEndpoints } from './http/interaction-factors.ts';
import { createIssuer, pinned } from './http/issuer.ts';
import { BANK_SCOPE } from './http/oidc-provider.ts';
import { createRawRequests } from './http/raw-requests.ts';
import { sagaEndpoints } from './http/sagas.ts';
import { webSessionEndpoints } from './http/web-session.ts';
import { oneTimeCodes } from './outbound/one-time-codes.ts';
import { createPasskeyCeremonies } from './outbound/passkey-ceremonies.ts';
import { createPasswordHasher } from './outbound/password-hasher.ts';
import { createTokenEndpoint } from './outbound/token-endpoint.ts';
import { openVault } from './outbound/vault.ts';
import { changeRoles } from './use-cases/change-roles.ts';
import { endSignIn, listSignIns } from './use-cases/end-sign-in.ts';
import { deadlineWatch } from './use-cases/follow-welcome.ts';
import { indexOldNames } from './use-cases/index-old-names.ts';
import { makeKnown } from './use-cases/known-device.ts';
import { loadSigningKeys, publicKeys } from './use-cases/load-signing-keys.ts';
import { readCustomer, searchCustomers } from './use-cases/look-up-customers.ts';
import type { PasskeyCeremonies, Passwords, RecordFacts } from './use-cases/ports.ts';
import { giveLogin, readHolder, readProfile, rename } from './use-cases/profile.ts';
import { purgeExpired } from './use-cases/purge-expired.ts';
import { listRevocations } from './use-cases/revocations.ts';
import { findAwaited } from './use-cases/second-step.ts';
import { signIn } from './use-cases/sign-in.ts';
import { register, signUp } from './use-cases/sign-up.ts';
import { describeWebSession, endWebSession, isCsrfToken, resolveWebSession } from './use-cases/web-session.ts';
import { beginWebSignIn, finishWebSignIn, WEB_SIGN_IN_SECONDS } from './use-cases/web-sign-in.ts';

/** Everything in the database of this service, in the order it is made. */
export const usersMigrations: readonly URL[] = [
  messagingMigrations,
  sagaMigrations,
  new URL('../migrations/', import.meta.url),
];

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
  readonly oneTimeCodes: OneTimeCodes;
  readonly passkeys: PasskeyCeremonies;
  readonly record: RecordFacts;
  readonly clients: readonly ClientSpec[];
  readonly clock: Clock;
  readonly newId: NewId;
  /** How long a sign-up may take to its first account. */
  readonly deadlineMs: number;
  clientName(clientId: string): string;
}

/** Starts the identity service: migrates, loads the keys, wires the issuer, the interaction and the API together. */
export async function startUsers(config: UsersConfig, ports: UsersPorts): Promise<UsersService> {
  const checked = checkConfig(config);
  if (config.ownerUrl !== undefined) {
    const runtimeRole = decodeURIComponent(new URL(config.databaseUrl).username);
    await migrate({ url: config.ownerUrl, folder: usersMigrations, runtimeRole });
  }
  const metrics = createMetrics({ service: 'users' });
  const pool = openDatabase({ url: config.databaseUrl, applicationName: 'florin-users' });
  const trackerDb = openDatabase({ url: config.databaseUrl, applicationName: 'florin-users-welcome', poolSize: 1 });
  ports.broker.subscribe(followWelcome({ ...ports, database: trackerDb, metrics }));
  const relay = startRelay({ ...ports, url: config.databaseUrl, name: 'users', source: EVENT_SOURCE, metrics });
  const database = wakingRelay(pool, () => relay.wake());
  const deadlineMs = config.welcomeDeadlineMs ?? WELCOME_DEADLINE_MS;
  const parts = makeParts(checked, database, ports, deadlineMs);
  const signingKeys = await loadSigningKeys(database, parts.vault, randomUUID);
  const doors = await openDoors(parts, config, ports, { metrics, signingKeys });
  const upkeep = startUpkeep(
    [
      { name: 'purge', everyMs: CHORES_EVERY_MS, run: () => purgeExpired(database, checked.webIdleSeconds) },
      {
        name: 'watch-deadlines',
        everyMs: DEADLINES_EVERY_MS,
        run: deadlineWatch({ database, logger: ports.logger, metrics }),
      },
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
      await trackerDb.close();
    },
  };
}

/**
 * Expired rows answer nothing any more, so nobody waits for the purge. Names are indexed as they are written; what is
 * left to a sweep is what was there before, and what an instance of an older version still writes beside this one.
 */
const CHORES_EVERY_MS = 60_000;

/** A deadline that is over is known within a second. */
const DEADLINES_EVERY_MS = 1_000;

type SigningKeys = Parameters<typeof publicKeys>[0];

/** The ways in: the issuer's own protocol, the sign-in interaction, and the API. */
async function openDoors(
  parts: Parts,
  config: UsersConfig,
  ports: UsersPorts,
  { metrics, signingKeys }: { readonly metrics: Metrics; readonly signingKeys: SigningKeys },
): Promise<Pick<Service, 'handle' | 'drain' | 'close'>> {
  const { logger } = ports;
  const provider = createIssuer(parts, { cookieKeys: config.cookieKeys, signingKeys, logger });
  const raw = createRawRequests(logger, metrics);
  const askProvider = pinned(provider, parts.checked.issuer);
  const toProvider = raw.wrap('/oidc/*', askProvider);
  const interaction = interactionPorts(parts, provider);
  const steps = interactionSteps(interaction);
  const server = await createServer({
    service: 'users',
    logger,
    metrics,
    endpoints: [
      ...apiEndpoints(apiPorts(parts)),
      ...customerEndpoints(customerPorts(parts)),
      ...factorEndpoints(parts),
      ...interactionEndpoints(interaction, steps),
      ...interactionFactorEndpoints(parts, steps),
      ...sagaEndpoints(parts),
      ...deadLetterEndpoints(usersDeadLetters, { ...parts, source: EVENT_SOURCE, readers: [welcomeReader] }),
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

function makeParts(checked: CheckedConfig, database: Database, ports: UsersPorts, deadlineMs: number): Parts {
  const clients = firstPartyClients(checked.issuer);
  const names = new Map(clients.map((client) => [client.id, client.name]));
  return {
    checked,
    database,
    vault: openVault(checked.keyEncryptionKey),
    passwords: createPasswordHasher(),
    oneTimeCodes,
    passkeys: createPasskeyCeremonies(checked.issuer),
    record: createFactRecorder({ ...ports, welcomeDeadlineMs: deadlineMs }),
    clients,
    clock: ports.clock,
    newId: ports.newId,
    deadlineMs,
    clientName: (clientId) => names.get(clientId) ?? clientId,
  };
}

function interactionPorts(parts: Parts, provider: Provider): Parameters<typeof interactionEndpoints>[0] {
  return {
    provider,
    publicOrigin: parts.checked.issuer,
    clientName: parts.clientName,
    https: parts.checked.https,
    signIn: (typed, place, traceId) => signIn(parts, typed, place, traceId),
    findAwaited: (uid) => findAwaited(parts, uid),
    makeKnown: (cookie, personId) => makeKnown(parts, cookie, personId),
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
