import { expect, it } from 'vitest';
import { NAMES, peerOf, ROWS, rowsOf } from './rows.ts';

it.each([
  ['gateway-single', ['pgbench-tpcb 128', 'gateway-single 128', 'pgbench-tpcb 32', 'gateway-single 32']],
  ['ledger-batch', ['pgbench-tpcb 128', 'ledger-batch 128']],
  ['balance-read', ['hello 128', 'balance-read 128']],
  ['hello', ['hello 128']],
  ['nothing', []],
])('%s brings its yardsticks', (name, expected) => {
  expect(rowsOf(name).map((row) => `${row.name} ${row.clients}`)).toEqual(expected);
});

it('every row has its yardstick in the table', () => {
  for (const row of ROWS) expect(peerOf(row) !== undefined).toBe(row.peer !== undefined);
});

it('every name measures something', () => {
  for (const name of NAMES) expect(rowsOf(name)).not.toEqual([]);
});
