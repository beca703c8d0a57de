import { describe, expect, it } from 'vitest';
import { createLanes, type Lanes } from './lanes.ts';

function filled(counts: readonly number[]): Lanes<string> {
  const lanes = createLanes<string>();
  counts.forEach((count, partition) => {
    for (let offset = 0; offset < count; offset += 1) {
      lanes.add({ topic: 't', partition, offset: BigInt(offset), event: `${partition}/${offset}` });
    }
  });
  return lanes;
}

function taken(lanes: Lanes<string>, max: number, nowMs = 0) {
  return lanes.next(max, nowMs).map(({ received }) => received.map(({ event }) => event));
}

describe('the lanes of a group', () => {
  it('give short lanes all they have, and share the rest', () => {
    const lanes = filled([10, 2, 10]);
    expect(taken(lanes, 10).map((events) => events.length)).toEqual([4, 2, 4]);
    expect(taken(lanes, 100).map((events) => events.length)).toEqual([10, 2, 10]);
    expect(taken(filled([0]), 10)).toEqual([]);
    expect(taken(filled([1, 1, 1]), 2).flat()).toHaveLength(2);
  });

  it('give the same again until it is done, and then what follows, in order', () => {
    const lanes = filled([3]);
    const [first] = lanes.next(2, 0);
    expect(taken(lanes, 2)).toEqual([['0/0', '0/1']]);
    if (first) lanes.done(first);
    expect(lanes.size).toBe(1);
    expect(taken(lanes, 2)).toEqual([['0/2']]);
  });

  it('let one lane wait, longer each time, while the others go on', () => {
    const lanes = filled([1, 1]);
    const [failing] = lanes.next(2, 0);
    if (failing === undefined) throw new Error('there are two lanes');
    expect(lanes.waitMs(0)).toBeUndefined();
    lanes.failed(failing, 0);
    expect(taken(lanes, 2, 0)).toEqual([['1/0']]);
    expect(lanes.waitMs(20)).toBe(30);
    expect(taken(lanes, 2, 50)).toEqual([['0/0'], ['1/0']]);
    lanes.failed(failing, 50);
    expect(lanes.waitMs(50)).toBe(100);
    for (let failures = 0; failures < 20; failures += 1) lanes.failed(failing, 0);
    expect(lanes.waitMs(0)).toBe(1_000);
    lanes.done(failing);
    expect(lanes.waitMs(0)).toBeUndefined();
  });
});
