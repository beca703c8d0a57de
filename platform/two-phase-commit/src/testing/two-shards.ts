import { createLogger, createMetrics, type Metrics } from '@florin/observability';
import { type Database, type Executor, openSession, type Session, sql } from '@florin/postgres';
import { fail, newId, ok, type Result } from '@florin/primitives';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { type Coordinator, type CoordinatorOptions, createCoordinator } from '../coordinator.ts';
import { type DecisionLog, decisionLog } from '../decision-log.ts';
import { type LocalParticipant, localParticipant, type TwoPhaseParticipant } from '../participant.ts';
import type { Outcome } from '../protocol.ts';
import { type Resolution, type ResolverOptions, resolveInDoubt } from '../resolver.ts';
import { twoPhaseMigrations } from '../two-phase-migrations.ts';

const purses = new URL('purses/', import.meta.url);

/** Put so many cents into a purse; a negative number takes them out, and is refused when they are not there. */
export interface Order {
  readonly purse?: string;
  readonly cents: number;
  /** Runs in the transaction when the cents have moved. */
  meanwhile?(tx: Executor): Promise<unknown>;
}

export type Refusal = { readonly code: 'insufficient'; readonly cents: bigint };
export type Participant = TwoPhaseParticipant<Order, Refusal>;

/** Does an order in the transaction of its branch. */
export async function perform(tx: Executor, order: Order): Promise<Result<undefined, Refusal>> {
  const [purse] = await tx.query<{ cents: bigint }>(sql`
    update purse set cents = cents + ${order.cents} where id = ${order.purse ?? 'main'} returning cents`);
  await order.meanwhile?.(tx);
  const cents = purse?.cents ?? 0n;
  return cents < 0n ? fail({ code: 'insufficient', cents }) : ok(undefined);
}

/** Two databases with a purse of 100 cents each, and everything that runs two-phase commit between them. */
export async function openShards() {
  const migrations = [twoPhaseMigrations, purses];
  const opened = { a: await testDatabase(migrations), b: await testDatabase(migrations) };
  const participant = (name: 'a' | 'b'): LocalParticipant<Order, Refusal> =>
    localParticipant<Order, Refusal>({ name, url: opened[name].url, perform, lockTimeoutMs: 200 });
  const local = { a: participant('a'), b: participant('b') };
  const sessions: Session[] = [];
  const metrics = createMetrics({ service: 'test' });
  const logger = createLogger({ service: 'test', level: 'silent' });
  const log = decisionLog(opened.a.database);
  for (const { database } of Object.values(opened)) {
    await database.execute(sql`insert into purse (id, cents) values ('main', 100), ('other', 100), ('slow', 100)`);
  }

  return {
    ...opened,
    local,
    log,
    metrics,
    coordinator: (options: Partial<CoordinatorOptions<Order, Refusal>> = {}): Coordinator<Order, Refusal> =>
      createCoordinator<Order, Refusal>({ decisions: log, participants: named(local), logger, metrics, ...options }),
    resolve: (options: Partial<ResolverOptions> = {}): Promise<Resolution> =>
      resolveInDoubt({
        participants: named(local),
        decisionsFor: () => log,
        logs: [log],
        logger,
        metrics,
        graceMs: 0,
        ...options,
      }),
    session(name: 'a' | 'b'): Session {
      const session = openSession({ url: opened[name].url, applicationName: 'two-phase-test' });
      sessions.push(session);
      return session;
    },
    /** Cents in the purses `main`, in the order of the databases. */
    cents: (): Promise<[bigint, bigint]> => Promise.all([centsOf(opened.a), centsOf(opened.b)]),
    /** How many transactions are prepared in both. */
    async prepared(): Promise<number> {
      return (await Promise.all([local.a.listPrepared(), local.b.listPrepared()])).flat().length;
    },
    async close() {
      await Promise.all([local.a.close(), local.b.close(), ...sessions.map((session) => session.close())]);
      await Promise.all([opened.a.close(), opened.b.close()]);
    },
  };
}

export type Shards = Awaited<ReturnType<typeof openShards>>;

/** Ten cents from a to b. */
export function tenCents(): Map<string, Order> {
  return new Map([
    ['a', { cents: -10 }],
    ['b', { cents: 10 }],
  ]);
}

/** Participants under their names, some perhaps in place of others. */
export function named(
  local: Readonly<Record<string, Participant>>,
  instead: Readonly<Record<string, Participant>> = {},
): Map<string, Participant> {
  return new Map(Object.entries({ ...local, ...instead }));
}

/** A coordinator that dies at a point: what it had begun stays as it is. */
export class Crash extends Error {}

export function crashAt(point: string): (reached: string) => void {
  return (reached) => {
    if (reached === point) throw new Crash(point);
  };
}

export function newGid(): string {
  return newId(0);
}

/** What a database remembers of a branch. */
export async function marker(database: Database, gid: string): Promise<string | undefined> {
  const [row] = await database.query<{ state: string }>(sql`select state from two_phase_marker where gid = ${gid}`);
  return row?.state;
}

export async function decided(
  log: DecisionLog,
  gid: string,
): Promise<{ outcome: Outcome; isEnded: boolean } | undefined> {
  const row = await log.find(gid);
  return row && { outcome: row.outcome, isEnded: row.endedAt !== null };
}

export async function gauge(metrics: Metrics, name: string): Promise<number> {
  const values = (await metrics.registry.getSingleMetric(name)?.get())?.values ?? [];
  return values.reduce((total, { value }) => total + value, 0);
}

async function centsOf({ database }: TestDatabase): Promise<bigint> {
  const [row] = await database.query<{ cents: bigint }>(sql`select cents from purse where id = 'main'`);
  return row?.cents ?? -1n;
}
