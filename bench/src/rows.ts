/** A line of the table: what is measured, with how many clients, and against what. */
export interface Row {
  readonly name: 'pgbench-tpcb' | 'ledger-batch' | 'gateway-single' | 'balance-read' | 'hello';
  readonly clients: number;
  readonly counts: string;
  /** The yardstick of the row, measured in the same run with as many clients, and the ratio it should reach. */
  readonly peer?: { readonly name: Row['name']; readonly goal: number };
}

const TPCB = 'TPC-B transactions';
const TRANSFERS = 'transfers';

export const ROWS: readonly Row[] = [
  { name: 'pgbench-tpcb', clients: 128, counts: TPCB },
  { name: 'gateway-single', clients: 128, counts: TRANSFERS, peer: { name: 'pgbench-tpcb', goal: 1.5 } },
  { name: 'pgbench-tpcb', clients: 32, counts: TPCB },
  { name: 'gateway-single', clients: 32, counts: TRANSFERS, peer: { name: 'pgbench-tpcb', goal: 1 } },
  // After the single transfers: what it leaves for the autovacuum would be measured with them.
  { name: 'ledger-batch', clients: 128, counts: TRANSFERS, peer: { name: 'pgbench-tpcb', goal: 4 } },
  { name: 'hello', clients: 128, counts: 'answers' },
  { name: 'balance-read', clients: 128, counts: 'balances', peer: { name: 'hello', goal: 0.5 } },
];

/** Names for more than one row. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  transfers: ['ledger-batch', 'gateway-single'],
  all: ROWS.map((row) => row.name),
};

export const NAMES = [...new Set([...ROWS.map((row) => row.name), ...Object.keys(GROUPS)])];

/** The rows of a name with the yardsticks they need, in the order they are measured; none for a name unknown. */
export function rowsOf(name: string): Row[] {
  const wanted = ROWS.filter((row) => (GROUPS[name] ?? [name]).includes(row.name));
  return ROWS.filter((row) => wanted.includes(row) || wanted.some((other) => peerOf(other) === row));
}

/** The row a row is measured against. */
export function peerOf(row: Row): Row | undefined {
  return ROWS.find((other) => other.name === row.peer?.name && other.clients === row.clients);
}
