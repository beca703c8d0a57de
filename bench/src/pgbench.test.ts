import { expect, it } from 'vitest';
import { parsePgbench } from './pgbench.ts';

const SUMMARY = `pgbench (18.4)
transaction type: <builtin: TPC-B (sort of)>
scaling factor: 128
number of clients: 128
number of transactions actually processed: 61143
number of failed transactions: 0 (0.000%)
latency average = 41.878 ms
initial connection time = 262.400 ms
tps = 3056.511423 (without initial connection time)
`;

it('reads rate and latency', () => {
  expect(parsePgbench(SUMMARY)).toEqual({ rate: 3056.511423, averageMs: 41.878, refusals: [] });
});

it('does not count a run with failed transactions', () => {
  const output = SUMMARY.replace('failed transactions: 0', 'failed transactions: 3');
  expect(parsePgbench(output).refusals).toEqual(['3 transactions failed']);
});

it('refuses a summary without a rate', () => {
  expect(() => parsePgbench('connection refused')).toThrow('printed no rate');
});
