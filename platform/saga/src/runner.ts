import { randomInt, randomUUID } from 'node:crypto';
import { createFailureLog, type OutgoingEvent } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/observability';
import { type Database, openDatabase, openSession, PLAN_SETTINGS, type Session, type Tx } from '@florin/postgres';
import { invariant, type Result } from '@florin/primitives';
import { DatabaseClock } from './database-clock.ts';
import type { Ignored, StaffInput } from './decide.ts';
import type { SagaDefinition } from './definition.ts';
import { countOpenSagas, DefinitionBook, requireDefinitions } from './definition-book.ts';
import { Dispatcher, type FaultPoint } from './dispatch.ts';
import { type Acted, Driver } from './driver.ts';
import { type SagaNotFound, sagaInputs } from './inputs.ts';
import type { SagaReply } from './outcome.ts';
import { Poller } from './poller.ts';
import { RUNNER_LIMITS, type RunnerLimits } from './runner-limits.ts';
import type { LoggedEvent, Saga } from './saga.ts';
import { sagaMeasures } from './saga-measures.ts';
import { FIRST_REVISION, findSaga, listSagas, readEvents, type SagaRecord, type SagaSearch } from './store.ts';
import type { Transition } from './transition.ts';
import { TransitionCommits } from './transition-commits.ts';
import type { Transport } from './transport.ts';

export interface SagaRunnerOptions {
  /** Whose sagas these are; names the connections, and the source of events. */
  readonly name: string;
  /** The database of the host, which holds the tables of sagas and the outbox. */
  readonly url: string;
  /** All that open sagas may have begun with: the old versions of a type beside the new one. */
  readonly definitions: readonly SagaDefinition[];
  /** The way to each participant, by name. */
  readonly transports: Readonly<Record<string, Transport>>;
  /** What the world hears of a transition; written in its transaction. */
  readonly outbox?: (transition: Transition) => readonly OutgoingEvent[];
  /** Called when a transition is written, as to wake the relay; it must not throw. */
  readonly committed?: (transition: Transition) => void;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** From 0 up to 1. */
  readonly random?: () => number;
  readonly limits?: Partial<RunnerLimits>;
  /** Leave open sagas of other definitions alone and alert, instead of refusing to start: for the way back of a release. */
  readonly tolerateUnknownVersions?: boolean;
  readonly at?: (point: FaultPoint) => void | Promise<void>;
}

/** Works on the sagas of one database, beside the runners of other processes. */
export interface SagaRunner {
  /** Names this runner in the rows it works on: `holder` of a start. */
  readonly holder: string;
  /** The database's time; what `startSaga` takes. */
  nowMs(): number;
  /** What a start must write to the outbox in its own transaction: its command, where that goes by the outbox, and news. */
  outgoing(transition: Transition): readonly OutgoingEvent[];
  /** The start was committed by the caller: it is worked on at once in this process. */
  started(transition: Transition): void;
  /** Takes an answer that came by itself. Rejects when the database is away: then it must come again. */
  deliver(reply: SagaReply): Promise<'taken' | 'ignored'>;
  /** Calls a saga off, while it is before the point of no return. */
  cancel(id: string, actor: string, reason: string): Promise<Result<Saga, Ignored | SagaNotFound>>;
  /** What two people decided about a saga that needs attention: try again, or it is seen to. */
  act(id: string, input: StaffInput): Promise<Result<Saga, Ignored | SagaNotFound>>;
  /**
   * The same in the caller's transaction, with whatever is to be true with it. The saga's row is locked first, if the
   * caller has not done so. What is sent waits for `committed`; when that is not called, for the end of the lease.
   */
  actWithin(tx: Tx, id: string, input: StaffInput): Promise<Result<Acted, Ignored | SagaNotFound>>;
  /** What a saga began with; undefined when this runner has not been given it. */
  definitionOf(saga: Pick<Saga, 'type' | 'definitionVersion'>): SagaDefinition | undefined;
  find(id: string): Promise<SagaRecord | undefined>;
  /** At most 100 at once, those that began last first. */
  list(search: SagaSearch): Promise<{ readonly data: readonly SagaRecord[]; readonly nextCursor: string | null }>;
  timeline(id: string): Promise<readonly LoggedEvent[]>;
  /** Takes up nothing more, and resolves when what is in hand has ended or paused, or a bound of time is over. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const LIST_MAX = 100;
/** For what people ask and what answers bring; the work itself has connections of its own. */
const POOL_SIZE = 4;

interface Connections {
  readonly db: Database;
  readonly writer: Session;
  readonly watcher: Session;
}

/**
 * Opens the runner of a host's sagas. Throws the fault `invalid-definition`, and `saga-definition-missing` when sagas are
 * open that began with a definition which is not given.
 */
export async function openSagaRunner(options: SagaRunnerOptions): Promise<SagaRunner> {
  const book = new DefinitionBook(options.definitions, new Set(Object.keys(options.transports)));
  const connections = connect(options);
  const clock = new DatabaseClock();
  try {
    const { open, clockMs } = await countOpenSagas(connections.db);
    clock.observe(clockMs);
    if (options.tolerateUnknownVersions !== true) requireDefinitions(book, open);
  } catch (error) {
    await disconnect(connections);
    throw error;
  }
  return runnerOf(options, book, clock, connections);
}

function connect({ url, name }: SagaRunnerOptions): Connections {
  const session = (what: string) =>
    openSession({ url, applicationName: `florin-${name}-saga-${what}`, settings: PLAN_SETTINGS });
  return {
    db: openDatabase({ url, applicationName: `florin-${name}-sagas`, poolSize: POOL_SIZE }),
    writer: session('writer'),
    watcher: session('watcher'),
  };
}

async function disconnect({ db, writer, watcher }: Connections): Promise<void> {
  await Promise.all([writer.close(), watcher.close(), db.close()]);
}

function runnerOf(
  options: SagaRunnerOptions,
  book: DefinitionBook,
  clock: DatabaseClock,
  connections: Connections,
): SagaRunner {
  const limits = { ...RUNNER_LIMITS, ...options.limits };
  const { name, logger, transports, at } = options;
  const random = options.random ?? (() => randomInt(RANDOM_STEPS) / RANDOM_STEPS);
  const holder = `${name}/${randomUUID()}`;
  const measures = sagaMeasures(options.metrics);
  const outgoing = outgoingBy(transports, options.outbox);
  const commits = new TransitionCommits({
    session: connections.writer,
    clock,
    holder,
    limits,
    committed: measures.committed,
    failed: createFailureLog(logger, 'writing transitions failed', { holder }),
  });
  const dispatcher = new Dispatcher({ transports, limits, measures, random, at });
  const driver = new Driver({
    source: name,
    book,
    clock,
    commits,
    dispatcher,
    measures,
    logger,
    random,
    holder,
    outgoing,
    committed: options.committed,
    at,
    dueIn: (ms) => poller.dueIn(ms),
  });
  const { watcher: session } = connections;
  const poller = new Poller({ session, holder, book, clock, driver, dispatcher, limits, measures, logger, random });
  poller.start();

  const drain = async (): Promise<void> => {
    await poller.close();
    await within(limits.drainMs, driver.idle());
  };
  return {
    holder,
    nowMs: () => clock.nowMs(),
    outgoing,
    started(transition) {
      // Beyond the bound it is not lost: the lease of its start ends, and it is taken up like one of a dead process.
      if (driver.sagasInHand >= limits.sagasInHandMax) return;
      driver.send({ saga: transition.saga, revision: FIRST_REVISION }, transition);
    },
    ...sagaInputs(connections.db, driver),
    definitionOf: ({ type, definitionVersion }) => book.find(type, definitionVersion),
    ...views(connections.db),
    drain,
    async close() {
      await drain();
      await within(limits.drainMs, commits.close());
      await disconnect(connections);
    },
  };
}

const RANDOM_STEPS = 2 ** 32;

function outgoingBy(transports: SagaRunnerOptions['transports'], outbox: SagaRunnerOptions['outbox']) {
  return (transition: Transition): readonly OutgoingEvent[] => {
    const { command, events } = transition;
    const news = outbox?.(transition) ?? [];
    const transport = command === null ? undefined : transports[command.participant];
    if (command === null || transport === undefined || typeof transport === 'function') return news;
    const sent = events.at(-1);
    invariant(sent?.kind === 'sent', 'a transition that sends a command ends with it');
    return [...news, transport.event(command, new Date(sent.atMs).toISOString())];
  };
}

function views(db: Database): Pick<SagaRunner, 'find' | 'list' | 'timeline'> {
  return {
    find: (id) => findSaga(db, id),
    list: (search) => listSagas(db, { ...search, limit: Math.min(search.limit, LIST_MAX) }),
    timeline: (id) => readEvents(db, id),
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  try {
    await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
