import { describe, expect, it } from 'vitest';
import type { HistoryLine } from './history.ts';
import { endOfMonthMs, lastDay, monthOf, nextMonth, previousMonth } from './month.ts';
import { addLine, canonicalLine, closeStatement, noTotals, overAtMs, type Statement, startAfter } from './statement.ts';

const ACCOUNT = {
  id: 'a',
  iban: 'NL36FLRN0420001234',
  holderName: 'Alice',
  name: 'Everyday',
  currency: 'EUR',
  openedAtMs: Date.UTC(2026, 0, 31, 23, 59, 59, 999),
};

const LINE: HistoryLine = {
  version: 2,
  line: 0,
  journalId: 'j',
  kind: 'transfer',
  amountMinor: 100n,
  balanceAfterMinor: 100n,
  counterpartyIban: null,
  counterpartyName: 'Name "quoted"\n',
  reference: 'r',
  bookedAtMs: 0,
  valueDate: '2026-01-31',
  category: 'other',
};

describe('months', () => {
  it.each([
    ['2026-12', '2027-01', '2026-11', '2026-12-31'],
    ['2024-02', '2024-03', '2024-01', '2024-02-29'],
    ['2026-02', '2026-03', '2026-01', '2026-02-28'],
    ['1999-12', '2000-01', '1999-11', '1999-12-31'],
  ])('around %s', (month, next, previous, last) => {
    expect([nextMonth(month), previousMonth(month), lastDay(month)]).toEqual([next, previous, last]);
  });

  it('end at midnight UTC', () => {
    const end = endOfMonthMs('2026-10');
    expect([monthOf(end - 1), monthOf(end)]).toEqual(['2026-10', '2026-11']);
    expect(overAtMs('2026-10')).toBe(Date.UTC(2026, 10, 1, 0, 1));
  });
});

function closed(lines: readonly HistoryLine[], last?: Statement): Statement {
  const start = startAfter(ACCOUNT, last);
  const totals = lines.reduce(addLine, noTotals(start.openingMinor));
  const lastVersion = lines.at(-1)?.version ?? start.firstVersion - 1;
  return closeStatement(start, ACCOUNT, { ...totals, lastVersion, linesSha256: 'd' }, 7);
}

it('begins with the day of opening and then goes on, month by month', () => {
  const january = closed([LINE, { ...LINE, version: 3, amountMinor: -150n, balanceAfterMinor: -50n }]);
  expect(january).toMatchObject({
    period: '2026-01',
    sequence: 1,
    from: '2026-01-31',
    to: '2026-01-31',
    firstVersion: 1,
    lastVersion: 3,
    openingMinor: 0n,
    creditsMinor: 100n,
    debitsMinor: 150n,
    closingMinor: -50n,
    lineCount: 2,
    creditCount: 1,
  });
  const february = closed([], january);
  expect(february).toMatchObject({
    period: '2026-02',
    sequence: 2,
    from: '2026-02-01',
    to: '2026-02-28',
    firstVersion: 4,
    lastVersion: 3,
    openingMinor: -50n,
    closingMinor: -50n,
    lineCount: 0,
  });
  expect(startAfter(ACCOUNT, february)).toMatchObject({ period: '2026-03', firstVersion: 4, openingMinor: -50n });
});

it('stops at a line that does not go on from the balance before it', () => {
  expect(() => closed([LINE, { ...LINE, version: 5, balanceAfterMinor: 300n }])).toThrow('a hole before version 5');
});

it('stops at numbers that do not add up', () => {
  const totals = { ...noTotals(0n), balanceMinor: 1n, lastVersion: 3, linesSha256: 'd' };
  expect(() => closeStatement(startAfter(ACCOUNT, undefined), ACCOUNT, totals, 7)).toThrow('does not add up');
});

it('takes everything a line shows into its canonical text, unmistakably', () => {
  const texts = new Set([
    canonicalLine(LINE),
    canonicalLine({ ...LINE, version: 3 }),
    canonicalLine({ ...LINE, line: 1 }),
    canonicalLine({ ...LINE, journalId: 'k' }),
    canonicalLine({ ...LINE, kind: 'fee' }),
    canonicalLine({ ...LINE, amountMinor: 101n }),
    canonicalLine({ ...LINE, balanceAfterMinor: 101n }),
    canonicalLine({ ...LINE, counterpartyIban: 'r' }),
    canonicalLine({ ...LINE, counterpartyName: null }),
    canonicalLine({ ...LINE, counterpartyName: 'null' }),
    canonicalLine({ ...LINE, counterpartyName: 'Name "quoted"', reference: '\nr' }),
    canonicalLine({ ...LINE, reference: 'r ' }),
    canonicalLine({ ...LINE, bookedAtMs: 1 }),
    canonicalLine({ ...LINE, valueDate: '2026-02-01' }),
  ]);
  expect(texts.size).toBe(14);
  expect([...texts].every((text) => text.indexOf('\n') === text.length - 1)).toBe(true);
});
