import { appendToOutbox, consumer, memoryBroker, type ReceivedEvent, startRelay, takeUnseen } from '@florin/messaging';
import { type Database, sql, type Tx } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { book } from './books.ts';
import { logger, metrics, type OpenDesk, openSide } from './desk.ts';
import { passing } from './over-broker.ts';
import { outboxDepth } from './transfer-saga.ts';

const DEBITED = 'payer.debited.v1';
const RECEIVED = 'payee.received.v1';
const REFUSED = 'payee.refused.v1';

function say(tx: Tx, topic: string, transfer: string, data: object) {
  const time = new Date(systemClock()).toISOString();
  return appendToOutbox(tx, 'crash-points', [{ topic, key: transfer, id: transfer, data, time }]);
}

/** Nobody conducts: the payer's side debits and says so, the payee's receives or refuses and says so, the payer's ends it. */
export const openChoreographed: OpenDesk = async (places, at) => {
  const { payerUrl, payeeUrl, guarded } = places;
  const broker = memoryBroker({ paused: true });
  const [payer, payee] = [openSide(payerUrl), openSide(payeeUrl)];
  const relayOf = (name: string, url: string) => {
    const parts = { broker: passing(broker, at), logger, metrics, clock: systemClock };
    return startRelay({ url, name, source: name, ...parts, leaseMs: 1_000 });
  };
  const relays = { payer: relayOf('payer', payerUrl), payee: relayOf('payee', payeeUrl) };

  const listen = (
    { database, group, wake }: { readonly database: Database; readonly group: string; wake(): void },
    topics: readonly string[],
    hear: (tx: Tx, event: ReceivedEvent) => Promise<void>,
  ) => {
    const listener = consumer({
      database,
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
  };

  const payeeSide = { database: payee, group: 'payee', wake: () => relays.payee.wake() };
  listen(payeeSide, [DEBITED], async (tx, { subject, data }) => {
    if ((data as { refused: boolean }).refused) return say(tx, REFUSED, subject, {});
    await book(tx, subject, 'receive');
    await say(tx, RECEIVED, subject, {});
  });
  const payerSide = { database: payer, group: 'payer', wake: () => relays.payer.wake() };
  listen(payerSide, [RECEIVED, REFUSED], async (tx, { subject, type }) => {
    if (type === REFUSED) await book(tx, subject, 'refund');
    const status = type === REFUSED ? 'undone' : 'done';
    await tx.execute(sql`update begun set status = ${status} where transfer = ${subject}`);
  });
  broker.resume();

  return {
    async begin(transfer, refused) {
      await payer.transaction(async (tx) => {
        const isFirst = await tx.execute(sql`
          insert into begun (transfer, status) values (${transfer}, 'begun') on conflict do nothing`);
        if (isFirst === 0) return;
        await book(tx, transfer, 'debit');
        await say(tx, DEBITED, transfer, { refused });
        at('before-start-commit');
      });
      at('after-start-commit');
      relays.payer.wake();
    },
    async standing(transfer) {
      const [row] = await payer.query<{ status: 'begun' | 'done' | 'undone' }>(sql`
        select status from begun where transfer = ${transfer}`);
      const waiting = (await outboxDepth(payer)) + (await outboxDepth(payee));
      if (row === undefined || row.status === 'begun' || waiting > 0) return { end: undefined, complaints: [] };
      return { end: row.status, complaints: [] };
    },
  };
};
