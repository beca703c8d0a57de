import type { Trace } from '../kernel/kind.ts';
import { TAIL_MS_MAX } from '../kernel/network.ts';
import type { Tally } from '../kernel/tally.ts';
import { checkAtRest } from './choreography-checks.ts';
import { ChoreographyWorld } from './choreography-world.ts';
import { type Core, REAL, TRANSFER } from './core.ts';

const TRANSFERS_MIN = 4;
const TRANSFERS_MAX = 12;
/** By when the last transfer has begun. */
const ASKING_MS = 15_000;
/** How long things go wrong. */
const TROUBLE_MS = 30_000;
const RELAY_EVERY_MS = 300;
const TRACKER_EVERY_MS = 1_000;
const OPERATORS_EVERY_MS = 3_000;
/**
 * I14: how long after everything works again, and the last message has arrived, the last transfer has ended: its deadline
 * passes, people look after it, and each fact is published and heard.
 */
const RECOVERY_MS_MAX =
  TRANSFER.deadlineMs + TRACKER_EVERY_MS + (TRANSFER.reactions.length + 1) * (OPERATORS_EVERY_MS + 2_000);
const STRAGGLING_MS = 20_000;

/**
 * One run: trouble, then everything works and must come to an end in time; then every message there ever was comes again.
 * Throws a `Violation` at the first thing that is not right.
 */
export function runChoreography(seed: number, core: Core = REAL, trace?: Trace): Tally {
  const world = new ChoreographyWorld(seed, core, trace);
  const { timeline, network, tally } = world;
  letPeopleAct(world);
  letThingsBreak(world, TROUBLE_MS);
  watch(world, TROUBLE_MS);
  timeline.runUntil(TROUBLE_MS);

  world.heal();
  settle(world, TAIL_MS_MAX);
  network.redeliverAll(STRAGGLING_MS);
  settle(world, STRAGGLING_MS);
  tally.add('events', timeline.events);
  return tally;
}

function settle(world: ChoreographyWorld, arrivingMs: number): void {
  const { timeline } = world;
  watch(world, arrivingMs + RECOVERY_MS_MAX);
  timeline.runUntil(timeline.nowMs + arrivingMs + RECOVERY_MS_MAX);
  checkAtRest(world);
}

/** Relays publish, the tracker looks at its deadlines, and staff at what it has raised, for a while. */
function watch(world: ChoreographyWorld, forMs: number): void {
  const { timeline, random, relays, tracker } = world;
  const untilMs = timeline.nowMs + forMs;
  const repeat = (everyMs: number, run: () => void) => {
    const again = () => {
      run();
      if (timeline.nowMs + everyMs <= untilMs) timeline.after(everyMs, again);
    };
    timeline.after(random.between(0, everyMs), again);
  };
  for (const relay of relays) repeat(RELAY_EVERY_MS, () => relay.tick());
  repeat(TRACKER_EVERY_MS, () => tracker.tick());
  repeat(OPERATORS_EVERY_MS, () => lookAfterTransfers(world));
}

/** People mend what kept an event from being dealt with, and play it again. They look where the tracker says. */
function lookAfterTransfers({ tracker, shards }: ChoreographyWorld): void {
  for (const { id, end, isRaised } of tracker.all()) {
    if (!isRaised || end !== null) continue;
    for (const shard of shards) shard.replay(id);
  }
}

function letPeopleAct(world: ChoreographyWorld): void {
  const { random, timeline, shards } = world;
  const transfers = random.between(TRANSFERS_MIN, TRANSFERS_MAX);
  for (let count = 0; count < transfers; count += 1) {
    timeline.after(random.between(0, ASKING_MS), () => world.begin(`transfer-${count}`));
  }
  for (const shard of shards) {
    if (!random.chance(0.5)) continue;
    timeline.after(random.between(0, ASKING_MS), () => shard.closed.add(`${shard.name}-0`));
  }
}

function letThingsBreak(world: ChoreographyWorld, untilMs: number): void {
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
  every(faults.relayCrashEveryMs, () => random.pick(world.relays).crash());
  every(faults.databaseAwayEveryMs, () => random.pick(world.shards).isAwayFor(random.between(200, 6_000)));
}
