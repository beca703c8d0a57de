import { describe, expect, it } from 'vitest';
import { originOf, readPaymentSearch } from './payment-search.ts';

const ID = '018f0000-0000-7000-8000-00000000a11c';
const LONG = 'x'.repeat(1_000_000);

describe('readPaymentSearch', () => {
  it('takes what has the form it must have', () => {
    const search = {
      from: ID,
      payee: ID,
      toIban: 'nl91 abna 0417 1643 00',
      name: 'Bob de Vries',
      amount: '12.50',
      reference: 'Lunch',
    };
    expect(readPaymentSearch(search)).toEqual({ ...search, toIban: 'NL91ABNA0417164300' });
  });

  it.each([
    ['a list', ['12.50']],
    ['an object', { amount: '12.50' }],
    ['an object that says it is a text', { toString: () => ID }],
    ['a huge text', LONG],
    ['nothing', null],
    ['a truth', true],
    ['an empty text', ''],
    ['blanks', '   '],
    ['markup and control characters', '<b>\u0000</b>'],
    ['text that turns its direction', 'Bob\u202eseirV ed'],
    ['text over two lines', 'Bob\u2028de Vries'],
  ])('takes %s for nothing, wherever it stands', (_, value) => {
    const search = { from: value, payee: value, toIban: value, name: value, amount: value, reference: value };
    expect(readPaymentSearch(search)).toEqual({});
  });

  it('does not look at the prototype', () => {
    expect(readPaymentSearch(JSON.parse(`{"__proto__":{"from":"${ID}","amount":"1"}}`))).toEqual({});
  });

  it.each([
    [12.5, '12.5'],
    [1250, '1250'],
    [0.01, '0.01'],
    [9_999_999_999_999.99, '9999999999999.99'],
  ])('reads the number %d that the router made of a text', (amount, text) => {
    expect(readPaymentSearch({ amount })).toEqual({ amount: text });
  });

  it.each([1e21, 1e-7, -5, Number.NaN, Number.POSITIVE_INFINITY, JSON.parse('12345678901234567'), 0.1 + 0.2])(
    'takes the number %d for nothing: it is not what was written',
    (amount) => {
      expect(readPaymentSearch({ amount, reference: amount })).toEqual({});
    },
  );

  it.each(['1,250.00', '12.', '.5', '-1', '+1', '1e3', '0x10', '١٢', ' 1', '9'.repeat(25)])(
    'takes the amount %s for nothing',
    (amount) => {
      expect(readPaymentSearch({ amount })).toEqual({});
    },
  );

  it.each(['NL91', 'NL91ABNA0417164300?x=1', '../../accounts', 'DE00', '0041NL'])(
    'takes the IBAN %s for nothing',
    (toIban) => {
      expect(readPaymentSearch({ toIban })).toEqual({});
    },
  );

  it('takes texts as long as the bank does, and not longer', () => {
    expect(readPaymentSearch({ reference: 'x'.repeat(140) })).toEqual({ reference: 'x'.repeat(140) });
    expect(readPaymentSearch({ reference: 'x'.repeat(141), name: 'x'.repeat(121) })).toEqual({});
  });
});

describe('originOf', () => {
  it('is nothing for an address that fills in nothing', () => {
    expect(originOf({})).toBe('');
  });

  it('tells addresses apart, and not the order of their parts', () => {
    expect(originOf({ amount: '1', name: '2' })).toBe(originOf({ name: '2', amount: '1' }));
    expect(originOf({ amount: '1' })).not.toBe(originOf({ reference: '1' }));
  });
});
