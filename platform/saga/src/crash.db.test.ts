import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FaultPoint } from './dispatch.ts';
import type { SagaRunner } from './runner.ts';
import { beginning, commitStart, openTrips, patiently, start, type Trips, until } from './testing/trips.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

/** Short enough that another runner takes over at once, with attempts enough for that. */
const IMPATIENT = patiently({ answerMs: 150, attemptsMax: 100 });
const EVERY_STEP = ['do flight', 'do hotel', 'do payment', 'do tickets'];

/** Points of the work at which a runner dies, and how often it passes them before. */
const POINTS: readonly FaultPoint[] = [
  'before-dispatch',
  'after-dispatch',
  'after-reply',
  'before-state-commit',
  'after-state-commit',
];
const PASSES = [0, 1, 2, 3, 4];

/** A runner that stops for ever at the point, and takes up nothing: to the others it is dead. */
async function mortal(point: FaultPoint, passes: number): Promise<SagaRunner & { readonly died: Promise<void> }> {
  const dead = Promise.withResolvers<void>();
  const never = new Promise<void>(() => {});
  let passed = 0;
  const runner = await trips.run({
    definitions: [IMPATIENT],
    limits: { pollMs: 3_600_000, drainMs: 1 },
    at(at) {
      if (at === point) passed += 1;
      if (passed <= passes) return undefined;
      dead.resolve();
      return never;
    },
  });
  return { ...runner, died: dead.promise };
}

describe.each(POINTS)('O1: a runner that dies %s', (point) => {
  test.each(PASSES)('after %i times is replaced, and every step is done once', async (passes) => {
    const first = await mortal(point, passes);
    const id = await start(trips.db, first, IMPATIENT);
    await first.died;
    const second = await trips.run({ definitions: [IMPATIENT] });
    expect(await until(second, id)).toMatchObject({ status: 'completed' });
    expect(await trips.effects(id)).toEqual(EVERY_STEP);
  });

  test('C4: on the way back is replaced, and every step is undone once', async () => {
    await trips.stock('payment', 0);
    const first = await mortal(point, 5);
    const id = await start(trips.db, first, IMPATIENT);
    await first.died;
    const second = await trips.run({ definitions: [IMPATIENT] });
    expect(await until(second, id)).toMatchObject({ status: 'compensated' });
    expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
  });
});

test('O1: a start that was committed and never told to anybody is taken up', async () => {
  const runner = await trips.run({ definitions: [IMPATIENT] });
  const transition = beginning(runner, IMPATIENT);
  await commitStart(trips.db, runner, transition);
  expect(await until(runner, transition.saga.id)).toMatchObject({ status: 'completed' });
  expect(await trips.effects(transition.saga.id)).toEqual(EVERY_STEP);
});

test('O11: a start that is repeated is the same start', async () => {
  const runner = await trips.run();
  const transition = beginning(runner);
  await commitStart(trips.db, runner, transition, transition);
  runner.started(transition);
  await commitStart(trips.db, runner, transition);
  runner.started(transition);
  expect(await until(runner, transition.saga.id)).toMatchObject({ status: 'completed' });
  await runner.drain();
  expect(await trips.effects(transition.saga.id)).toEqual(EVERY_STEP);
});

test('O12: a runner that closes ends what is in hand; what it does not end, another does', async () => {
  const first = await trips.run({ definitions: [IMPATIENT] });
  const ids = await Promise.all(Array.from({ length: 20 }, () => start(trips.db, first, IMPATIENT)));
  await first.close();
  const second = await trips.run({ definitions: [IMPATIENT] });
  for (const id of ids) {
    expect(await until(second, id)).toMatchObject({ status: 'completed' });
    expect(await trips.effects(id)).toEqual(EVERY_STEP);
  }
});
