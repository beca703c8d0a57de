import type { Trace } from '../kernel/kind.ts';
import { TAIL_MS_MAX } from '../kernel/network.ts';
import type { Tally } from '../kernel/tally.ts';
import { must } from '../kernel/violation.ts';
import type { BranchWork } from './branch-database.ts';
import { type Core, REAL } from './core.ts';
import { CALL_TIMEOUT_MS, GRACE_MS, type Order, VOTE_TIMEOUT_MS } from './transaction-process.ts';
import { ACCOUNTS_PER_DATABASE, TwoPhaseWorld } from './two-phase-world.ts';

const ORDERS_MIN = 6;
const ORDERS_MAX = 14;
/** By when the last transaction has begun. */
const ASKING_MS = 15_000;
/** How long things go wrong. */
const TROUBLE_MS = 25_000;
const RESOLVE_EVERY_MS = 2_000;
/**
 * AC5: how long after everything works again, and the last message has arrived, nothing is in doubt any more. A voting that is under way ends, what it left
 * grows as old as the grace, a resolver comes by, and for decisions that not all have heard of the same once more.
 */
const RECOVERY_MS_MAX = VOTE_TIMEOUT_MS + 2 * (GRACE_MS + RESOLVE_EVERY_MS) + 10 * CALL_TIMEOUT_MS;
const STRAGGLING_MS = 20_000;
const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * One run: trouble, then everything works and nothing may stay in doubt; then every message there ever was comes again;
 * and once more when the markers were purged. Throws a `Violation` at the first thing that is not right.
 */
export function runTwoPhase(seed: number, core: Core = REAL, trace?: Trace): Tally {
  const world = new TwoPhaseWorld(seed, core, trace);
  const { timeline, network, tally } = world;
  const total = sumOf(world);
  letPeopleAct(world);
  letThingsBreak(world, TROUBLE_MS);
  letResolve(world, TROUBLE_MS);
  timeline.runUntil(TROUBLE_MS);

  world.heal();
  settle(world, TAIL_MS_MAX);
  checkAtRest(world, total);
  network.redeliverAll(STRAGGLING_MS);
  settle(world, STRAGGLING_MS);
  checkAtRest(world, total);

  timeline.runUntil(timeline.nowMs + WEEK_MS);
  for (const database of world.databases.values()) database.forgetMarkers();
  network.redeliverAll(STRAGGLING_MS);
  timeline.runUntil(timeline.nowMs + STRAGGLING_MS);
  checkPrepared(world);
  tally.add('events', timeline.events);
  return tally;
}

/** Everything works, also for what is still on its way, and nothing new begins. */
function settle(world: TwoPhaseWorld, arrivingMs: number): void {
  const { timeline } = world;
  letResolve(world, arrivingMs + RECOVERY_MS_MAX);
  timeline.runUntil(timeline.nowMs + arrivingMs + RECOVERY_MS_MAX);
}

/** Clients move money between two or three databases, and now and then ask twice for the same. */
function letPeopleAct(world: TwoPhaseWorld): void {
  const { random, timeline } = world;
  const repeating = random.strength(0.3);
  const orders = random.between(ORDERS_MIN, ORDERS_MAX);
  for (let count = 0; count < orders; count += 1) {
    timeline.after(random.between(0, ASKING_MS), () => {
      const order: Order = { gid: `order-${count}`, begunAtMs: timeline.nowMs, work: drawWork(world) };
      world.orders.set(order.gid, order);
      world.tally.add('transactions');
      random.pick(world.processes).begin(order);
      if (!random.chance(repeating)) return;
      world.mark(order.gid, 'it is asked for twice');
      timeline.after(random.between(0, 10_000), () => random.pick(world.processes).begin(order));
    });
  }
  if (!random.chance(0.3)) return;
  const database = random.pick([...world.databases.values()]);
  timeline.after(random.between(0, 1_000), () => {
    world.orphans.set('orphan', database);
    database.hold('orphan', { account: 'nobody', amount: 1n });
  });
}

function drawWork(world: TwoPhaseWorld): Map<string, BranchWork> {
  const { random } = world;
  const names = [...world.databases.keys()];
  if (random.chance(0.5)) names.splice(random.between(0, names.length - 1), 1);
  const payer = random.pick(names);
  const each = BigInt(random.between(5, 40));
  return new Map(
    names.map((name) => {
      const account = `${name}-${random.between(0, ACCOUNTS_PER_DATABASE - 1)}`;
      return [name, { account, amount: name === payer ? -each * BigInt(names.length - 1) : each }];
    }),
  );
}

function letResolve(world: TwoPhaseWorld, forMs: number): void {
  const { timeline, random, core } = world;
  if (!core.resolves) return;
  const untilMs = timeline.nowMs + forMs;
  for (const process of world.processes) {
    const again = () => {
      process.resolve();
      if (timeline.nowMs + RESOLVE_EVERY_MS <= untilMs) timeline.after(RESOLVE_EVERY_MS, again);
    };
    timeline.after(random.between(0, RESOLVE_EVERY_MS), again);
  }
}

function letThingsBreak(world: TwoPhaseWorld, untilMs: number): void {
  const { timeline, random, faults } = world;
  const every = (meanMs: number, run: () => void) => {
    const again = () => {
      if (timeline.nowMs >= untilMs) return;
      world.mark('world', 'something breaks');
      run();
      timeline.after(random.between(1, 2 * meanMs), again);
    };
    if (meanMs > 0) timeline.after(random.between(1, 2 * meanMs), again);
  };
  const databases = [...world.databases.values()];
  every(faults.coordinatorCrashEveryMs, () => random.pick(world.processes).crash(random.between(100, 6_000)));
  every(faults.databaseCrashEveryMs, () => random.pick(databases).crash(random.between(100, 6_000)));
  every(faults.logAwayEveryMs, () => world.log.isAwayFor(random.between(200, 6_000)));
  every(faults.byHandEveryMs, () => {
    const database = random.pick(databases);
    const [gid] = database.listPrepared(0);
    if (gid === undefined || world.orphans.has(gid) || !database.rollBackByHand(gid)) return;
    world.byHand.add(gid);
    world.tally.add('by hand');
    world.trace(gid, () => `somebody rolls it back by hand on ${database.name}`);
  });
}

/** Nothing is in doubt (AC5) but what nobody answers for (X10). */
function checkPrepared(world: TwoPhaseWorld): void {
  for (const database of world.databases.values()) {
    for (const gid of database.listPrepared(0)) {
      must(world.orphans.get(gid) === database, 'AC5', gid, () => `it is still prepared on ${database.name}`);
    }
  }
  for (const [gid, database] of world.orphans) {
    must(database.listPrepared(0).includes(gid), 'X10', gid, () => 'nobody answers for it, and it is gone');
  }
}

function checkAtRest(world: TwoPhaseWorld, total: bigint): void {
  checkPrepared(world);
  for (const order of world.orders.values()) checkOrder(world, order);
  const isInterfered = world.byHand.size > 0;
  const sum = sumOf(world);
  must(isInterfered || sum === total, 'I13', 'world', () => `there was ${total}, and there is ${sum}`);
}

/** Every branch did what was decided and the client was told; a person is asked exactly when one could not (X7). */
function checkOrder(world: TwoPhaseWorld, { gid, work }: Order): void {
  const row = world.log.find(gid);
  const done = [...work.keys()].filter((branch) => world.databases.get(branch)?.hasEffect(gid));
  const told = world.answerOf(gid);
  must(
    told === undefined || row?.outcome === told,
    'AC2',
    gid,
    () => `the client was told ${told}, the log says ${row?.outcome}`,
  );
  if (row?.outcome !== 'commit') {
    must(done.length === 0, 'I8', gid, () => `it is not committed, and ${done} did it`);
    must(row === undefined || row.isEnded, 'AC5', gid, () => 'not everybody has heard of it');
    return;
  }
  const isWhole = done.length === work.size;
  must(isWhole || world.byHand.has(gid), 'I7', gid, () => `it is committed, and only ${done} did it`);
  must(isWhole || row.needsAttention, 'X7', gid, () => `only ${done} did it, and nobody is asked to look`);
  must(isWhole ? row.isEnded : !row.isEnded, 'AC5', gid, () => 'it has ended although not all did it, or the reverse');
  must(!row.needsAttention || world.byHand.has(gid), 'I6', gid, () => 'people are asked for nothing');
}

function sumOf({ databases }: TwoPhaseWorld): bigint {
  let sum = 0n;
  for (const { balances } of databases.values()) for (const balance of balances.values()) sum += balance;
  return sum;
}
