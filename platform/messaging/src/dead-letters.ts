import { type Database, type Executor, sql, type Tx } from '@florin/postgres';
import type { ReceivedEvent } from './cloud-event.ts';
import { isPoison, reasonOf } from './poison-event.ts';

/** An event that a group could not take, as an operator sees it. The payload stays in the database. */
export interface DeadLetter {
  readonly id: bigint;
  readonly group: string;
  readonly topic: string;
  readonly key: string;
  readonly eventId: string;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: Date;
}

export const BEHIND_PARKED = 'waits behind an earlier event of its key';

/** Lists dead letters, oldest first, after a known one (0 for the first page). */
export function listDeadLetters(
  db: Executor,
  page: { readonly afterId: bigint; readonly limit: number },
): Promise<DeadLetter[]> {
  return db.query<DeadLetter>(sql`
    select id, consumer_group as "group", topic, key, event_id as "eventId", reason, attempts, failed_at as "failedAt"
    from dead_letter where id > ${page.afterId} order by id limit ${page.limit}`);
}

/**
 * Which of these events must wait behind a dead letter of their key. Takes no lock: should an operator's retry free the
 * key meanwhile, putting an event aside parks the key again, and nothing overtakes.
 */
export async function parkedAmong(
  tx: Tx,
  group: string,
  events: readonly ReceivedEvent[],
): Promise<ReadonlySet<string>> {
  const keys = [...new Set(events.map((event) => event.subject))];
  const rows = await tx.query<{ topic: string; key: string }>(sql`
    select topic, key from parked_key
    where consumer_group = ${group} and key = any(${keys}::text[])`);
  return new Set(rows.map((row) => parkingPlace(row.topic, row.key)));
}

/** The name of a key within its group, for the set that `parkedAmong` answers. */
export function parkingPlace(topic: string, key: string): string {
  return `${topic}\n${key}`;
}

/**
 * Puts events aside in their order and parks their keys. Events that are there already stay where they are.
 *
 * A key that is parked already is locked until the commit. A retry that is about to free the key either waits for these
 * letters and sees them, or has freed it, and then it is parked anew; never is a letter left behind without its key.
 */
export async function putAside(tx: Tx, group: string, events: readonly ReceivedEvent[], reason: string): Promise<void> {
  const topics = events.map((event) => event.type);
  const keys = events.map((event) => event.subject);
  await tx.execute(sql`
    insert into parked_key (consumer_group, topic, key)
    select distinct ${group}, topic, key from unnest(${topics}::text[], ${keys}::text[]) as parked (topic, key)
    order by topic, key
    on conflict (consumer_group, topic, key) do update set parked_at = parked_key.parked_at`);
  await tx.execute(sql`
    insert into dead_letter (consumer_group, topic, key, event_id, event, reason)
    select ${group}, topic, key, event_id, event, ${reason}
    from unnest(${topics}::text[], ${keys}::text[], ${events.map((event) => event.id)}::text[],
                ${events.map((event) => JSON.stringify(event))}::text[])
      with ordinality as letter (topic, key, event_id, event, place)
    order by place
    on conflict on constraint dead_letter_once do nothing`);
}

export interface RetryOptions {
  readonly database: Database;
  readonly group: string;
  /** The handler of the consumer that put the events aside. */
  handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void>;
  /** Called after each commit, as by the consumer. */
  committed?(events: readonly ReceivedEvent[]): void;
  /** At most this many letters are tried. */
  readonly limit: number;
}

export interface RetryOutcome {
  readonly handled: number;
  /** Keys whose first letter failed again; it keeps its place, and the rest of the key waits behind it. */
  readonly stillParked: number;
  /** Keys set free: their next events are handled as they come. */
  readonly freed: number;
}

/**
 * Handles dead letters of a group again, key by key and in order, each in a transaction of its own. A key is set free
 * with its last letter. An event at fault again leaves its key parked; a fault of the environment is thrown.
 */
export async function retryDeadLetters(options: RetryOptions): Promise<RetryOutcome> {
  const outcome = { handled: 0, stillParked: 0, freed: 0 };
  const parked = await options.database.query<ParkedKey>(sql`
    select topic, key from parked_key where consumer_group = ${options.group}
    order by parked_at, topic, key limit ${options.limit}`);
  for (const place of parked) {
    let step: Step = 'handled';
    while (step === 'handled' && outcome.handled < options.limit) {
      step = await retryFirst(options, place);
      if (step === 'handled') outcome.handled += 1;
    }
    if (step === 'freed') outcome.freed += 1;
    if (step === 'failed') outcome.stillParked += 1;
  }
  return outcome;
}

interface ParkedKey {
  readonly topic: string;
  readonly key: string;
}

type Step = 'handled' | 'failed' | 'freed';

async function retryFirst(options: RetryOptions, place: ParkedKey): Promise<Step> {
  const { database, group } = options;
  let triedId: bigint | undefined;
  let event: ReceivedEvent | undefined;
  try {
    const step = await database.transaction(async (tx) => {
      await tx.query(sql`
        select from parked_key where consumer_group = ${group} and topic = ${place.topic} and key = ${place.key}
        for update`);
      const [letter] = await tx.query<{ id: bigint; event: string }>(sql`
        select id, event from dead_letter
        where consumer_group = ${group} and topic = ${place.topic} and key = ${place.key}
        order by id limit 1 for update`);
      if (letter === undefined) {
        await tx.execute(sql`
          delete from parked_key where consumer_group = ${group} and topic = ${place.topic} and key = ${place.key}`);
        return 'freed' as const;
      }
      triedId = letter.id;
      const parsed: ReceivedEvent = JSON.parse(letter.event);
      event = parsed;
      await options.handle([parsed], tx);
      await tx.execute(sql`delete from dead_letter where id = ${letter.id}`);
      return 'handled' as const;
    });
    if (event !== undefined) options.committed?.([event]);
    return step;
  } catch (error) {
    if (!isPoison(error) || triedId === undefined) throw error;
    await database.execute(sql`
      update dead_letter set attempts = attempts + 1, reason = ${reasonOf(error)}, failed_at = now()
      where id = ${triedId}`);
    return 'failed';
  }
}
