import { randomUUID } from 'node:crypto';
import type { Service } from '@florin/http';
import { appendToOutbox, createAuditTrail, messagingMigrations, startRelay } from '@florin/messaging';
import { createMetrics } from '@florin/observability';
import { type Database, migrate, openDatabase, sql } from '@florin/postgres';
import { startUpkeep } from '@florin/primitives';
import { sagaMigrations } from '@florin/saga';
import type { JSONWebKeySet } from 'jose';
import { checkConfig, type UsersConfig } from './config.ts';
import { WELCOME_DEADLINE_MS } from './domain/choreography.ts';
import { openDoors } from './doors.ts';
import { EVENT_SOURCE } from './events/record-facts.ts';
import { followWelcome } from './events/welcome.ts';
import { makeParts, type UsersPorts } from './parts.ts';
import { deadlineWatch } from './use-cases/follow-welcome.ts';
import { indexOldNames } from './use-cases/index-old-names.ts';
import { loadSigningKeys, publicKeys } from './use-cases/load-signing-keys.ts';
import { purgeExpired } from './use-cases/purge-expired.ts';

export type { UsersPorts };

/** Everything in the database of this service, in the order it is made. */
export const usersMigrations: readonly URL[] = [
  messagingMigrations,
  sagaMigrations,
  new URL('../migrations/', import.meta.url),
];

export interface UsersService extends Service {
  /** The public keys that access tokens are verified with. */
  jwks(): Promise<JSONWebKeySet>;
  /** Wakes and empties the outbox; for tests and for a clean stop. */
  idle(): Promise<void>;
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
  const trail = createAuditTrail({
    ...{ ...ports, metrics },
    append: (records) => appendToOutbox(database, EVENT_SOURCE, records),
  });
  const doors = await openDoors(parts, config, ports, { metrics, signingKeys, trail });
  const upkeep = startUpkeep(
    [
      { name: 'purge', everyMs: CHORES_EVERY_MS, run: () => purgeExpired(database, checked.webIdleSeconds) },
      {
        name: 'watch-deadlines',
        everyMs: DEADLINES_EVERY_MS,
        run: deadlineWatch({ database, logger: ports.logger, metrics }),
      },
      { name: 'index-names', everyMs: CHORES_EVERY_MS, run: () => indexOldNames(parts) },
      { name: 'audit-trail', everyMs: 1_000, run: () => trail.flush() },
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
      await trail.close();
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
