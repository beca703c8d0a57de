import { newId } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;
let alice: string;
let bob: string;
let before: bigint;

beforeAll(async () => {
  bank = await startTestService();
  alice = await bank.open('alice', '100.00');
  bob = await bank.open('bob', '5.00');
});
afterAll(() => bank.close());
beforeEach(async () => {
  before = await bank.journalCount();
});

/** Nothing was booked, and the two accounts are as they were. */
async function expectNothingMoved(): Promise<void> {
  expect(await bank.journalCount()).toBe(before);
  expect([await bank.moneyOf(alice), await bank.moneyOf(bob)]).toEqual(['10000 0', '500 0']);
}

const EUR = (amount: unknown) => ({ amount, currency: 'EUR' });

const AMOUNTS: [unknown, string][] = [
  [EUR('-5'), 'invalid-amount'],
  [EUR('-0.01'), 'invalid-amount'],
  [EUR('+5'), 'invalid-amount'],
  [EUR('0'), 'invalid-amount'],
  [EUR('0.00'), 'invalid-amount'],
  [EUR('1e3'), 'invalid-amount'],
  [EUR('0.001'), 'invalid-amount'],
  [EUR('5.000'), 'invalid-amount'],
  [{ amount: '10.5', currency: 'JPY' }, 'invalid-amount'],
  [{ amount: '10.0', currency: 'JPY' }, 'invalid-amount'],
  [{ amount: '1.0001', currency: 'KWD' }, 'invalid-amount'],
  [EUR('100000000000000.00'), 'invalid-amount'],
  [EUR('10000000000000.01'), 'invalid-amount'],
  [{ amount: '10000000000000000', currency: 'JPY' }, 'invalid-amount'],
  [EUR('\uff11\uff12.00'), 'invalid-amount'],
  [EUR('\u0661'), 'invalid-amount'],
  [EUR(' 1'), 'invalid-amount'],
  [EUR('1 '), 'invalid-amount'],
  [EUR('1\n'), 'invalid-amount'],
  [EUR('01.00'), 'invalid-amount'],
  [EUR('1.'), 'invalid-amount'],
  [EUR('.5'), 'invalid-amount'],
  [EUR('1.0.0'), 'invalid-amount'],
  [EUR('1,50'), 'invalid-amount'],
  [EUR(''), 'invalid-amount'],
  [EUR('0x10'), 'invalid-amount'],
  [EUR('NaN'), 'invalid-amount'],
  [EUR('Infinity'), 'invalid-amount'],
  [EUR('1'.repeat(25)), 'invalid-request'],
  [EUR(5), 'invalid-request'],
  [EUR(0.1), 'invalid-request'],
  [EUR(null), 'invalid-request'],
  [EUR(['1.00']), 'invalid-request'],
  [EUR({}), 'invalid-request'],
  [{ amount: '1.00' }, 'invalid-request'],
  [{ currency: 'EUR' }, 'invalid-request'],
  [{ amount: '1.00', currency: 'EUR', scale: 2 }, 'invalid-request'],
  [{ amount: '1.00', currency: 'eur' }, 'invalid-request'],
  [{ amount: '1.00', currency: 'EURO' }, 'invalid-request'],
  [{ amount: '1.00', currency: 'ZZZ' }, 'unknown-currency'],
  [{ amount: '1.00', currency: 'XXX' }, 'unknown-currency'],
  [{ amount: '1.00', currency: 'XAU' }, 'unknown-currency'],
  [5, 'invalid-request'],
  [null, 'invalid-request'],
];

describe('a bad amount is refused with 400', () => {
  it.each(AMOUNTS)('%j: %s', async (amount, code) => {
    const answer = await bank.transfer('alice', alice, bob, amount);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    await expectNothingMoved();
  });

  it.each(AMOUNTS)('%j: %s, at the counter too', async (amount, code) => {
    for (const path of ['/v1/deposits', '/v1/withdrawals']) {
      const answer = await bank.call('tessa', 'POST', path, { body: { accountId: bob, amount } });
      expect([answer.status, answer.body.code]).toEqual([400, code]);
    }
    await expectNothingMoved();
  });

  it('and its key may be used for the amount that was meant', async () => {
    const key = newId(0);
    expect((await bank.transfer('alice', alice, bob, '0', { key })).status).toBe(400);
    const answer = await bank.transfer('alice', alice, bob, '1000.00', { key });
    expect([answer.status, answer.body.code]).toEqual([422, 'insufficient-funds']);
  });
});

const SHAPES: [string, object][] = [
  ['an unknown field', { note: 'x' }],
  ['a field of the answer', { status: 'completed' }],
  ['somebody to act for', { actor: 'bob' }],
  ['a key of a batch', { key: 'x' }],
  ['a prototype', JSON.parse('{"__proto__":{"isAdmin":true}}')],
  ['a constructor', JSON.parse('{"constructor":{"prototype":{"x":1}}}')],
  ['an account that is a list', { fromAccountId: [] }],
  ['an account in upper case', { fromAccountId: '0190B0A8-1234-7ABC-8DEF-0123456789AB' }],
  ['an account in braces', { fromAccountId: '{0190b0a8-1234-7abc-8def-0123456789ab}' }],
  ['no account', { fromAccountId: undefined }],
  ['a reference that is a number', { reference: 5 }],
  ['a reference that is too long', { reference: 'x'.repeat(141) }],
  ['an end of line in the reference', { reference: 'rent\nmarch' }],
  ['a NUL in the reference', { reference: 'a\u0000b' }],
  ['a delete in the reference', { reference: 'a\u007fb' }],
  ['a C1 control in the reference', { reference: 'a\u0085b' }],
  ['a line separator in the reference', { reference: 'a\u2028b' }],
];

describe('a bad shape is refused with 400', () => {
  it.each(SHAPES)('%s', async (_, fields) => {
    const answer = await bank.transfer('alice', alice, bob, '1.00', { fields });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
    expect(answer.body.errors).toHaveLength(1);
    await expectNothingMoved();
  });

  it.each([
    ['no payee', {}],
    ['two payees', { toAccountId: newId(0), toIban: 'NL91ABNA0417164300' }],
    ['an IBAN with a wrong check digit', { toIban: 'NL92ABNA0417164300' }],
    ['an IBAN of no country', { toIban: 'ZZ91ABNA0417164300' }],
  ])('%s', async (_, payee) => {
    const body = { fromAccountId: alice, amount: EUR('1.00'), ...payee };
    const answer = await bank.call('alice', 'POST', '/v1/transfers', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-payee']);
    await expectNothingMoved();
  });

  it.each([
    ['', 'malformed-json'],
    ['{', 'malformed-json'],
    ['{"fromAccountId":}', 'malformed-json'],
    ['\u0000', 'malformed-json'],
    ['null', 'invalid-request'],
    ['[]', 'invalid-request'],
    ['"text"', 'invalid-request'],
    ['{"a":1,"a":2}', 'invalid-request'],
    ['['.repeat(10_000), 'malformed-json'],
  ])('the body %#', async (body, code) => {
    const answer = await bank.call('alice', 'POST', '/v1/transfers', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, answer.body.code]).toEqual([400, code]);
  });

  it('an amount given twice does not count as either', async () => {
    const body = `{"fromAccountId":"${alice}","toAccountId":"${bob}","amount":{"amount":"1.00","amount":"9.00","currency":"EUR"}}`;
    const answer = await bank.call('alice', 'POST', '/v1/transfers', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
    await expectNothingMoved();
  });

  it('a body of 2 MB is 413, for batches too', async () => {
    const reference = 'x'.repeat(2 * 1024 * 1024);
    for (const path of ['/v1/transfers', '/v1/transfer-batches', '/v1/deposits']) {
      const answer = await bank.call(path === '/v1/deposits' ? 'tessa' : 'alice', 'POST', path, {
        body: { reference },
      });
      expect([answer.status, answer.body.code]).toEqual([413, 'body-too-large']);
    }
  });

  it('text that is long, strange and allowed comes back as it was sent', async () => {
    const reference = `Grüße 😀 ${'é'.repeat(130)}`;
    const answer = await bank.transfer('alice', alice, bob, '1000.00', { fields: { reference } });
    expect(answer.body.code).toBe('insufficient-funds');
    const { body } = await bank.call('tessa', 'POST', '/v1/deposits', {
      body: { accountId: await bank.open('bob'), amount: EUR('1.00'), reference },
    });
    expect(body['reference']).toBe(reference);
  });
});

describe('a bad key', () => {
  it.each([
    ['is missing', null, 'idempotency-key-missing'],
    ['is empty', '', 'idempotency-key-invalid'],
    ['is too long', 'k'.repeat(256), 'idempotency-key-invalid'],
    ['is not ASCII', 'clé', 'idempotency-key-invalid'],
    ['holds a tab', 'a\tb', 'idempotency-key-invalid'],
  ])('that %s is 400', async (_, key, code) => {
    const transfer = await bank.transfer('alice', alice, bob, '1.00', { key });
    expect([transfer.status, transfer.body.code]).toEqual([400, code]);
    for (const path of ['/v1/deposits', '/v1/withdrawals']) {
      const cash = await bank.call('tessa', 'POST', path, { body: { accountId: bob, amount: EUR('1.00') }, key });
      expect([cash.status, cash.body.code]).toEqual([400, code]);
    }
    const reversal = await bank.call('sam', 'POST', `/v1/transfers/${newId(0)}/reversal`, {
      body: { reason: 'why' },
      key,
    });
    expect([reversal.status, reversal.body.code]).toEqual([400, code]);
    await expectNothingMoved();
  });
});
