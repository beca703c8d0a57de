import { makeIban } from '@florin/money';
import { expect, it } from 'vitest';
import { isIbanOfBank, readIban } from './payee.ts';

it('reads an IBAN as people write it', () => {
  expect(readIban('nl91 abna 0417 1643 00')).toEqual({ ok: true, value: 'NL91ABNA0417164300' });
  expect(readIban('NL91ABNA0417164301')).toMatchObject({ ok: false, failure: { code: 'invalid-payee' } });
});

it.each([
  ['one of ours', makeIban('NL', 'FLRN', 12, 345), true],
  ['another bank of the country', 'NL91ABNA0417164300', false],
  ['a bank abroad', 'DE89370400440532013000', false],
  ['a bank abroad whose code begins like ours', 'GB82FLRN12345698765432', false],
])('knows %s', (_, iban, isOurs) => {
  expect(isIbanOfBank(iban, 'FLRN')).toBe(isOurs);
});
