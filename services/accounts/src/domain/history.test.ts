import { describe, expect, it } from 'vitest';
import { type HistoryFilter, type HistoryLine, isBefore, matches } from './history.ts';
import { type HistorySearch, historyFilter } from './history-filter.ts';

const LINE: HistoryLine = {
  version: 7,
  line: 1,
  journalId: 'j',
  kind: 'transfer',
  amountMinor: -1_250n,
  balanceAfterMinor: 0n,
  counterpartyIban: 'NL91ABNA0417164300',
  counterpartyName: 'Corner Shop',
  reference: 'Rent 100% March',
  bookedAtMs: Date.UTC(2026, 2, 31, 23, 59, 59, 999),
  valueDate: '2026-03-31',
  category: 'housing',
};

describe('matches', () => {
  it.each<[HistoryFilter, boolean]>([
    [{}, true],
    [{ from: '2026-03-31' }, true],
    [{ from: '2026-04-01' }, false],
    [{ to: '2026-03-31' }, true],
    [{ to: '2026-03-30' }, false],
    [{ direction: 'out' }, true],
    [{ direction: 'in' }, false],
    [{ minMinor: 1_250n }, true],
    [{ minMinor: 1_251n }, false],
    [{ maxMinor: 1_250n }, true],
    [{ maxMinor: 1_249n }, false],
    [{ category: 'housing' }, true],
    [{ category: 'other' }, false],
    [{ text: 'rent 100%' }, true],
    [{ text: 'CORNER' }, true],
    [{ text: 'abna' }, true],
    [{ text: 'rent_100' }, false],
    [{ text: 'rent', direction: 'in' }, false],
  ])('%o is %s', (filter, expected) => {
    expect(matches(LINE, filter)).toBe(expected);
  });

  it('does not fall over a counterparty without a name', () => {
    expect(matches({ ...LINE, counterpartyName: null, counterpartyIban: null }, { text: 'x' })).toBe(false);
  });
});

it.each([
  [7, 2, true],
  [7, 1, false],
  [8, 0, true],
  [6, 9, false],
])('version 7 line 1 before %i.%i is %s', (version, line, expected) => {
  expect(isBefore(LINE, { version, line })).toBe(expected);
});

describe('historyFilter', () => {
  it.each<[HistorySearch, string, string]>([
    [{ from: '2026-02-30' }, 'EUR', 'invalid-date'],
    [{ to: '2026-13-01' }, 'EUR', 'invalid-date'],
    [{ from: '0000-01-01' }, 'EUR', 'invalid-date'],
    [{ minAmount: '-5' }, 'EUR', 'invalid-amount'],
    [{ minAmount: '1e3' }, 'EUR', 'invalid-amount'],
    [{ maxAmount: '10.5' }, 'JPY', 'invalid-amount'],
    [{ maxAmount: '0.0001' }, 'KWD', 'invalid-amount'],
  ])('refuses %o in %s', (search, currency, code) => {
    expect(historyFilter(search, currency)).toMatchObject({ ok: false, failure: { code } });
  });

  it('reads amounts in the currency of the account', () => {
    expect(historyFilter({ minAmount: '0', maxAmount: '1.250' }, 'KWD')).toEqual({
      ok: true,
      value: { minMinor: 0n, maxMinor: 1_250n },
    });
    expect(historyFilter({ from: '2024-02-29', q: 'a', direction: 'in' }, 'EUR')).toEqual({
      ok: true,
      value: { from: '2024-02-29', text: 'a', direction: 'in' },
    });
  });
});
