import {
  appendToOutbox,
  type Broker,
  consumer,
  memoryBroker,
  type ReceivedEvent,
  startRelay,
  takeUnseen,
} from '@florin/messaging';
import { type Database, sql, type Tx } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { book } from './books.ts';
import { logger, metrics, type OpenDesk, openSide } from './desk.ts';
import type { At } from './fault.ts';
import { passing } from './over-broker.ts';
import { outboxDepth } from './transfer-saga.ts';

const DEBITED = 'payer.debited.v1';
const RECEIVED = 'payee.received.v1';
const REFUSED = 'payee.refused.v1';

function say(tx: Tx, topic: string, transfer: string, data: object) {
  const time = new Date(systemClock()).toISOString();
  return appendToOutbox(tx, 'crash-points', [{ topic, key: transfer, id: transfer, data, time }]);
}

interface Side {
  readonly db: Database;
  readonly group: string;
  wake(): void;
  /** Has it hear events of these topics, each in a transaction of its own books. */
  listen(topics: readonly string[], hear: (tx: Tx, event: ReceivedEvent) => Promise<void>): void;
}

function openOneSide(group: string, url: string, broker: Broker, { guarded, at }: { guarded: boolean; at: At }): Side {
  const db = openSide(url);
  const parts = { broker: passing(broker, at), logger, metrics, clock: systemClock };
  const relay = startRelay({ url, name: group, source: group, ...parts, leaseMs: 1_000 });
  const wake = () => relay.wake();
  return {
    db,
    group,
    wake,
    listen(topics, hear) {
      const listener = consumer({
        database: db,
        group,
        topics,
        logger,
        metrics,
        async handle(events, tx) {
          for (const event of guarded ? await takeUnseen(tx, group, events) : events) await hear(tx, event);
          at('before-effect-commit');
        },
        committed: wake,
      });
      broker.subscribe({
        ...listener,
        async handle(events) {
          at('command-received');
          await listener.handle(events);
          at('after-effect-commit');
        },
      });
    },
  };
}

/** Nobody conducts: the payer's side debits and says so, the payee's receives or refuses and says so, the payer's ends it. */
export const openChoreographed: OpenDesk = async ({ payerUrl, payeeUrl, guarded }, at) => {
  const broker = memoryBroker({ paused: true });
  const payer = openOneSide('payer', payerUrl, broker, { guarded, at });
  const payee = openOneSide('payee', payeeUrl, broker, { guarded, at });
  payee.listen([DEBITED], async (tx, { subject, data }) => {
    if ((data as { refused: boolean }).refused) return say(tx, REFUSED, subject, {});
    await book(tx, subject, 'receive');
    await say(tx, RECEIVED, subject, {});
  });
  payer.listen([RECEIVED, REFUSED], async (tx, { subject, type }) => {
    if (type === REFUSED) await book(tx, subject, 'refund');
    const status = type === REFUSED ? 'undone' : 'done';
    await tx.execute(sql`update begun set status = ${status} where transfer = ${subject}`);
  });
  broker.resume();
  return {
    begin: (transfer, refused) => begin(payer, at, transfer, refused),
    async standing(transfer) {
      const [row] = await payer.db.query<{ status: 'begun' | 'done' | 'undone' }>(sql`
        select status from begun where transfer = ${transfer}`);
      const waiting = (await outboxDepth(payer.db)) + (await outboxDepth(payee.db));
      if (row === undefined || row.status === 'begun' || waiting > 0) return { end: undefined, complaints: [] };
      return { end: row.status, complaints: [] };
    },
  };
};

async function begin({ db, wake }: Side, at: At, transfer: string, refused: boolean): Promise<void> {
  await db.transaction(async (tx) => {
    const isFirst = await tx.execute(sql`
      insert into begun (transfer, status) values (${transfer}, 'begun') on conflict do nothing`);
    if (isFirst === 0) return;
    await book(tx, transfer, 'debit');
    await say(tx, DEBITED, transfer, { refused });
    at('before-start-commit');
  });
  at('after-start-commit');
  wake();
}
