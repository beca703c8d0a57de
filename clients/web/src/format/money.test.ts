import { describe, expect, it } from 'vitest';
import { formatIban, formatMoney, magnitude, readTypedAmount, signOf } from './money.ts';

describe('formatMoney', () => {
  it.each([
    ['1250.00', 'EUR', '€1,250.00'],
    ['-0.05', 'EUR', '-€0.05'],
    ['1234', 'JPY', '¥1,234'],
    ['1.500', 'KWD', 'KWD\u00a01.500'],
    // Beyond 2^53 a double would print 9,999,999,999,999,998.
    ['9999999999999999.99', 'EUR', '€9,999,999,999,999,999.99'],
  ])('%s %s is %s', (amount, currency, text) => {
    expect(formatMoney({ amount, currency }, 'en')).toBe(text);
  });

  it('shows a plus on what came in when asked, and none on zero', () => {
    expect(formatMoney({ amount: '5.00', currency: 'EUR' }, 'en', 'always')).toBe('+€5.00');
    expect(formatMoney({ amount: '0.00', currency: 'EUR' }, 'en', 'always')).toBe('€0.00');
  });
});

describe('readTypedAmount', () => {
  it.each([
    ['12.5', 2, '12.50'],
    ['12,50', 2, '12.50'],
    ['1,250.5', 2, '1250.50'],
    ['1.250,50', 2, '1250.50'],
    ["1'250.50", 2, '1250.50'],
    ['1 250', 2, '1250.00'],
    ['007', 2, '7.00'],
    ['0.5', 2, '0.50'],
    ['1250', 0, '1250'],
    ['1.250', 3, '1.250'],
    ['999999999999999.99', 2, '999999999999999.99'],
  ])('%s with %i digits is %s', (text, digits, amount) => {
    expect(readTypedAmount(text, digits)).toBe(amount);
  });

  it.each([
    ['', 2],
    ['-5', 2],
    ['1e3', 2],
    ['12.345', 2],
    ['1.250', 2],
    ['12.5', 0],
    ['.', 2],
    ['1,,2', 2],
    ['12,34,56', 2],
    ['١٢', 2],
    ['0x10', 2],
  ])('%s with %i digits is no amount', (text, digits) => {
    expect(readTypedAmount(text, digits)).toBeUndefined();
  });
});

it('tells in from out by the text', () => {
  expect(signOf({ amount: '-0.01', currency: 'EUR' })).toBe('out');
  expect(signOf({ amount: '0.00', currency: 'EUR' })).toBe('none');
  expect(signOf({ amount: '900719925474099301.00', currency: 'EUR' })).toBe('in');
  expect(magnitude({ amount: '-3.20', currency: 'EUR' })).toEqual({ amount: '3.20', currency: 'EUR' });
});

it('groups an IBAN by four', () => {
  expect(formatIban('NL91ABNA0417164300')).toBe('NL91 ABNA 0417 1643 00');
});
