import {
  type AccountStatusChanged,
  accountStatusChanged,
  auditAction,
  noticeCreated,
  type Role,
  standingOrderExecuted,
  type TransferCompleted,
  transferCompleted,
} from '@florin/contracts';
import { openDataKeys } from '@florin/data-keys';
import { type Listener, listen } from '@florin/http';
import { type CloudEvent, memoryBroker, type ReceivedEvent } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import {
  createInternalTokenMinter,
  createInternalTokenVerifier,
  localKeyManagement,
  newInternalKey,
  withNewKey,
} from '@florin/security';
import { testDatabase } from '@florin/testing';
import { notificationsMigrations, startNotifications } from './service.ts';

export interface NoticeBody {
  readonly id: string;
  readonly kind: string;
  readonly parameters: Record<string, unknown>;
  readonly readAt: string | null;
}

/** The service with a database of its own and a broker that the test speaks into. */
export async function startTestNotifications() {
  const database = await testDatabase(notificationsMigrations);
  const clock = systemClock;
  const key = await newInternalKey('gateway');
  const broker = memoryBroker();
  const heard: ReceivedEvent[] = [];
  broker.subscribe({
    group: 'witness',
    topics: [noticeCreated.topic, auditAction.topic],
    async handle(events) {
      heard.push(...events);
    },
  });
  const { verify } = createInternalTokenVerifier({
    publicJwks: { keys: [key.publicJwk] },
    audience: 'notifications',
    clock,
  });
  const service = await startNotifications(
    { databaseUrl: database.url, ownerUrl: database.ownerUrl, validateResponses: true },
    {
      verifyToken: verify,
      keyManagement,
      broker,
      logger: createLogger({ service: 'notifications', level: 'silent' }),
      clock,
      newId,
    },
  );
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, handle: service.handle });
  const { mint } = createInternalTokenMinter({ privateJwk: key.privateJwk, issuer: 'gateway', clock });

  const call = async (subject: string, method: 'GET' | 'POST', path: string, roles: Role[] = ['customer']) => {
    const token = await mint({ subject, kind: 'person', roles }, 'notifications');
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  return {
    database,
    broker,
    heard,
    call,
    /** The keys of another instance. */
    openKeys: () => openDataKeys({ service: 'notifications', database: database.database, management: keyManagement }),
    async list(subject: string, query = '') {
      const { body } = await call(subject, 'GET', `/v1/notifications${query}`);
      return body as unknown as { data: NoticeBody[]; nextCursor: string | null; unreadCount: number };
    },
    async close() {
      await listener.close();
      await service.close();
      await broker.close();
      await database.close();
    },
  };
}

const LOCAL_KEYS = withNewKey(undefined, 'kek-1');
const keyManagement = localKeyManagement(() => LOCAL_KEYS);

const AT = '2026-06-01T10:00:00.000Z';

function eventOf(topic: string, key: string, id: string, data: object, more: Partial<CloudEvent> = {}): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source: 'test',
    type: topic,
    subject: key,
    time: AT,
    datacontenttype: 'application/json',
    data,
    ...more,
  };
}

/** An account is now so; `version` makes the id of the event. */
export function statusEvent(
  data: Pick<AccountStatusChanged, 'accountId' | 'status' | 'owners'> & { restated?: boolean },
  version: number | string = 1,
  more: Partial<CloudEvent> = {},
): CloudEvent {
  const id = `${data.accountId}:${version}`;
  return eventOf(accountStatusChanged.topic, data.accountId, id, { ...data, changedAt: AT }, more);
}

/** 12.50 went from one account to another. */
export function transferEvent(fromAccountId: string, toAccountId: string, reference = 'Lunch'): CloudEvent {
  const transferId = newId(0);
  const data: TransferCompleted = {
    transferId,
    fromAccountId,
    toAccountId,
    amountMinor: '1250',
    currency: 'EUR',
    reference,
    actor: 'payer',
    bookedAt: AT,
    valueDate: '2026-06-01',
  };
  return eventOf(transferCompleted.topic, transferId, transferId, data);
}

/** A date of a standing order came to this. */
export function orderEvent(owner: string, outcome: 'completed' | 'will-retry' | 'failed', attempt = 1): CloudEvent {
  const orderId = newId(0);
  const data = {
    orderId,
    owner,
    fromAccountId: newId(0),
    payeeName: 'Kanaal Housing',
    amountMinor: '98500',
    currency: 'EUR',
    dueDate: '2026-06-01',
    attempt,
    outcome,
    ...(outcome === 'completed' ? {} : { problemCode: 'insufficient-funds' }),
    orderStatus: 'active',
    at: AT,
  };
  return eventOf(standingOrderExecuted.topic, orderId, `${orderId}:2026-06-01:${attempt}`, data);
}
