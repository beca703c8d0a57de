import { randomInt } from 'node:crypto';
import { messagingMigrations } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/observability';
import { type Database, openDatabase, sql } from '@florin/postgres';
import { invariant, newId } from '@florin/primitives';
import {
  type DirectTransport,
  type JsonObject,
  openSagaRunner,
  type Saga,
  type SagaRunner,
  sagaMigrations,
  startSaga,
  startStatements,
} from '@florin/saga';
import { wayTo } from './companies.ts';
import { tellTimeline } from './timeline.ts';
import { COMPANIES, type Company, type Item, TRIP, type TripOrder } from './trip-saga.ts';

/** The tables of the agency, which has the sagas, and of the companies, which have stock and the records of the barrier. */
export const tripMigrations = [messagingMigrations, sagaMigrations, new URL('../migrations/', import.meta.url)];

export interface TripResult {
  readonly saga: Saga;
  /** The saga's log in plain words. */
  readonly timeline: readonly string[];
}

/** A travel agency: its own database with the sagas in it, and the way to five companies. */
export interface Agency {
  /** Books a trip and resolves when nothing more happens to it by itself. */
  book(subject: string, order: TripOrder, lineToCar?: 'bad'): Promise<TripResult>;
  /** The databases of the companies, for whoever wants to look. */
  readonly companies: Readonly<Record<Company, Database>>;
  close(): Promise<void>;
}

/** What there is in the beginning. The card has 3,000.00, in cents; there is one room of each kind. */
const STOCK: Readonly<Record<Company, readonly Item[]>> = {
  flight: [{ what: 'seat to Lisbon', quantity: 10 }],
  payment: [{ what: 'card', quantity: 300_000 }],
  hotel: [
    { what: 'room at the harbour', quantity: 1 },
    { what: 'room on the hill', quantity: 1 },
    { what: 'room by the lake', quantity: 1 },
  ],
  car: [{ what: 'small car', quantity: 5 }],
  notification: [{ what: 'message', quantity: 1_000 }],
};

/** Opens the agency on its database and those of the companies, which have `tripMigrations` in them and nothing else. */
export async function openAgency(urls: Readonly<Record<Company | 'agency', string>>): Promise<Agency> {
  const url = urls.agency;
  const db = openDatabase({ url, applicationName: 'trip-agency', poolSize: 2 });
  const companies = {} as Record<Company, Database>;
  const transports: Record<string, DirectTransport> = {};
  for (const company of COMPANIES) {
    const theirs = openDatabase({ url: urls[company], applicationName: `trip-${company}`, poolSize: 2 });
    for (const { what, quantity } of STOCK[company]) {
      await theirs.execute(sql`insert into stock (what, free) values (${what}, ${quantity})`);
    }
    companies[company] = theirs;
    transports[company] = wayTo(company, theirs);
  }
  transports['car'] = silentAtTimes(transports['car']);

  const ends = new Map<string, () => void>();
  const runner = await openSagaRunner({
    name: 'trip-agency',
    url,
    definitions: [TRIP],
    transports,
    logger: createLogger({ service: 'trip-agency', level: 'silent' }),
    metrics: createMetrics({ service: 'trip-agency' }),
    committed: ({ saga }) => {
      if (saga.phase === 'stopped') ends.get(saga.id)?.();
    },
  });
  return {
    companies,
    async book(subject, order, lineToCar) {
      const id = newId(0);
      const end = Promise.withResolvers<void>();
      ends.set(id, end.resolve);
      await begin(db, runner, { id, subject, input: { ...order, isLineToCarBad: lineToCar === 'bad' } });
      await end.promise;
      ends.delete(id);
      const record = await runner.find(id);
      invariant(record !== undefined, 'a saga that ended is there');
      return { saga: record.saga, timeline: tellTimeline(await runner.timeline(id)) };
    },
    async close() {
      await runner.close();
      await Promise.all([db, ...Object.values(companies)].map((one) => one.close()));
    },
  };
}

interface Beginning {
  readonly id: string;
  readonly subject: string;
  readonly input: JsonObject;
}

/** A saga begins in a transaction of its host, so that what belongs to it is written with it or not at all. */
async function begin(db: Database, runner: SagaRunner, { id, subject, input }: Beginning): Promise<void> {
  const setting = { definition: TRIP, nowMs: runner.nowMs(), random: randomInt(1_000) / 1_000 };
  const transition = startSaga(setting, { id, input });
  await db.transaction(async (tx) => {
    for (const statement of startStatements([{ transition, subject, holder: runner.holder }])) {
      await tx.execute(statement);
    }
  });
  runner.started(transition);
}

/**
 * A line to the car company as lines are: of a trip with `isLineToCarBad`, the first request is lost on the way
 * there, and the answer to the second on the way back. The company has a car reserved then, and nobody knows.
 */
function silentAtTimes(way: DirectTransport | undefined): DirectTransport {
  invariant(way !== undefined, 'there is a way to the car company');
  return async (command, options) => {
    const isBad = command.payload.input['isLineToCarBad'] === true;
    if (isBad && command.attempt === 1) return silence();
    const outcome = await way(command, options);
    return isBad && command.attempt === 2 ? silence() : outcome;
  };
}

function silence(): Promise<never> {
  return new Promise(() => {});
}
