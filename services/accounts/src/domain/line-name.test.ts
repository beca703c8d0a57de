import { expect, it } from 'vitest';
import type { HistoryLine } from './history.ts';
import { isNamed, readLineName, writeLineName } from './line-name.ts';

const JOURNAL = '0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee';
const LINE: HistoryLine = {
  version: 42,
  line: 0,
  journalId: JOURNAL,
  kind: 'transfer',
  amountMinor: -5n,
  balanceAfterMinor: 0n,
  counterpartyIban: null,
  counterpartyName: null,
  reference: '',
  bookedAtMs: 0,
  valueDate: '2026-01-01',
  category: 'other',
};

it.each([
  [-5n, 'debit'],
  [5n, 'credit'],
])('a line of %i reads back as what it was written as', (amountMinor, side) => {
  const line = { ...LINE, amountMinor };
  const text = writeLineName(line);
  expect(text).toBe(`${JOURNAL}:${side}:42`);
  const name = readLineName(text);
  expect(name).toEqual({ journalId: JOURNAL, side, version: 42 });
  expect(name && isNamed(line, name)).toBe(true);
});

it('fits the path of its route at the largest version', () => {
  const text = writeLineName({ ...LINE, amountMinor: 1n, version: 999_999_999_999_999 });
  expect(text.length).toBeLessThanOrEqual(60);
  expect(readLineName(text)).toMatchObject({ version: 999_999_999_999_999 });
});

it.each([
  '',
  JOURNAL,
  `${JOURNAL}:debit`,
  `${JOURNAL}:debit:`,
  `${JOURNAL}:debit:0`,
  `${JOURNAL}:debit:042`,
  `${JOURNAL}:debit:-1`,
  `${JOURNAL}:debit:1.5`,
  `${JOURNAL}:debit:1e3`,
  `${JOURNAL}:debit:9999999999999999`,
  `${JOURNAL}:debit:42:`,
  `${JOURNAL}:debit:42:1`,
  `${JOURNAL}:Debit:42`,
  `${JOURNAL.toUpperCase()}:debit:42`,
  `${JOURNAL}x:debit:42`,
  `${JOURNAL}:debit:42\n`,
  `'; DROP TABLE history; --:debit:42`,
])('%j names nothing', (text) => {
  expect(readLineName(text)).toBeUndefined();
});

it.each([{ version: 43 }, { side: 'credit' as const }, { journalId: '0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeef' }])(
  'a name with another %o means another line',
  (other) => {
    expect(isNamed(LINE, { journalId: JOURNAL, side: 'debit', version: 42, ...other })).toBe(false);
  },
);
