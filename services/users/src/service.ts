import { randomUUID } from 'node:crypto';
import { approvalMigrations, finishApproved } from '@florin/approvals';
import { dataKeyMigrations, keyChores } from '@florin/data-keys';
import type { Service } from '@florin/http';
import { appendToOutbox, createAuditTrail, messagingMigrations, startRelay } from '@florin/messaging';
import { createMetrics, type Logger, type Metrics } from '@florin/observability';
import { type Database, databaseReadiness, migrate, openDatabase } from '@florin/postgres';
import { type Chore, startUpkeep } from '@florin/primitives';
import { sagaMigrations } from '@florin/saga';
import type { JSONWebKeySet, JWK } from 'jose';
import { checkConfig, MAIL_FROM, type UsersConfig } from './config.ts';
import { openDoors } from './doors.ts';
import { EVENT_SOURCE } from './events/record-facts.ts';
import { followWelcome } from './events/welcome.ts';
import { openMailCarrier } from './outbound/mail-carrier.ts';
import { makeParts, type Parts, type UsersPorts } from './parts.ts';
import { SEALED_COLUMNS } from './repositories/sealed-columns.ts';
import { checkHashKey } from './use-cases/check-hash-key.ts';
import { deliverMail } from './use-cases/deliver-mail.ts';
import { deadlineWatch } from './use-cases/follow-welcome.ts';
import { indexOldNames } from './use-cases/index-old-names.ts';
import { loadSigningKeys, publicKeys } from './use-cases/load-signing-keys.ts';
import { purgeExpired } from './use-cases/purge-expired.ts';
import { rotateWhenDue } from './use-cases/rotate-signing-keys.ts';

export { signEverybodyOut } from './use-cases/sign-everybody-out.ts';

export type { UsersPorts };

/** Everything in the database of this service, in the order it is made. */
export const usersMigrations: readonly URL[] = [
  messagingMigrations,
  approvalMigrations,
  sagaMigrations,
  dataKeyMigrations,
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
  const parts = await makeParts({ checked, config, metrics }, database, ports);
  const delivery = openDelivery(parts, config);
  let signingKeys = await loadSigningKeys(database, parts.vault, randomUUID);
  // After the keys were opened: a database from before data keys proves with them that the setting is the right one.
  await checkHashKey(database, parts.vault);
  const trail = createAuditTrail({
    ...{ ...ports, metrics },
    append: (records) => appendToOutbox(database, EVENT_SOURCE, records),
  });
  const doors = await openDoors(parts, config, ports, { metrics, signingKeys, trail });
  const follow = (keys: Keys) => {
    signingKeys = keys;
    doors.useKeys(keys);
  };
  const upkeep = startUpkeep(
    [
      ...choresOf(parts, { metrics, logger: ports.logger }),
      ...keyChores(database, parts.dataKeys, SEALED_COLUMNS),
      ...delivery.chores,
      signingKeysChore(parts, () => signingKeys, follow),
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
    ready: databaseReadiness({ databases: [database], clock: ports.clock, logger: ports.logger }),
    drain: doors.drain,
    async close() {
      await doors.close();
      await upkeep.close();
      delivery.close();
      await trail.close();
      await relay.close();
      await database.close();
      await trackerDb.close();
    },
  };
}

type Keys = Awaited<ReturnType<typeof loadSigningKeys>>;

/** What is done every now and then. */
function choresOf(parts: Parts, { metrics, logger }: { readonly metrics: Metrics; readonly logger: Logger }): Chore[] {
  const { database, vault, checked } = parts;
  return [
    { name: 'purge', everyMs: CHORES_EVERY_MS, run: () => purgeExpired(database, checked.webIdleSeconds) },
    { name: 'watch-deadlines', everyMs: DEADLINES_EVERY_MS, run: deadlineWatch({ database, logger, metrics }) },
    {
      name: 'rotate-keys',
      everyMs: CHORES_EVERY_MS,
      run: () => rotateWhenDue({ database, vault, newKeyId: randomUUID }),
    },
    { name: 'finish-approved', everyMs: DEADLINES_EVERY_MS, run: () => finishApproved(parts.approvals) },
    { name: 'index-names', everyMs: CHORES_EVERY_MS, run: () => indexOldNames(parts) },
  ];
}

/** Follows the keys that any instance makes and retires. */
function signingKeysChore(parts: Parts, now: () => Keys, follow: (keys: Keys) => void): Chore {
  return {
    name: 'load-keys',
    everyMs: KEYS_EVERY_MS,
    async run() {
      const loaded = await loadSigningKeys(parts.database, parts.vault, randomUUID);
      if (keyIds(loaded) !== keyIds(now())) follow(loaded);
    },
  };
}

/**
 * Expired rows answer nothing any more, so nobody waits for the purge. Names are indexed as they are written; what is
 * left to a sweep is what was there before, and what an instance of an older version still writes beside this one.
 */
const CHORES_EVERY_MS = 60_000;

/** Somebody waits for it with the page open. */
const MAIL_EVERY_MS = 500;

/** What sends the mail that waits; nothing where none leaves the bank, and then none is written. */
function openDelivery(parts: Parts, { mailUrl, mailFrom = MAIL_FROM }: UsersConfig) {
  if (mailUrl === undefined) {
    parts.logger.warn('no mail leaves: nobody can confirm an address or set a new password');
    return { chores: [], close() {} };
  }
  const carrier = openMailCarrier(mailUrl, { from: mailFrom, clock: parts.clock });
  const deps = { ...parts, carrier, origin: parts.checked.issuer };
  return {
    chores: [{ name: 'send-mail', everyMs: MAIL_EVERY_MS, run: () => deliverMail(deps) }],
    close: () => carrier.close(),
  };
}

/** A key that another instance made or retired is heard of this soon; the next one is published for minutes before it signs. */
const KEYS_EVERY_MS = 30_000;

function keyIds(keys: readonly JWK[]): string {
  return keys.map(({ kid }) => kid).join(' ');
}

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
