import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURRENCIES } from './currency.ts';
import { AMOUNT_MINOR_MAX, formatMoney, parseMoney, parseSignedMoney } from './money.ts';

function minorOf(amount: string, currency = 'EUR'): bigint | string {
  const parsed = parseMoney({ amount, currency });
  return parsed.ok ? parsed.value.amountMinor : parsed.failure.code;
}

function signedMinorOf(amount: string, currency = 'EUR'): bigint | string {
  const parsed = parseSignedMoney({ amount, currency });
  return parsed.ok ? parsed.value.amountMinor : parsed.failure.code;
}

const currencies = fc.constantFrom(...CURRENCIES.values());
const minors = fc.bigInt({ min: 1n, max: AMOUNT_MINOR_MAX });

describe('the currency table', () => {
  it('holds the 165 live codes that have a minor unit, with the exponents of ISO 4217', () => {
    const withExponent = (exponent: number) =>
      [...CURRENCIES.values()].filter((one) => one.exponent === exponent).map((one) => one.code);
    expect(CURRENCIES.size).toBe(165);
    expect(withExponent(0).join(' ')).toBe('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF');
    expect(withExponent(3).join(' ')).toBe('BHD IQD JOD KWD LYD OMR TND');
    expect(withExponent(4).join(' ')).toBe('CLF UYW');
    expect(withExponent(2)).toHaveLength(165 - 17 - 7 - 2);
  });

  it('names every currency', () => {
    for (const { code, name } of CURRENCIES.values()) {
      expect(code).toMatch(/^[A-Z]{3}$/);
      expect(name).toMatch(/^[A-Z][A-Za-z' ()]+$/);
    }
  });

  it.each(['XAU', 'XAG', 'XPT', 'XPD', 'XDR', 'XUA', 'XSU', 'XBA', 'XBB', 'XBC', 'XBD', 'XTS', 'XXX'])(
    'refuses %s: it has no minor unit',
    (currency) => expect(minorOf('1', currency)).toBe('unknown-currency'),
  );

  it.each(['HRK', 'BGN', 'ANG', 'eur', 'EU', 'EURO', '', 'ZZZ', 'constructor', '__proto__', ' EUR'])(
    'refuses %j: withdrawn, or no code at all',
    (currency) => expect(minorOf('1', currency)).toBe('unknown-currency'),
  );
});

describe('parseMoney', () => {
  it.each([
    ['125.50', 'EUR', 12550n],
    ['125.5', 'EUR', 12550n],
    ['125', 'EUR', 12500n],
    ['0.01', 'EUR', 1n],
    ['123.45', 'USD', 12345n],
    ['0.450', 'KWD', 450n],
    ['1.0001', 'CLF', 10001n],
    ['123', 'JPY', 123n],
    ['10000000000000.00', 'EUR', AMOUNT_MINOR_MAX],
    ['1000000000000000', 'JPY', AMOUNT_MINOR_MAX],
  ])('reads %s %s', (amount, currency, minor) => expect(minorOf(amount, currency)).toBe(minor));

  it.each([
    '-5',
    '+5',
    '0',
    '0.00',
    '1e3',
    '1E3',
    '',
    ' ',
    '1 ',
    ' 1',
    '1,5',
    '.5',
    '5.',
    '.',
    '1..0',
    '1.0.0',
    '01',
    '00',
    '00.10',
    '0x10',
    'NaN',
    'Infinity',
    '1_000',
    '\uff11',
    '\u0661',
    '1\u0000',
    '1\n',
    '-',
    '--1',
    '0.001',
    '1.000',
    '10000000000000.01',
    '99999999999999999999999999999999',
    '1000000000000000',
    '-0',
    '1n',
    '\u2212' + '1',
  ])('refuses %j in euro', (amount) => expect(minorOf(amount)).toBe('invalid-amount'));

  it('refuses digits the currency does not have, and never truncates them', () => {
    expect(minorOf('10.5', 'JPY')).toBe('invalid-amount');
    expect(minorOf('10.0', 'JPY')).toBe('invalid-amount');
    expect(minorOf('1.0001', 'KWD')).toBe('invalid-amount');
  });

  it('does not repeat what was sent', () => {
    const parsed = parseMoney({ amount: '4242424242424242e', currency: 'EUR' });
    expect(JSON.stringify(parsed)).not.toContain('4242');
  });

  it('accepts exactly what the grammar says, for any text', () => {
    const almost = fc.stringMatching(/^[0-9.\-+e ]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(almost, fc.string()), (amount) => {
        const matches = /^(0|[1-9]\d*)(\.\d{1,2})?$/.test(amount);
        const [whole = '', digits = ''] = amount.split('.');
        const expected = matches ? BigInt(whole + digits.padEnd(2, '0')) : 0n;
        const accepted = expected > 0n && expected <= AMOUNT_MINOR_MAX;
        expect(minorOf(amount)).toBe(accepted ? expected : 'invalid-amount');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('parseSignedMoney', () => {
  it('reads zero and both signs, within the same limits', () => {
    expect(signedMinorOf('-125.50')).toBe(-12550n);
    expect(signedMinorOf('0.00')).toBe(0n);
    expect(signedMinorOf('7')).toBe(700n);
    expect(signedMinorOf('-10000000000000.00')).toBe(-AMOUNT_MINOR_MAX);
  });

  it.each(['-', '--1', '-0', '-0.00', '+1', '-01', '-.5', '-10000000000000.01', '- 1', '1-'])('refuses %j', (amount) =>
    expect(signedMinorOf(amount)).toBe('invalid-amount'),
  );
});

describe('formatMoney', () => {
  it.each([
    [12550n, 'EUR', '125.50'],
    [5n, 'EUR', '0.05'],
    [-5n, 'EUR', '-0.05'],
    [0n, 'EUR', '0.00'],
    [-12550n, 'EUR', '-125.50'],
    [123n, 'JPY', '123'],
    [-123n, 'JPY', '-123'],
    [450n, 'KWD', '0.450'],
    [1n, 'CLF', '0.0001'],
    [9_223_372_036_854_775_807n, 'EUR', '92233720368547758.07'],
  ])('writes %s %s as %s', (minor, currency, amount) =>
    expect(formatMoney(minor, currency)).toEqual({ amount, currency }),
  );

  it('is undone by parsing, for every currency', () => {
    fc.assert(
      fc.property(currencies, minors, fc.boolean(), ({ code, exponent }, minor, isNegative) => {
        const signed = isNegative ? -minor : minor;
        const wire = formatMoney(signed, code);
        expect(wire.amount.split('.')[1]?.length ?? 0).toBe(exponent);
        expect(parseSignedMoney(wire)).toEqual({ ok: true, value: { amountMinor: signed, currency: code } });
        expect(parseMoney(wire).ok).toBe(!isNegative);
      }),
    );
  });

  it('stops at a currency nothing could have booked', () => {
    expect(() => formatMoney(1n, 'XXX')).toThrow('unknown currency');
  });
});
