import { describe, expect, it } from 'vitest';
import { missEach } from './kernel/gate.ts';
import { historyOf, type Kind, tryRun } from './kernel/kind.ts';
import { Tally } from './kernel/tally.ts';
import { KINDS } from './kinds.ts';
import { catchTable } from './report.ts';
import { SPARES } from './saga/mutants.ts';
import { SAGAS } from './saga/saga-kind.ts';
import { failureReport } from './simulate.ts';

const SEEDS = 300;
/** Every missing safeguard is noticed well within this many seeds, or the simulation has become weak. */
const MUTANT_SEEDS_MAX = 200;

describe.each(KINDS.map((kind) => [kind.name, kind] as const))('%s', (_, kind) => {
  it(`keeps every invariant through ${SEEDS} seeds`, () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const failure = tryRun(kind, seed);
      if (failure !== undefined) expect.fail(failureReport(kind, failure));
    }
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

function tallyOf(kind: Kind, seeds: number): Tally {
  const tally = new Tally();
  for (let seed = 0; seed < seeds; seed += 1) tryRun(kind, seed, undefined, tally);
  return tally;
}

describe('saga', () => {
  it('gets around: everything that can happen to a saga happens', () => {
    const { counts } = tallyOf(SAGAS, 200);
    const events = ['started', 'sent', 'answered', 'paused', 'advanced', 'turned-back', 'stepped-back', 'left-undone'];
    const ends = ['attention', 'retried', 'resolved', 'completed', 'compensated'];
    const reasons = ['cancelled', 'deadline-passed', 'no-answer', 'insufficient-funds', 'rule', 'hold-not-open'];
    const attention = ['delivery', 'pending', 'cannot-undo', 'poison'].map((mark) => `attention: ${mark}`);
    const answers = ['do: applied', 'do: rejected', 'do: pending', 'do: too_late', 'do: unknown'];
    const undos = ['undo: applied', 'undo: cannot_compensate', 'undo: unknown'];
    const ignored = ['already-final', 'stale-reply', 'past-no-return'].map((code) => `ignored: ${code}`);
    const expected = [...events, ...ends, ...reasons.map((code) => `turned back: ${code}`), ...attention];
    for (const what of [...expected, ...answers, ...undos, ...ignored, 'somebody was faster']) {
      expect([...counts.keys()]).toContain(what);
    }
  });

  it.each(Object.keys(SPARES))('either of two fences is enough: %s', (spare) => {
    for (let seed = 0; seed < SEEDS; seed += 1) expect(tryRun(SAGAS, seed, spare)).toBeUndefined();
  });
});
