import { appendToOutbox, messagingMigrations } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/observability';
import { type Database, sql, type Tx, withClient } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { startSaga } from '../decide.ts';
import type { RetryPolicy, SagaDefinition, StepDefinition } from '../definition.ts';
import { replay } from '../evolve.ts';
import { local } from '../local-transport.ts';
import type { Outcome, SagaCommand } from '../outcome.ts';
import { type Operation, runParticipant } from '../participant.ts';
import { openSagaRunner, type SagaRunner, type SagaRunnerOptions } from '../runner.ts';
import type { Saga } from '../saga.ts';
import { sagaMigrations } from '../saga-migrations.ts';
import { startStatements } from '../store.ts';
import type { Transition } from '../transition.ts';

/** A trip: a flight and a room are reserved, then paid (from there on there is no way back), then the tickets are sent. */
export const RETRY: RetryPolicy = {
  attemptsMax: 10,
  answerMs: 10_000,
  firstPauseMs: 2,
  factor: 2,
  pauseMsMax: 20,
};

function step(name: string, more: Partial<StepDefinition> = {}): StepDefinition {
  return { name, kind: 'compensatable', participant: name, do: 'reserve', undo: 'release', retry: RETRY, ...more };
}

export const TRIP: SagaDefinition = {
  type: 'trip',
  version: 1,
  deadlineMs: 60_000,
  compensation: 'in-order',
  steps: [
    step('flight'),
    step('prices', { do: 'look', undo: null }),
    step('hotel'),
    step('payment', { kind: 'pivot', undo: null }),
    step('tickets', { kind: 'retriable', undo: null }),
  ],
};

export const PARTICIPANTS = ['flight', 'prices', 'hotel', 'payment', 'tickets'] as const;

/** The same trip with other steps or another policy. */
export function tripWith(more: Partial<SagaDefinition>, steps: Record<string, Partial<StepDefinition>> = {}) {
  return { ...TRIP, ...more, steps: TRIP.steps.map((one) => ({ ...one, ...steps[one.name] })) };
}

/** With a retry policy for every step. */
export function patiently(retry: Partial<RetryPolicy>, more: Partial<SagaDefinition> = {}): SagaDefinition {
  return { ...TRIP, ...more, steps: TRIP.steps.map((one) => ({ ...one, retry: { ...one.retry, ...retry } })) };
}

async function record(tx: Tx, { sagaId, branch, op }: SagaCommand): Promise<void> {
  await tx.execute(sql`insert into effect (saga_id, branch, op) values (${sagaId}, ${branch}, ${op})`);
}

/** Each takes a place of its branch, when there is stock of it to keep, and gives it back. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  async reserve(tx, _payload, command): Promise<Outcome> {
    await record(tx, command);
    const taken = await tx.query<{ free: number }>(sql`
      update stock set free = free - 1 where place = ${command.branch} and free > 0 returning free`);
    const [known] = await tx.query(sql`select from stock where place = ${command.branch}`);
    if (known !== undefined && taken.length === 0)
      return { kind: 'rejected', code: 'sold-out', detail: 'None is left.' };
    return { kind: 'applied', output: { place: `${command.branch} 1` } };
  },
  async release(tx, _payload, command): Promise<Outcome> {
    await record(tx, command);
    await tx.execute(sql`update stock set free = free + 1 where place = ${command.branch}`);
    return { kind: 'applied', output: {} };
  },
  look: async () => ({ kind: 'applied', output: { price: 100 } }),
};

export type Trips = Awaited<ReturnType<typeof openTrips>>;

/** A database with sagas, an outbox and the places of trips, and runners on it. */
export async function openTrips() {
  const opened = await testDatabase([messagingMigrations, sagaMigrations, new URL('./effects/', import.meta.url)]);
  const runners: SagaRunner[] = [];
  const { database: db, url } = opened;

  return {
    db,
    url,
    async run(options: Partial<SagaRunnerOptions> = {}): Promise<SagaRunner> {
      const runner = await openSagaRunner({
        name: 'trips',
        url,
        definitions: [TRIP],
        transports: transports(db),
        logger: createLogger({ service: 'test', level: 'silent' }),
        metrics: createMetrics({ service: 'test' }),
        ...options,
        limits: { pollMs: 20, drainMs: 2_000, ...options.limits },
      });
      runners.push(runner);
      return runner;
    },
    async empty() {
      await Promise.all(runners.splice(0).map((runner) => runner.close()));
      await opened.database.execute(sql`delete from outbox`);
      await opened.database.execute(sql`delete from effect`);
      await opened.database.execute(sql`delete from stock`);
    },
    async close() {
      await Promise.all(runners.map((runner) => runner.close()));
      await opened.close();
    },
    /** Ends every connection of runners, as a server that restarts does; answers how many there were. */
    async dropConnections(): Promise<number> {
      return withClient(opened.superuserUrl, async (client) => {
        const ended = await client.query(`
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'florin-trips-saga%'`);
        return ended.rowCount ?? 0;
      });
    },
    /** Effects of a saga in the order they happened, as `do flight`. */
    async effects(id: string): Promise<string[]> {
      const rows = await db.query<{ effect: string }>(sql`
        select op || ' ' || branch as effect from effect where saga_id = ${id} order by id`);
      return rows.map((row) => row.effect);
    },
    stock: (place: string, free: number) =>
      db.execute(sql`
        insert into stock (place, free) values (${place}, ${free})
        on conflict (place) do update set free = excluded.free`),
  };
}

/** Every participant in this process, on this database, with these exceptions. */
export function transports(
  db: Database,
  others: SagaRunnerOptions['transports'] = {},
): SagaRunnerOptions['transports'] {
  const here = local((command) => participate(db, command));
  return { ...Object.fromEntries(PARTICIPANTS.map((name) => [name, here])), ...others };
}

export function participate(db: Database, command: SagaCommand, operations = OPERATIONS): Promise<Outcome> {
  return runParticipant(db, command, { operations, nowMs: Date.now(), lockTimeoutMs: 300 });
}

export function beginning(runner: SagaRunner, definition = TRIP, id = newId(0)): Transition {
  const setting = { definition, nowMs: runner.nowMs(), random: 0.5 };
  return startSaga(setting, { id, input: { traveller: 'alice' } });
}

/** Commits starts, as the host's use case would; they are not worked on by this. */
export async function commitStart(db: Database, runner: SagaRunner, ...transitions: Transition[]): Promise<void> {
  const { holder } = runner;
  const starts = transitions.map((transition) => ({ transition, subject: 'trip to the sea', holder }));
  await db.transaction(async (tx) => {
    for (const statement of startStatements(starts)) await tx.execute(statement);
    await appendToOutbox(tx, 'trips', transitions.flatMap(runner.outgoing));
  });
}

/** Starts a saga in this runner; answers its id. */
export async function start(db: Database, runner: SagaRunner, definition = TRIP): Promise<string> {
  const transition = beginning(runner, definition);
  await commitStart(db, runner, transition);
  runner.started(transition);
  return transition.saga.id;
}

/** Waits until a saga is as it should be; the test's time limit is the only one. */
export async function until(
  runner: SagaRunner,
  id: string,
  isThere: (saga: Saga) => boolean = (saga) => saga.phase === 'stopped',
): Promise<Saga> {
  for (;;) {
    const found = await runner.find(id);
    if (found !== undefined && isThere(found.saga)) {
      // It may have gone on since it was read.
      const log = (await runner.timeline(id)).filter((event) => event.seq <= found.saga.seq);
      const folded = JSON.stringify(replay(log), sortedNames);
      if (folded !== JSON.stringify(found.saga, sortedNames)) throw new Error(`the log of ${id} does not add up to it`);
      return found.saga;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function sortedNames(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Waits until something is so. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5));
}
