import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTrips, start, type Trips, until } from './testing/trips.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

test('a saga goes through its steps once each, and its log adds up to it', async () => {
  const runner = await trips.run();
  const id = await start(trips.db, runner);
  const saga = await until(runner, id);
  expect(saga).toMatchObject({
    status: 'completed',
    outputs: { flight: { place: 'flight 1' }, prices: { price: 100 } },
  });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'do payment', 'do tickets']);
});

test('C1, C5: what was done is undone in reverse, and what changes nothing is passed over', async () => {
  const runner = await trips.run();
  await trips.stock('payment', 0);
  const id = await start(trips.db, runner);
  const saga = await until(runner, id);
  expect(saga).toMatchObject({ status: 'compensated', failure: { code: 'sold-out' } });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
  const passed = (await runner.timeline(id)).filter((event) => event.kind === 'stepped-back').map((event) => event.why);
  expect(passed).toContain('prices changes nothing');
});
