import { describe, expect, it } from 'vitest';
import { countExempted, type Exempted, NOTHING_EXEMPTED, needOf, type PayeeStanding } from './payment-risk.ts';

const need = (payee: PayeeStanding, amountMinor: bigint, currency = 'EUR', exempted: Exempted = NOTHING_EXEMPTED) =>
  needOf({ payee, amountMinor, currency, exempted });

describe('the risk table', () => {
  it.each<[PayeeStanding, bigint, string, string]>([
    ['own', 1n, 'EUR', 'none'],
    ['own', 10n ** 15n, 'EUR', 'none'],
    ['own', 1n, 'XAF', 'none'],
    ['trusted', 1_000_00n, 'EUR', 'none'],
    ['trusted', 1_000_01n, 'EUR', 'confirm'],
    ['trusted', 1n, 'XAF', 'confirm'],
    ['new', 30_00n, 'EUR', 'exempt'],
    ['new', 30_01n, 'EUR', 'confirm'],
    ['new', 4_000n, 'JPY', 'exempt'],
    ['new', 4_001n, 'JPY', 'confirm'],
    ['new', 9_000n, 'KWD', 'exempt'],
    ['new', 1n, 'XAF', 'confirm'],
  ])('a payment to %s of %s %s: %s', (payee, amountMinor, currency, wanted) => {
    expect(need(payee, amountMinor, currency)).toBe(wanted);
  });

  it('exempts five in a row, and not the sixth, whatever the amount', () => {
    expect(need('new', 1n, 'EUR', { inARow: 4, totalMinor: 4n })).toBe('exempt');
    expect(need('new', 1n, 'EUR', { inARow: 5, totalMinor: 5n })).toBe('confirm');
  });

  it('exempts up to a hundred in all, and not a cent more', () => {
    expect(need('new', 10_00n, 'EUR', { inARow: 3, totalMinor: 90_00n })).toBe('exempt');
    expect(need('new', 10_01n, 'EUR', { inARow: 3, totalMinor: 90_00n })).toBe('confirm');
  });

  it('asks nothing more of who pays themselves or a trusted payee, whatever was exempt before', () => {
    const spent = { inARow: 5, totalMinor: 100_00n };
    expect(need('own', 30_00n, 'EUR', spent)).toBe('none');
    expect(need('trusted', 30_00n, 'EUR', spent)).toBe('none');
  });

  it('counts what it exempts', () => {
    expect(countExempted({ inARow: 2, totalMinor: 5n }, 7n)).toEqual({ inARow: 3, totalMinor: 12n });
  });
});
