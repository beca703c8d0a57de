import { bucketOf, isUuid } from '@florin/primitives';
import { expect, test } from 'vitest';
import { fakeClock } from './clock.ts';
import { seededNewId } from './seeded-id.ts';

test('the ids of a seed repeat, sort by the order they were made in and keep their bucket', () => {
  const [one, same, other] = [seededNewId('a'), seededNewId('a'), seededNewId('b')];
  const ids = Array.from({ length: 20 }, (_, bucket) => one(bucket));
  expect(ids).toEqual(Array.from({ length: 20 }, (_, bucket) => same(bucket)));
  expect(ids).toEqual([...ids].sort());
  expect(ids.map(bucketOf)).toEqual(ids.map((_, bucket) => bucket));
  expect(ids.every(isUuid)).toBe(true);
  expect(other(0)).not.toBe(ids[0]);
});

test('a fake clock moves when it is told to', () => {
  const clock = fakeClock(1_000);
  clock.advance(500);
  expect([clock(), clock()]).toEqual([1_500, 1_500]);
});
