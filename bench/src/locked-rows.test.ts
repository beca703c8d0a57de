import { expect, it } from 'vitest';
import { LockTally, lockedMsOf } from './locked-rows.ts';

it('counts locked rows of payers only, on average over all looks', () => {
  const tally = new LockTally();
  expect(tally.mean).toBe(0);
  tally.add(['a', 'b', 'x'], new Set(['a', 'b', 'c']));
  tally.add([], new Set(['a']));
  tally.add(['x'], new Set());
  tally.add(['a', 'b'], new Set(['b']));
  expect(tally.mean).toBe(0.75);
});

it('takes the time of one from how many there are at a time', () => {
  // 200 a second, and one and a half locked at any moment: 7.5 ms each.
  expect(lockedMsOf(1.5, 200)).toBe(7.5);
});
