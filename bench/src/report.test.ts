import { expect, it } from 'vitest';
import { resultTable } from './report.ts';
import { summarise } from './rounds.ts';
import { rowsOf } from './rows.ts';
import type { Sample } from './sample.ts';

function samples(...rates: number[]): Sample[] {
  return rates.map((rate) => ({ rate, p50Ms: 1, p95Ms: 2, p99Ms: 3, refusals: [] }));
}

const rows = rowsOf('ledger-batch');
const [pgbench, batch] = rows;
if (!pgbench || !batch) throw new Error('the rows of ledger-batch are two');

it('compares the medians of one run with the goal', () => {
  const results = summarise(
    rows,
    new Map([
      [pgbench, samples(900, 1000, 5000)],
      [batch, samples(3500, 3000, 100)],
    ]),
    new Map(),
  );
  expect(resultTable(results).split('\n').at(-1)).toBe(
    '| ledger-batch | 128 | 3,000 | transfers | 1.0 / 2.0 / 3.0 | 3.00x pgbench-tpcb | 4.0x | below the goal |',
  );
});

it('says why there is no ratio', () => {
  const results = summarise(rows, new Map([[batch, samples(3000)]]), new Map([[pgbench, 'pgbench is not on PATH']]));
  expect(resultTable(results)).toContain('| not measured | TPC-B transactions |  |  |  | pgbench is not on PATH |');
  expect(results[1]?.ratio).toBeUndefined();
});
