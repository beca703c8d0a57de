import { expect, test } from 'vitest';
import { isConsented } from './consented-payment.ts';

const consented = { toIban: 'NL91ABNA0417164300', amount: { amount: '12.5', currency: 'EUR' } };
const wanted = { fromAccountId: 'a', toIban: 'nl91 abna 0417 1643 00', amount: { amount: '12.50', currency: 'EUR' } };

test('a payment is the one that was allowed, however it is written', () => {
  expect(isConsented(wanted, consented)).toBe(true);
  expect(isConsented(wanted, { ...consented, fromAccountId: 'a' })).toBe(true);
});

test('another payee, amount, currency or account is not', () => {
  expect(isConsented({ ...wanted, toIban: 'DE89370400440532013000' }, consented)).toBe(false);
  expect(isConsented({ ...wanted, amount: { amount: '12.51', currency: 'EUR' } }, consented)).toBe(false);
  expect(isConsented({ ...wanted, amount: { amount: '12.50', currency: 'USD' } }, consented)).toBe(false);
  expect(isConsented(wanted, { ...consented, fromAccountId: 'b' })).toBe(false);
  expect(isConsented({ fromAccountId: 'a', amount: wanted.amount }, consented)).toBe(false);
  expect(isConsented({ ...wanted, amount: { amount: 'much', currency: 'EUR' } }, consented)).toBe(false);
});
