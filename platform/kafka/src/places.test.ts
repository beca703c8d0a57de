import { expect, test } from 'vitest';
import { createPlaces } from './places.ts';

const slice = (partition: number, ...offsets: bigint[]) => ({
  topic: 'happened',
  partition,
  received: offsets.map((offset) => ({ topic: 'happened', partition, offset, event: 'something' })),
});

test('places are told together, when the oldest of them is due', () => {
  const places = createPlaces(250);
  expect(places.waitMs(0)).toBeUndefined();
  places.add([slice(0, 4n, 5n), slice(1, 7n)], 1_000);
  places.add([slice(0, 6n)], 1_200);
  expect(places.waitMs(1_200)).toBe(50);
  expect(places.waitMs(1_300)).toBe(0);
  expect(places.take()).toEqual([
    { topic: 'happened', partition: 0, offset: 7n },
    { topic: 'happened', partition: 1, offset: 8n },
  ]);
});

test('what was told is not told again', () => {
  const places = createPlaces(250);
  places.add([slice(0, 4n)], 0);
  places.take();
  expect(places.take()).toEqual([]);
  expect(places.waitMs(1_000)).toBeUndefined();
  places.add([slice(0, 5n)], 1_000);
  expect(places.waitMs(1_000)).toBe(250);
});

test('nothing done is nothing to tell', () => {
  const places = createPlaces(250);
  places.add([slice(0)], 0);
  expect(places.waitMs(0)).toBeUndefined();
});
