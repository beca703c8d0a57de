import { expect, it } from 'vitest';
import { Random } from '../simulation/kernel/random.ts';
import { FAULTS } from './faults.ts';
import { drawRounds } from './schedule.ts';

const ROUNDS = 200;

function draw(seed: number) {
  const rounds = drawRounds(FAULTS, new Random(seed));
  return Array.from({ length: ROUNDS }, () => rounds.next().value);
}

it('draws the same from the same seed, and something else from another', () => {
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1).map(({ faults }) => faults)).not.toEqual(draw(2).map(({ faults }) => faults));
});

it('gives each fault its turn before one comes again', () => {
  const names = draw(3).flatMap(({ faults }) => faults.map(({ name }) => name));
  for (let from = 0; from + FAULTS.length <= names.length; from += FAULTS.length) {
    expect(names.slice(from, from + FAULTS.length).toSorted()).toEqual(FAULTS.map(({ name }) => name).toSorted());
  }
});

it('never takes two things of one side away at once, and now and then two of different sides', () => {
  const rounds = draw(4);
  for (const { faults } of rounds) expect(new Set(faults.map(({ side }) => side)).size).toBe(faults.length);
  expect(new Set(rounds.map(({ faults }) => faults.length))).toEqual(new Set([1, 2]));
});

it('holds faults as long as the longest of them needs', () => {
  for (const { faults, holdMs } of draw(5)) {
    for (const fault of faults) expect(holdMs).toBeGreaterThanOrEqual(fault.holdMs[0]);
  }
});
