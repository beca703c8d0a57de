import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isValidIban, makeIban, normaliseIban } from './iban.ts';

describe('isValidIban', () => {
  it.each([
    'GB82WEST12345698765432',
    'GB29NWBK60161331926819',
    'DE89370400440532013000',
    'FR1420041010050500013M02606',
    'NL91ABNA0417164300',
    'BE68539007547034',
    'NO9386011117947',
    'BH67BMAG00001299123456',
    'KW81CBKU0000000000001234560101',
    'MT84MALT011000012345MTLCAST001S',
  ])('accepts %s', (iban) => expect(isValidIban(iban)).toBe(true));

  it.each([
    'GB82WEST12345698765433',
    'GB28WEST12345698765432',
    'NL91ABNA041716430',
    'NL91ABNA04171643000',
    'RF18539007547034',
    'nl91abna0417164300',
    'NL91 ABNA 0417 1643 00',
    'ZZ91ABNA0417164300',
    'NL91ABNA04171643\uff10\uff10',
    '',
  ])('refuses %j', (iban) => expect(isValidIban(iban)).toBe(false));

  it.each([
    ['97', '00'],
    ['98', '01'],
    ['02', '99'],
  ])('refuses check digits that leave the same remainder as %s but are never issued: %s', (issued, never) => {
    const serials = Array.from({ length: 2_000 }, (_, serial) => serial);
    const iban = serials.map((serial) => makeIban('NL', 'FLRN', 0, serial)).find((one) => one.slice(2, 4) === issued);
    expect(isValidIban(iban ?? '')).toBe(true);
    expect(isValidIban(`NL${never}${iban?.slice(4)}`)).toBe(false);
  });
});

describe('makeIban', () => {
  it('puts the bucket and the serial where they can be read', () => {
    expect(makeIban('NL', 'FLRN', 7, 42).slice(4)).toBe('FLRN0070000042');
  });

  it('makes valid IBANs, and one wrong digit or two swapped ones make them invalid', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(9_999_999), fc.integer({ min: 8, max: 16 }), (bucket, serial, at) => {
        const iban = makeIban('NL', 'FLRN', bucket, serial);
        expect(isValidIban(iban)).toBe(true);
        const digit = Number(iban[at]);
        const wrong = iban.slice(0, at) + String((digit + 1) % 10) + iban.slice(at + 1);
        expect(isValidIban(wrong)).toBe(false);
        const swapped = iban.slice(0, at) + (iban[at + 1] ?? '') + (iban[at] ?? '') + iban.slice(at + 2);
        expect(isValidIban(swapped)).toBe(iban[at] === iban[at + 1]);
      }),
    );
  });

  it.each([
    [-1, 0],
    [256, 0],
    [0.5, 0],
    [0, -1],
    [0, 10_000_000],
  ])('stops at bucket %s, serial %s', (bucket, serial) =>
    expect(() => makeIban('NL', 'FLRN', bucket, serial)).toThrow('outside'),
  );
});

describe('normaliseIban', () => {
  it('takes what people type', () => {
    expect(normaliseIban(' nl91 abna 0417 1643 00 ')).toBe('NL91ABNA0417164300');
  });
});
