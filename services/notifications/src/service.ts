import { notificationsDeadLetters } from '@florin/contracts';
import { dataKeyMigrations, keyChores, openDataKeys } from '@florin/data-keys';
import { createServer, type Service } from '@florin/http';
import {
  appendToOutbox,
  type Broker,
  consumer,
  createAuditTrail,
  deadLetterEndpoints,
  messagingMigrations,
  startRelay,
} from '@florin/messaging';
import { createMetrics, type Logger } from '@florin/observability';
import { databaseReadiness, migrate, openDatabase } from '@florin/postgres';
import { type Clock, type NewId, startUpkeep } from '@florin/primitives';
import type { InternalTokenVerifier, KeyManagement } from '@florin/security';
import type { NotificationsConfig } from './config.ts';
import { createNews } from './events/news.ts';
import { createRecordRead, publish, SOURCE } from './events/publish.ts';
import { noticeEndpoints } from './http/notice-endpoints.ts';
import { NOTICE_SEALED } from './repositories/notices.ts';
import { WAITING_SEALED } from './repositories/waiting-transfers.ts';
import { forgetOld } from './use-cases/forget-old.ts';
import type { Deps } from './use-cases/ports.ts';
import { sealOld } from './use-cases/seal-old.ts';
import { tellWaiting } from './use-cases/tell-waiting.ts';

export interface NotificationsPorts {
  /** Tells who sent a request, from the internal token it carries. */
  readonly verifyToken: InternalTokenVerifier['verify'];
  /** Whoever keeps the keys that lock this service's data keys. */
  readonly keyManagement: KeyManagement;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly newId: NewId;
}

/** Everything in the database of this service, in the order it is made. */
export const notificationsMigrations: readonly URL[] = [
  messagingMigrations,
  dataKeyMigrations,
  new URL('../migrations/', import.meta.url),
];

const BEARER = 'Bearer ';
/** The reader of events writes at its own pace; requests must not wait for its connection, nor it for theirs. */
const CONSUMER_POOL_SIZE = 1;
const TELL_WAITING_EVERY_MS = 1_000;
const FORGET_EVERY_MS = 60_000;
const SEAL_OLD_EVERY_MS = 60_000;

/** Opens, wires and starts the notifications service. It subscribes to the broker before it answers. */
export async function startNotifications(config: NotificationsConfig, ports: NotificationsPorts): Promise<Service> {
  const { broker, logger, clock, newId } = ports;
  const metrics = createMetrics({ service: 'notifications' });
  const url = config.databaseUrl;
  const runtimeRole = decodeURIComponent(new URL(url).username);
  await migrate({ url: config.ownerUrl, folder: notificationsMigrations, runtimeRole });
  const db = openDatabase({ url, applicationName: 'florin-notifications' });
  const consumerDb = openDatabase({
    url,
    applicationName: 'florin-notifications-news',
    poolSize: CONSUMER_POOL_SIZE,
  });
  const keys = await openDataKeys({ service: 'notifications', database: db, management: ports.keyManagement });
  const deps: Deps = { db, keys, clock, newId, publish, recordRead: createRecordRead(clock) };
  const news = createNews(deps);
  broker.subscribe(consumer({ database: consumerDb, ...news, logger, metrics, clock }));
  const relay = startRelay({ url, name: 'notifications', source: SOURCE, broker, logger, metrics, clock });
  const trail = createAuditTrail({
    ...{ ...ports, metrics },
    append: (records) => appendToOutbox(db, SOURCE, records),
  });
  const upkeep = startUpkeep(
    [
      { name: 'tell-waiting', everyMs: TELL_WAITING_EVERY_MS, run: () => tellWaiting(deps) },
      ...keyChores(db, keys, [NOTICE_SEALED, WAITING_SEALED]),
      { name: 'seal-old', everyMs: SEAL_OLD_EVERY_MS, run: () => sealOld(deps) },
      { name: 'forget-old', everyMs: FORGET_EVERY_MS, run: () => forgetOld(deps) },
      { name: 'audit-trail', everyMs: 1_000, run: () => trail.flush() },
    ],
    (chore, error) => logger.warn({ err: error, chore }, 'a chore failed and will come again'),
  );
  const server = await createServer({
    service: 'notifications',
    logger,
    metrics,
    endpoints: [
      ...noticeEndpoints(deps),
      ...deadLetterEndpoints(notificationsDeadLetters, { database: db, source: SOURCE, readers: [news], clock }),
    ],
    authenticate: ({ authorization }) =>
      authorization?.startsWith(BEARER) ? ports.verifyToken(authorization.slice(BEARER.length)) : undefined,
    trail,
    validateResponses: config.validateResponses ?? false,
  });
  return {
    name: 'notifications',
    metrics,
    handle: server.handle,
    ready: databaseReadiness({ databases: [db], clock: ports.clock, logger: ports.logger }),
    drain: () => server.drain(),
    async close() {
      await server.close();
      await upkeep.close();
      await trail.close();
      await relay.close();
      await db.close();
      await consumerDb.close();
    },
  };
}
