import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

describe('the same key again', () => {
  it('gets the same status and the same bytes, and moves nothing', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const key = newId(0);
    const first = await bank.transfer('alice', from, to, '1.00', { key });
    const again = await bank.transfer('alice', from, to, '1.00', { key });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
    expect(again.headers.get('florin-account-version')).toContain(`${from}=3`);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });

  it('gets the refusal of a rule again, word for word, even when it would be accepted now', async () => {
    const from = await bank.open('alice', '1.00');
    const to = await bank.open('bob');
    const key = newId(0);
    const first = await bank.transfer('alice', from, to, '2.00', { key });
    const deposit = { accountId: from, amount: { amount: '5.00', currency: 'EUR' } };
    expect((await bank.call('tessa', 'POST', '/v1/deposits', { body: deposit })).status).toBe(201);
    const again = await bank.transfer('alice', from, to, '2.00', { key });
    expect([again.status, again.text]).toEqual([422, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.headers.get('content-type')).toContain('application/problem+json');
    expect(await bank.moneyOf(from)).toBe('600 0');
  });

  it('with the fields in another order, or the amount written otherwise, is the same request', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const key = newId(0);
    expect((await bank.transfer('alice', from, to, '1.00', { key })).status).toBe(201);
    const body = `{ "amount": {"currency":"EUR", "amount":"1.0"},\n "toAccountId":"${to}","reference":"","fromAccountId":"${from}" }`;
    const again = await bank.call('alice', 'POST', '/v1/transfers', { body, key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });

  it.each([
    ['another amount', { amount: { amount: '1.01', currency: 'EUR' } }],
    ['another currency', { amount: { amount: '1.00', currency: 'USD' } }],
    ['another payee', { toAccountId: newId(0) }],
    ['another reference', { reference: 'x' }],
    ['another payer', { fromAccountId: newId(0) }],
  ])('with %s is 422, and moves nothing', async (_, fields) => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const key = newId(0);
    expect((await bank.transfer('alice', from, to, '1.00', { key })).status).toBe(201);
    const other = await bank.transfer('alice', from, to, '1.00', { key, fields });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    expect(await bank.moneyOf(from)).toBe('900 0');
  });

  it('of somebody else, or for another operation, is another key', async () => {
    const hers = await bank.open('alice', '10.00');
    const his = await bank.open('bob', '10.00');
    const key = newId(0);
    expect((await bank.transfer('alice', hers, his, '1.00', { key })).status).toBe(201);
    expect((await bank.transfer('bob', his, hers, '2.00', { key })).status).toBe(201);
    const body = { accountId: hers, amount: { amount: '3.00', currency: 'EUR' } };
    expect((await bank.call('tessa', 'POST', '/v1/deposits', { body, key })).status).toBe(201);
    expect((await bank.call('tessa', 'POST', '/v1/withdrawals', { body, key })).status).toBe(201);
    expect([await bank.moneyOf(hers), await bank.moneyOf(his)]).toEqual(['1100 0', '900 0']);
  });

  it('after a 404 is decided anew: the account may have been opened since', async () => {
    const from = await bank.open('alice', '10.00');
    const to = newId(0);
    const key = newId(0);
    expect((await bank.transfer('alice', from, to, '1.00', { key })).status).toBe(404);
    expect((await bank.control(to, 'bob', 1)).status).toBe(200);
    const again = await bank.transfer('alice', from, to, '1.00', { key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
  });

  it('of 255 printable characters is fine', async () => {
    const from = await bank.open('alice', '10.00');
    const key = '~!,;="'.repeat(43).slice(0, 255);
    expect((await bank.transfer('alice', from, await bank.open('bob'), '1.00', { key })).status).toBe(201);
  });
});

describe('50 requests with one key at once', () => {
  it('post once; the others are told to wait or get the same answer', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const key = newId(0);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => bank.transfer('alice', from, to, '1.00', { key })),
    );
    const [made, ...others] = answers.filter(
      (answer) => answer.headers.get('idempotency-replayed') === null && answer.status === 201,
    );
    expect([made?.status, others]).toEqual([201, []]);
    for (const answer of answers) {
      if (answer.status === 201) expect(answer.text).toBe(made?.text);
      else {
        expect([answer.status, answer.body.code]).toEqual([409, 'idempotency-key-in-flight']);
        expect(answer.headers.get('retry-after')).toBe('1');
      }
    }
    const replay = await bank.transfer('alice', from, to, '1.00', { key });
    expect([replay.status, replay.text, replay.headers.get('idempotency-replayed')]).toEqual([201, made?.text, 'true']);
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['900 0', '100 0']);
  });

  it('with 50 bodies post one of them', async () => {
    const from = await bank.open('alice', '100.00');
    const to = await bank.open('bob');
    const key = newId(0);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => bank.transfer('alice', from, to, `1.${10 + index}`, { key })),
    );
    const made = answers.filter((answer) => answer.status === 201);
    expect(made).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status !== 201) {
        expect(['idempotency-key-in-flight', 'idempotency-key-reused']).toContain(answer.body.code);
      }
    }
    const [row] =
      (await bank.own?.database.query<{ count: bigint }>(
        sql`SELECT count(*) FROM journal WHERE debit_account = ${from}`,
      )) ?? [];
    expect(row?.count).toBe(1n);
  });
});
