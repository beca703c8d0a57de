import { SAGA_AGE_MS_MAX } from '@florin/saga';
import type { Trace } from '../kernel/kind.ts';
import type { Tally } from '../kernel/tally.ts';
import { type Core, REAL } from './core.ts';
import { ANSWER_MS, PAUSE_MS_MAX, STEPS_MAX } from './definitions.ts';
import { LEASE_MS } from './instance.ts';
import { deploy, letPeopleAct, lookAfterSagas, OPERATORS_EVERY_MS } from './people.ts';
import { checkAtRest } from './saga-checks.ts';
import { SagaWorld } from './saga-world.ts';

/** How long things go wrong. */
const TROUBLE_MS = 35_000;
const TICK_MS = 250;
/** One step forward or back when everything works: sent, done, answered, decided. */
const STEP_MS_MAX = 500;
/**
 * I14: how long after everything works again the last saga has ended. A lease that nobody holds runs out, an answer that
 * will not come is given up, a pause ends; then every step is taken once in each direction, each with people in between.
 */
const RECOVERY_MS_MAX = LEASE_MS + ANSWER_MS + PAUSE_MS_MAX + STEPS_MAX * (2 * STEP_MS_MAX + OPERATORS_EVERY_MS);
const STRAGGLING_MS = 20_000;

/**
 * One run: trouble, then everything works and must come to an end in time; then every message there ever was comes again;
 * and once more when participants have forgotten all about it. Throws a `Violation` at the first thing that is not right.
 */
export function runSagas(seed: number, core: Core = REAL, trace?: Trace): Tally {
  const world = new SagaWorld(seed, core, trace);
  const { timeline, network, tally } = world;
  letPeopleAct(world);
  deploy(world);
  letThingsBreak(world, timeline.nowMs + TROUBLE_MS);
  watch(world, TROUBLE_MS, 0.3);
  timeline.runUntil(timeline.nowMs + TROUBLE_MS);

  world.heal();
  settle(world);
  network.redeliverAll(STRAGGLING_MS);
  watch(world, STRAGGLING_MS, 1);
  timeline.runUntil(timeline.nowMs + STRAGGLING_MS);
  settle(world);

  timeline.runUntil(timeline.nowMs + SAGA_AGE_MS_MAX);
  for (const { ledger } of world.participants.values()) ledger.forgetRecords();
  network.redeliverAll(STRAGGLING_MS);
  timeline.runUntil(timeline.nowMs + STRAGGLING_MS);
  checkAtRest(world);
  tally.add('events', timeline.events);
  return tally;
}

function settle(world: SagaWorld): void {
  const { timeline, store } = world;
  watch(world, RECOVERY_MS_MAX, 1);
  timeline.runUntil(timeline.nowMs + RECOVERY_MS_MAX, () => store.unended.size === 0);
  checkAtRest(world);
}

/** Orchestrators look for sagas whose time has come, and staff for those that need them, for a while. */
function watch(world: SagaWorld, forMs: number, diligence: number): void {
  for (const instance of world.instances) repeat(world, TICK_MS, forMs, () => instance.tick());
  repeat(world, OPERATORS_EVERY_MS, forMs, () => lookAfterSagas(world, diligence));
}

function repeat({ timeline, random }: SagaWorld, everyMs: number, forMs: number, run: () => void): void {
  const untilMs = timeline.nowMs + forMs;
  const again = () => {
    run();
    if (timeline.nowMs + everyMs <= untilMs) timeline.after(everyMs, again);
  };
  timeline.after(random.between(0, everyMs), again);
}

/** Instances die or stand still, and participants can not be reached, for as long as things go wrong. */
function letThingsBreak(world: SagaWorld, untilMs: number): void {
  const { timeline, random, faults } = world;
  const every = (meanMs: number, run: () => void) => {
    const again = () => {
      if (timeline.nowMs >= untilMs) return;
      world.mark('world', 'delivery', 'something breaks');
      run();
      timeline.after(random.between(1, 2 * meanMs), again);
    };
    if (meanMs > 0) timeline.after(random.between(1, 2 * meanMs), again);
  };
  every(faults.instanceCrashEveryMs, () => random.pick(world.instances).crash(random.between(100, 6_000)));
  every(faults.instancePauseEveryMs, () =>
    random.pick(world.instances).pause(random.between(LEASE_MS / 2, 3 * LEASE_MS)),
  );
  every(faults.outageEveryMs, () =>
    random.pick([...world.participants.values()]).isDownFor(random.between(500, 12_000)),
  );
}
