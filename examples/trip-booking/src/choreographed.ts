import {
  appendToOutbox,
  type Broker,
  consumer,
  memoryBroker,
  type OutgoingEvent,
  type ReceivedEvent,
  type Relay,
  startRelay,
  takeUnseen,
} from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/observability';
import { type Database, openDatabase, type Tx } from '@florin/postgres';
import { newId, systemClock } from '@florin/primitives';
import { giveBack, take } from './companies.ts';
import { COMPANIES, type Company, TRIP, type TripOrder } from './trip-saga.ts';

/**
 * The same trip without anybody who leads it: each company hears what its neighbour did, does its part, and says so. The
 * way a trip goes is not written down anywhere; it is what these subscriptions add up to.
 */
export interface Choreography {
  /** Orders a trip and resolves with what was said about it, in order, when it is booked or everything is undone. */
  book(order: TripOrder): Promise<readonly string[]>;
  close(): Promise<void>;
}

type What = 'done' | 'refused' | 'undone';

const ORDERED = 'trip.ordered.v1';

function topicOf(company: Company, what: What): string {
  return `trip.${company}-${what}.v1`;
}

/** After one of these nothing more is said about a trip. */
const LAST = new Set([topicOf('notification', 'done'), topicOf('flight', 'refused'), topicOf('flight', 'undone')]);

/** Opens it on the databases of the agency and of the companies, whose stock is there already. */
export async function openChoreography(urls: Readonly<Record<Company | 'agency', string>>): Promise<Choreography> {
  const broker = memoryBroker({ paused: true });
  const agency = openParty('agency', urls.agency, broker);
  const parties = [agency, ...COMPANIES.map((company) => openParty(company, urls[company], broker))];
  for (const [index, company] of COMPANIES.entries()) parties[index + 1]?.subscribe(...partOf(index, company));

  const said = new Map<string, string[]>();
  const ends = new Map<string, () => void>();
  const topics = COMPANIES.flatMap((company) => [
    topicOf(company, 'done'),
    topicOf(company, 'refused'),
    topicOf(company, 'undone'),
  ]);
  agency.subscribe(topics, async ({ subject, type }) => {
    said.get(subject)?.push(type);
    if (LAST.has(type)) ends.get(subject)?.();
    return null;
  });
  broker.resume();
  return {
    async book(order) {
      const id = newId(0);
      const end = Promise.withResolvers<void>();
      said.set(id, []);
      ends.set(id, end.resolve);
      await agency.db.transaction((tx) => appendToOutbox(tx, 'trip/agency', [eventOf(ORDERED, id, order)]));
      await end.promise;
      ends.delete(id);
      return said.get(id) ?? [];
    },
    async close() {
      await Promise.all(parties.map((party) => party.relay.close()));
      await broker.close();
      await Promise.all(parties.map((party) => party.db.close()));
    },
  };
}

/** Takes an event in a transaction and answers the topic of what it says then, or null when it says nothing. */
type Listener = (event: ReceivedEvent, tx: Tx) => Promise<string | null>;

/** What a company listens to: to the one before it, to do its part; to the one after it, to undo it. */
function partOf(index: number, company: Company): [readonly string[], Listener] {
  const [before, after] = [COMPANIES[index - 1], COMPANIES[index + 1]];
  const forward = before === undefined ? ORDERED : topicOf(before, 'done');
  const canUndo = TRIP.steps[index]?.undo !== null;
  const backward = after === undefined || !canUndo ? [] : [topicOf(after, 'refused'), topicOf(after, 'undone')];
  const listen: Listener = async ({ subject, type, data }, tx) => {
    if (type === forward) {
      const isTaken = await take(tx, subject, (data as TripOrder)[company]);
      return topicOf(company, isTaken ? 'done' : 'refused');
    }
    await giveBack(tx, subject);
    return topicOf(company, 'undone');
  };
  return [[forward, ...backward], listen];
}

function eventOf(topic: string, tripId: string, order: unknown): OutgoingEvent {
  return { topic, key: tripId, id: tripId, data: order, time: new Date(systemClock()).toISOString() };
}

interface Party {
  readonly db: Database;
  readonly relay: Relay;
  subscribe(topics: readonly string[], listen: Listener): void;
}

/** One service: its database, the relay of its outbox, and a consumer that hears, does and says in one transaction. */
function openParty(name: Company | 'agency', url: string, broker: Broker): Party {
  const logger = createLogger({ service: name, level: 'silent' });
  const metrics = createMetrics({ service: name });
  const db = openDatabase({ url, applicationName: `trip-${name}`, poolSize: 2 });
  const source = `trip/${name}`;
  const relay = startRelay({ url, name, source, broker, logger, metrics, clock: systemClock });
  return {
    db,
    relay,
    subscribe(topics, listen) {
      broker.subscribe(
        consumer({
          database: db,
          group: name,
          topics,
          logger,
          metrics,
          async handle(events, tx) {
            // The inbox: an event comes at least once, and counts once.
            for (const event of await takeUnseen(tx, name, events)) {
              const topic = await listen(event, tx);
              if (topic !== null) await appendToOutbox(tx, source, [eventOf(topic, event.subject, event.data)]);
            }
          },
          committed: () => relay.wake(),
        }),
      );
    },
  };
}
