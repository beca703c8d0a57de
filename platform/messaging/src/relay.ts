import { type Logger, type Metrics, tracedBatch } from '@florin/observability';
import { openSession, PLAN_SETTINGS, type Session, sql } from '@florin/postgres';
import { type Clock, Fault } from '@florin/primitives';
import { createBell } from './bell.ts';
import type { Broker } from './broker.ts';
import type { CloudEvent } from './cloud-event.ts';
import { eventSpan } from './event-traces.ts';
import { createFailureLog } from './failure-log.ts';
import { createRelayLease, type RelayLease } from './relay-lease.ts';

/** Carries the events of one database from its outbox to the broker, as long as it leads. */
export interface Relay {
  /** A hint that this process just committed events. Costs nothing, may be called for every commit. */
  wake(): void;
  /**
   * How old the oldest event is that this relay knows to be unpublished, in milliseconds; 0 when there is none, or when
   * another process leads. Whoever writes in bulk can wait for the readers by it.
   */
  lagMs(): number;
  /** Resolves when the outbox was seen empty by a read that began after the call. */
  idle(): Promise<void>;
  /** Finishes the round in hand, gives the lease back, closes the connection. */
  close(): Promise<void>;
}

export interface RelayOptions {
  /** The database, as a role that may read and delete outbox rows. */
  readonly url: string;
  /** Whose outbox this is; names the lease, the connection and the log lines. */
  readonly name: string;
  /** The CloudEvents source its events carry; for the log. */
  readonly source: string;
  readonly broker: Broker;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly leaseMs?: number;
}

/** A killed leader is replaced after this. Short, because every second of it delays events after a crash. */
const LEASE_MS = 3_000;
/** How late a commit of another process may be seen. */
const POLL_MS = 100;
/** Under load rounds start no closer than this unless the broker says, so that consumers commit some hundred events, not ten. */
const ROUND_EVERY_MS = 20;
/** One round reads at most this many rows, and stops after this much text; a single row may be larger. */
const ROUND_ROWS_MAX = 1_000;
const ROUND_BYTES_MAX = 2_000_000;
/** After a failure: 50 ms, doubled up to 1 s, so that a database or broker that is back is used within a second. */
const BACKOFF_FIRST_MS = 50;
const BACKOFF_MAX_MS = 1_000;
/** A broker that names the time to come again is believed up to here. */
const ASKED_WAIT_MAX_MS = 60_000;
/** Closing waits this long for the round in hand; what it had not deleted is delivered again later. */
const CLOSE_WAIT_MS = 3_000;
/** The depth is counted up to here; beyond, the exact number helps nobody and costs a scan. */
const DEPTH_COUNTED_MAX = 10_000;

type Round = 'follower' | 'empty' | 'some' | 'full';

interface RelayState {
  readonly options: RelayOptions;
  readonly session: Session;
  readonly lease: RelayLease;
  readonly measure: ReturnType<typeof relayMetrics>;
  /** When the oldest event of the last round was written; undefined once the outbox was seen empty. */
  oldestMs: number | undefined;
}

/**
 * Starts the relay of one outbox. One relay leads (lease with a fence on the database clock): it reads the lowest rows,
 * publishes, and deletes them when the broker owns them. It never keeps a position: ids commit out of order, and a
 * `where id > last` would lose the late ones. A crash between publish and delete means delivery again.
 */
export function startRelay(options: RelayOptions): Relay {
  const leaseMs = options.leaseMs ?? LEASE_MS;
  const state = openState(options, leaseMs);
  const { session } = state;
  const bell = createBell();
  const idlers = createIdlers();
  const ending = createBell();
  const failureLog = createFailureLog(options.logger, 'relay round failed', {
    outbox: options.name,
    source: options.source,
  });
  let isClosing = false;

  const keeper = setInterval(() => void keep(state), leaseMs / 3);
  const finished = run();

  async function run(): Promise<void> {
    let failures = 0;
    while (!isClosing) {
      const startedAt = performance.now();
      const arrivals = idlers.arrived();
      try {
        const round = await runRound(state);
        failures = 0;
        if (round === 'empty' || (round === 'follower' && (await isOutboxEmpty(session)))) idlers.release(arrivals);
        await rest(round, startedAt);
      } catch (error) {
        state.lease.forget();
        failures += 1;
        failureLog(error);
        // Not the bell that commits ring: under load it would turn the wait into a loop.
        if (!isClosing) await ending.sleep(backoffMs(failures, error));
      }
    }
  }

  async function rest(round: Round, startedAt: number): Promise<void> {
    if (round === 'full' || isClosing) return;
    if (round !== 'some') return bell.sleep(POLL_MS);
    const spentMs = performance.now() - startedAt;
    const everyMs = options.broker.roundEveryMs ?? ROUND_EVERY_MS;
    if (spentMs < everyMs) await pause(everyMs - spentMs);
  }

  return {
    wake: bell.ring,
    lagMs: () => lagOf(state),
    idle() {
      const emptied = idlers.add();
      bell.ring();
      return emptied;
    },
    async close() {
      isClosing = true;
      bell.ring();
      ending.ring();
      await Promise.race([finished, pause(CLOSE_WAIT_MS)]);
      clearInterval(keeper);
      idlers.refuse();
      await state.lease.release().catch(() => {});
      await session.close();
    },
  };
}

function openState(options: RelayOptions, leaseMs: number): RelayState {
  const session = openSession({
    url: options.url,
    applicationName: `relay-${options.name}`,
    // A delete lost in a crash is a redelivery, which consumers bear, so its commit need not wait for the disk.
    settings: { ...PLAN_SETTINGS, synchronous_commit: 'off' },
  });
  return {
    options,
    session,
    lease: createRelayLease(session, options.name, leaseMs),
    measure: relayMetrics(options.metrics, options.name),
    oldestMs: undefined,
  };
}

function backoffMs(failures: number, error: unknown): number {
  const askedMs = error instanceof Fault ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
  const ownMs = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 10), BACKOFF_MAX_MS);
  return Math.max(ownMs, Math.min(askedMs, ASKED_WAIT_MAX_MS));
}

async function runRound(state: RelayState): Promise<Round> {
  const { lease, options, measure } = state;
  const isLeader = await lease.take();
  measure.leader.set(isLeader ? 1 : 0);
  if (!isLeader) state.oldestMs = undefined;
  if (!isLeader) return 'follower';
  const rows = await readLowest(state.session);
  if (rows.length === 0) {
    state.oldestMs = undefined;
    // Else the last wait would stand there for as long as nothing happens.
    measure.age.set(0);
    return 'empty';
  }
  const events = rows.flatMap((row): CloudEvent[] => JSON.parse(row.events));
  const oldest = events[0];
  if (oldest !== undefined) state.oldestMs = Date.parse(oldest.time);
  measure.age.set(lagOf(state) / 1000);
  await tracedBatch(
    () => eventSpan('producer', `publish ${options.name}`, events),
    () => options.broker.publish(events),
  );
  measure.published.inc(events.length);
  if (!(await lease.deletePublished(rows.map((row) => row.id)))) return 'follower';
  return rows.length === ROUND_ROWS_MAX || bytesOf(rows) > ROUND_BYTES_MAX / 2 ? 'full' : 'some';
}

function lagOf({ oldestMs, options }: RelayState): number {
  return oldestMs === undefined ? 0 : Math.max(0, options.clock() - oldestMs);
}

interface OutboxRow {
  readonly id: bigint;
  readonly events: string;
}

/** The lowest rows up to the byte limit, at least one. `octet_length` of an uncompressed text does not read the text. */
function readLowest(session: Session): Promise<OutboxRow[]> {
  return session.query<OutboxRow>(sql`
    select id, events from (
      select id, events, sum(octet_length(events)) over (order by id) - octet_length(events) as bytes_before
      from (select id, events from outbox order by id limit ${ROUND_ROWS_MAX}) as lowest
    ) as measured
    where bytes_before < ${ROUND_BYTES_MAX}
    order by id`);
}

function bytesOf(rows: readonly OutboxRow[]): number {
  return rows.reduce((total, row) => total + row.events.length, 0);
}

async function isOutboxEmpty(session: Session): Promise<boolean> {
  return (await session.query(sql`select 1 as waiting from outbox limit 1`)).length === 0;
}

/** Keeps the lease while a long publish runs, and counts what waits. Failures show in the next round. */
async function keep(state: RelayState): Promise<void> {
  if (!state.lease.isHeld) return;
  try {
    await state.lease.renew();
    const [row] = await state.session.query<{ depth: bigint }>(sql`
      select count(*) as depth from (select from outbox limit ${DEPTH_COUNTED_MAX}) as waiting`);
    state.measure.depth.set(Number(row?.depth ?? 0));
  } catch {
    state.lease.forget();
  }
}

/** A service may have several outboxes: the label says whose. */
function relayMetrics(metrics: Metrics, outbox: string) {
  const labels = ['outbox'];
  return {
    leader: metrics
      .gauge('florin_relay_leader', '1 when this process publishes the outbox, 0 when it stands by', labels)
      .labels({ outbox }),
    depth: metrics
      .gauge('florin_outbox_rows', `Rows waiting in the outbox, counted up to ${DEPTH_COUNTED_MAX}`, labels)
      .labels({ outbox }),
    age: metrics
      .gauge('florin_outbox_age_seconds', 'Age of the oldest event of the last round', labels)
      .labels({ outbox }),
    published: metrics.counter('florin_events_published_total', 'Events the broker took', labels).labels({ outbox }),
  };
}

/** Those who wait for an empty outbox. One who arrives while a round runs waits for the next: that read was too early. */
function createIdlers() {
  let waiting: { readonly resolve: () => void; readonly reject: (reason: Fault) => void }[] = [];
  return {
    add: () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject })),
    arrived: () => waiting.length,
    release(count: number) {
      for (const idler of waiting.splice(0, count)) idler.resolve();
    },
    refuse() {
      for (const idler of waiting) idler.reject(new Fault('relay-closed', 'The relay was closed.'));
      waiting = [];
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
