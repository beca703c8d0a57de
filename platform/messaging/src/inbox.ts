import { type Executor, sql, type Tx } from '@florin/postgres';
import type { ReceivedEvent } from './cloud-event.ts';

/** Brokers deliver again within minutes, and operators within days. */
const KEPT_HOURS = 7 * 24;

/**
 * Those of these events that the group has not seen, in their order, and notes in the same transaction that it has: for
 * effects that are not idempotent by a key of their own. Waits for a transaction that is just taking one of them.
 */
export async function takeUnseen(
  tx: Tx,
  group: string,
  events: readonly ReceivedEvent[],
): Promise<readonly ReceivedEvent[]> {
  // In one order everywhere, so that two readers of overlapping chunks cannot wait for each other in a circle.
  const sorted = events.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
  const rows = await tx.query<{ topic: string; event_id: string }>(sql`
    insert into inbox (consumer_group, topic, event_id)
    select ${group}, topic, event_id
    from unnest(${sorted.map(({ type }) => type)}::text[], ${sorted.map(({ id }) => id)}::text[]) as seen (topic, event_id)
    on conflict do nothing
    returning topic, event_id`);
  const fresh = new Set(rows.map((row) => `${row.topic}\n${row.event_id}`));
  // An event that stands twice in one chunk is taken once.
  return events.filter((event) => fresh.delete(placeOf(event)));
}

/** Forgets what was seen long ago, at most so many at a time; answers how many. */
export function purgeInbox(db: Executor, rowsMax: number): Promise<number> {
  return db.execute(sql`
    delete from inbox where ctid = any(array(
      select ctid from inbox where seen_at < now() - ${KEPT_HOURS}::integer * interval '1 hour' limit ${rowsMax}))`);
}

function placeOf(event: ReceivedEvent): string {
  return `${event.type}\n${event.id}`;
}
