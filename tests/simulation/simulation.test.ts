import { describe, expect, it } from 'vitest';
import { missEach } from './kernel/gate.ts';
import { historyOf, tryRun } from './kernel/kind.ts';
import { Tally } from './kernel/tally.ts';
import { KINDS } from './kinds.ts';
import { catchTable } from './report.ts';
import { SPARES } from './saga/mutants.ts';
import { SAGAS } from './saga/saga-kind.ts';
import { failureReport } from './simulate.ts';

const SEEDS = 300;
/** Every missing safeguard is noticed well within this many seeds, or the simulation has become weak. */
const MUTANT_SEEDS_MAX = 200;

/** What has to happen in some run or other, or the simulation does not get around. */
const EVENTFUL: Readonly<Record<string, readonly string[]>> = {
  saga: [
    ...['started', 'sent', 'answered', 'paused', 'advanced', 'turned-back', 'stepped-back', 'left-undone'],
    ...['attention', 'retried', 'resolved', 'completed', 'compensated', 'somebody was faster', 'done by hand'],
    ...['cancelled', 'deadline-passed', 'no-answer', 'insufficient-funds', 'rule', 'hold-not-open'].map(
      (code) => `turned back: ${code}`,
    ),
    ...['delivery', 'pending', 'cannot-undo', 'poison', 'refusal'].map((mark) => `attention: ${mark}`),
    ...['applied', 'rejected', 'pending', 'too_late', 'unknown'].map((kind) => `do: ${kind}`),
    ...['applied', 'cannot_compensate', 'unknown'].map((kind) => `undo: ${kind}`),
    ...['already-final', 'stale-reply', 'past-no-return'].map((code) => `ignored: ${code}`),
  ],
  'two-phase': [
    ...['all said yes', 'refused', 'busy', 'too-late', 'no-slot', 'vote-unknown', 'vote-missing'].map(
      (why) => `proposed: ${why}`,
    ),
    ...['commit', 'roll-back', 'propose-abort', 'ask-again', 'leave'].map((action) => `in doubt: ${action}`),
    ...['acknowledged', 'damaged'].map((answer) => `commit: ${answer}`),
    ...['acknowledged', 'busy', 'no answer'].map((answer) => `abort: ${answer}`),
    ...['told: commit', 'told: abort', 'in doubt', 'prepared', 'by hand'],
  ],
  choreography: [
    ...['debited', 'refused', 'credited', 'credit-refused', 'completed', 'refunded'],
    ...['raised', 'parked', 'replayed', 'heard before'],
  ],
};

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  it(`keeps every invariant through ${SEEDS} seeds, in which whatever can happen happens`, () => {
    const tally = new Tally();
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const failure = tryRun(kind, seed, undefined, tally);
      if (failure !== undefined) expect.fail(failureReport(kind, failure));
    }
    expect(EVENTFUL[kind.name]?.filter((what) => tally.of(what) === 0)).toEqual([]);
  });

  it('misses every safeguard that is taken away', () => {
    const catches = missEach(kind, 0, MUTANT_SEEDS_MAX);
    console.log(catchTable([{ catches }]));
    expect(catches.filter((caught) => caught.seeds === undefined).map((caught) => caught.mutant)).toEqual([]);
  });

  it('happens the same way again', () => {
    const mutant = kind.mutants[0];
    const failing = Array.from({ length: MUTANT_SEEDS_MAX }, (_, seed) => seed).find((seed) =>
      tryRun(kind, seed, mutant),
    );
    const [first, again] = [1, 2].map(() => tryRun(kind, failing ?? 0, mutant));
    expect(first).toEqual(again);
    expect(historyOf(kind, 7, undefined)).toEqual(historyOf(kind, 7, undefined));
    expect(historyOf(kind, 7, undefined).length).toBeGreaterThan(10);
  });
});

it.each(Object.keys(SPARES))('either of two fences around a saga is enough: %s', (spare) => {
  for (let seed = 0; seed < SEEDS / 2; seed += 1) expect(tryRun(SAGAS, seed, spare)).toBeUndefined();
});
