import { type FakeClock, fakeClock } from '@florin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trialBalance } from '../repositories/system-accounts.ts';
import { ModelRun } from '../testing/model-run.ts';
import { rounds } from '../testing/random-commands.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { reconcile } from './reconcile.ts';

/** More by hand: FLORIN_PROPERTY_RUNS=5000. A failure prints its seed, which FLORIN_PROPERTY_SEED runs again. */
const RUNS = Number(process.env['FLORIN_PROPERTY_RUNS'] ?? 150);
const SEED = process.env['FLORIN_PROPERTY_SEED'];
/** A busy machine does fewer runs rather than a longer test; runs asked for by hand are all done. */
const TIME_MAX_MS = process.env['FLORIN_PROPERTY_RUNS'] === undefined ? 15_000 : 3_600_000;

const START_MS = Date.parse('2026-03-10T06:00:00Z');
const clock: FakeClock = fakeClock(START_MS);
let banks: readonly TestLedger[];

beforeAll(async () => {
  banks = await Promise.all([1, 2, 3].map((writers) => openTestLedger({ writers, now: clock })));
});
afterAll(() => Promise.all(banks.map((bank) => bank.close())));

it(
  'answers and books whatever comes as a plain model does, however it is batched',
  async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 2 }), rounds, async (index, history) => {
        const bank = banks[index];
        if (bank === undefined) return;
        runs += 1;
        const run = new ModelRun(bank, clock);
        await run.open();
        for (const round of history) {
          const { actual, expected } = await run.play(round);
          expect(actual).toEqual(expected);
        }
        const { actual, expected } = await run.compare();
        expect(actual).toEqual(expected);
        expect(run.model.totalMinor()).toBe(0n);
      }),
      {
        numRuns: RUNS,
        ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        interruptAfterTimeLimit: TIME_MAX_MS,
      },
    );
    expect(runs).toBeGreaterThan(10);
    for (const bank of banks) {
      const proof = await reconcile({ db: bank.database.database, clock }, 'full');
      expect(proof.findings).toEqual([]);
      const total = (await trialBalance(bank.database.database)).reduce((sum, line) => sum + line.posted, 0n);
      expect(total).toBe(0n);
    }
  },
  TIME_MAX_MS + 45_000,
);
