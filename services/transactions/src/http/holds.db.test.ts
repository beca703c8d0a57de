import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemAccountId } from '../domain/system-account.ts';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

const EUR = (amount: string) => ({ amount, currency: 'EUR' });

function hold(accountId: string, amount: string, more: object = {}, key = newId(0)): Promise<Answer> {
  return bank.call('accounts', 'POST', '/internal/holds', { body: { accountId, amount: EUR(amount), ...more }, key });
}

function capture(id: string, toAccountId: string, amount?: string, key = newId(0)): Promise<Answer> {
  const body = { toAccountId, ...(amount === undefined ? {} : { amount: EUR(amount) }) };
  return bank.call('accounts', 'POST', `/internal/holds/${id}/capture`, { body, key });
}

function release(id: string, key = newId(0)): Promise<Answer> {
  return bank.call('accounts', 'POST', `/internal/holds/${id}/void`, { key });
}

function codeOf(answer: Answer): string {
  return `${answer.status} ${answer.body.code ?? answer.body.status}`;
}

describe('a hold', () => {
  it('sets money aside, is captured in part, and gives the rest back', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const key = newId(0);
    const made = await hold(from, '8.00', { reference: 'hotel' }, key);
    expect(codeOf(made)).toBe('201 open');
    expect((await hold(from, '8.00', { reference: 'hotel' }, key)).text).toBe(made.text);
    expect(await bank.moneyOf(from)).toBe('1000 800');
    expect(codeOf(await bank.transfer('alice', from, to, '2.01'))).toBe('422 insufficient-funds');
    expect(codeOf(await hold(from, '2.01'))).toBe('422 insufficient-funds');
    expect(codeOf(await capture(made.body.id, to, '8.01'))).toBe('422 capture-exceeds-hold');
    const taken = await capture(made.body.id, to, '5.00');
    expect(codeOf(taken)).toBe('201 captured');
    expect(taken.body['captured']).toEqual(EUR('5.00'));
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['500 0', '500 0']);
    expect(codeOf(await capture(made.body.id, to))).toBe('409 hold-not-open');
    expect(codeOf(await release(made.body.id))).toBe('409 hold-not-open');
  });

  it('is voided once', async () => {
    const from = await bank.open('alice', '10.00');
    const { body } = await hold(from, '8.00');
    const key = newId(0);
    const answer = await release(body.id, key);
    expect(codeOf(answer)).toBe('200 voided');
    expect((await release(body.id, key)).text).toBe(answer.text);
    expect(codeOf(await release(body.id))).toBe('409 hold-not-open');
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('is captured by the bank, in its own currency and to an account it has', async () => {
    const from = await bank.open('alice', '10.00');
    const { body } = await hold(from, '8.00');
    expect(codeOf(await capture(body.id, systemAccountId('settlement', 'USD')))).toBe('404 account-not-found');
    expect(codeOf(await capture(body.id, '00000000-0000-8000-80ff-000000455552'))).toBe('404 account-not-found');
    expect(codeOf(await capture(body.id, systemAccountId('settlement', 'EUR')))).toBe('201 captured');
    expect(await bank.moneyOf(from)).toBe('200 0');
  });

  it('raced by captures and voids has one winner', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const { body } = await hold(from, '8.00');
    const codes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        codeOf(await (index % 2 === 0 ? capture(body.id, to, '1.00') : release(body.id))),
      ),
    );
    expect(codes.filter((code) => code === '409 hold-not-open')).toHaveLength(19);
    const isCaptured = codes.includes('201 captured');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(
      isCaptured ? ['900 0', '100 0'] : ['1000 0', '0 0'],
    );
  });

  it('ends by itself when its time is up, unless a saga owns it', async () => {
    const from = await bank.open('alice', '10.00');
    const expiresAt = '2026-01-01T00:00:00Z';
    await hold(from, '1.00', { expiresAt });
    await hold(from, '2.00', { expiresAt, sagaId: newId(0) });
    await hold(from, '4.00');
    await expect.poll(() => bank.moneyOf(from), { timeout: 10_000 }).toBe('1000 600');
  });

  it('that is unknown is 404; bad shapes are 400', async () => {
    const from = await bank.open('alice', '10.00');
    expect(codeOf(await capture(newId(0), from))).toBe('404 hold-not-found');
    expect(codeOf(await release(newId(0)))).toBe('404 hold-not-found');
    expect(codeOf(await hold(newId(0), '1.00'))).toBe('404 account-not-found');
    expect(codeOf(await hold(from, '1.001'))).toBe('400 invalid-amount');
    expect(codeOf(await hold(from, '1.00', { expiresAt: 'tomorrow' }))).toBe('400 invalid-request');
    expect(codeOf(await hold(from, '1.00', { reference: 'a\nb' }))).toBe('400 invalid-request');
    const { body } = await hold(from, '1.00');
    expect(codeOf(await capture(body.id, from))).toBe('422 same-account');
    expect(codeOf(await capture(body.id, await bank.open('bob'), '0'))).toBe('400 invalid-amount');
    expect(await bank.moneyOf(from)).toBe('1000 100');
  });
});

describe('the account of the ledger', () => {
  it('takes each control version once, and a late one answers what is in force', async () => {
    const id = await bank.open('alice', '1.00');
    const frozen = await bank.control(id, 'alice', 3, { status: 'frozen' });
    expect(frozen.body).toMatchObject({ status: 'frozen', controlVersion: 3, version: 3, postedMinor: '100' });
    const late = await bank.control(id, 'alice', 2);
    const then = { ...frozen.body, asOf: late.body['asOf'] };
    expect([late.status, late.body]).toEqual([200, then]);
    expect(codeOf(await bank.control(id, 'alice', 4, { currency: 'USD' }))).toBe('422 currency-mismatch');
  });

  it.each([
    ['a currency nobody has', { currency: 'ZZZ' }],
    ['an overdraft below zero', { overdraftMinor: '-1' }],
    ['a fee below zero', { transferFeeMinor: '-1' }],
    ['a limit no column can hold', { dailyLimitMinor: '9999999999999999999' }],
    ['a NUL in the name', { holderName: 'a\u0000b' }],
    ['an IBAN that is none', { iban: 'NL00' }],
    ['nobody', { owners: [] }],
  ])('does not open with %s', async (_, more) => {
    const id = newId(0);
    expect((await bank.control(id, 'alice', 1, more)).status).toBe(400);
    expect((await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null })).status).toBe(404);
  });

  it('lists its postings page by page, newest first', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    for (const amount of ['1.00', '2.00', '3.00']) await bank.transfer('alice', from, to, amount);
    const read = async (query: string) => {
      const { status, body } = await bank.call('accounts', 'GET', `/internal/accounts/${from}/postings${query}`, {
        key: null,
      });
      const lines = (body['data'] ?? []) as { amountMinor: string }[];
      return { status, amounts: lines.map((line) => line.amountMinor), next: body['nextCursor'] as string | null };
    };
    const first = await read('?limit=3');
    expect(first.amounts).toEqual(['-300', '-200', '-100']);
    expect(await read(`?limit=3&cursor=${first.next}`)).toEqual({ status: 200, amounts: ['1000'], next: null });
    expect((await read('?afterVersion=3')).amounts).toEqual(['-300', '-200']);
    for (const query of [
      '?cursor=abc',
      '?cursor=-1',
      '?cursor=99999999999999999999',
      '?limit=0',
      '?limit=101',
      '?page=2',
    ]) {
      expect([query, (await read(query)).status]).toEqual([query, 400]);
    }
  });
});
