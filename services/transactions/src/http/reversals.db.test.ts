import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemAccountId } from '../domain/system-account.ts';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

function reverse(who: 'tessa' | 'sam', id: string, more: object = {}, key = newId(0)): Promise<Answer> {
  return bank.call(who, 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice', ...more }, key });
}

function codeOf(answer: Answer): string {
  return `${answer.status} ${answer.body.code ?? answer.body.status}`;
}

async function sent(amount = '10.00') {
  const from = await bank.open('alice', '10.00');
  const to = await bank.open('bob');
  const { body } = await bank.transfer('alice', from, to, amount);
  return { from, to, id: body.id };
}

describe('a reversal', () => {
  it('gives the money back as a new journal, and the transfer reads as reversed', async () => {
    const { from, to, id } = await sent();
    const key = newId(0);
    const answer = await reverse('tessa', id, {}, key);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: 'completed',
      fromAccountId: to,
      toAccountId: from,
      reversalOf: id,
      reason: 'sent twice',
    });
    expect(answer.body).not.toHaveProperty('balance');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1000 0', '0 0']);
    const read = await bank.call('alice', 'GET', `/v1/transfers/${id}`);
    expect([read.body.status, read.body['amount']]).toEqual(['reversed', { amount: '10.00', currency: 'EUR' }]);
    const again = await reverse('tessa', id, {}, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([answer.text, 'true']);
    expect(codeOf(await reverse('tessa', id))).toBe('409 already-reversed');
    expect(codeOf(await reverse('sam', answer.body.id))).toBe('422 not-reversible');
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('raced by 20 people happens once', async () => {
    const { from, id } = await sent();
    const codes = await Promise.all(Array.from({ length: 20 }, async () => codeOf(await reverse('tessa', id))));
    expect(codes.filter((code) => code === '201 completed')).toHaveLength(1);
    expect(codes.filter((code) => code === '409 already-reversed')).toHaveLength(19);
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('of spent money needs a supervisor, after another person was refused', async () => {
    const { from, to, id } = await sent();
    expect((await bank.transfer('bob', to, from, '7.00')).status).toBe(201);
    expect(codeOf(await reverse('tessa', id, { force: true }))).toBe('422 second-person-required');
    expect(codeOf(await reverse('sam', id, { force: true }))).toBe('422 second-person-required');
    expect(codeOf(await reverse('sam', id))).toBe('422 insufficient-funds');
    expect(codeOf(await reverse('sam', id, { force: true }))).toBe('422 second-person-required');
    expect(codeOf(await reverse('tessa', id))).toBe('422 insufficient-funds');
    expect(codeOf(await reverse('sam', id, { force: true }))).toBe('201 completed');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1700 0', '0 0']);
    const { body } = await bank.call('sam', 'GET', '/v1/ledger/trial-balance');
    expect(body['lines']).toContainEqual({
      account: 'receivable',
      accountId: systemAccountId('receivable', 'EUR'),
      currency: 'EUR',
      posted: { amount: '-7.00', currency: 'EUR' },
    });
  });

  it('of an unknown transfer, or one to a closed account, is refused', async () => {
    expect(codeOf(await reverse('sam', newId(0)))).toBe('404 transfer-not-found');
    expect(codeOf(await reverse('sam', 'nonsense'))).toBe('404 not-found');
    const { from, id } = await sent();
    expect((await bank.control(from, 'alice', 2, { status: 'closed' })).status).toBe(200);
    expect(codeOf(await reverse('sam', id))).toBe('409 account-not-active');
  });

  it.each([
    [{ reason: 'x' }],
    [{ reason: 'x'.repeat(501) }],
    [{ reason: 'a\nb' }],
    [{ force: 'yes' }],
    [{ reason: undefined }],
  ])('with %j is 400', async (more) => {
    const { to, id } = await sent();
    expect(codeOf(await reverse('sam', id, more))).toBe('400 invalid-request');
    expect(await bank.moneyOf(to)).toBe('1000 0');
  });

  it('of a deposit takes the cash back', async () => {
    const id = await bank.open('alice');
    const body = { accountId: id, amount: { amount: '5.00', currency: 'EUR' } };
    const deposit = await bank.call('tessa', 'POST', '/v1/deposits', { body });
    expect((await reverse('sam', deposit.body.id)).status).toBe(201);
    expect(await bank.moneyOf(id)).toBe('0 0');
  });
});

describe('the books', () => {
  it('sum to zero per currency, and are proven in full and from the last proof on', async () => {
    await bank.open('alice', '1', { currency: 'JPY' });
    const { body } = await bank.call('amir', 'GET', '/v1/ledger/trial-balance');
    const lines = body['lines'] as { currency: string; posted: { amount: string } }[];
    for (const currency of ['EUR', 'JPY']) {
      const amounts = lines.filter((line) => line.currency === currency).map((line) => line.posted.amount);
      expect(amounts.length).toBeGreaterThan(1);
      expect(amounts.reduce((sum, amount) => sum + Math.round(Number(amount) * 100), 0)).toBe(0);
    }
    for (const mode of ['full', 'incremental'] as const) {
      const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode }, key: null });
      expect([proof.status, proof.body['balanced'], proof.body['findings']]).toEqual([200, true, []]);
      // What was just proven in full is not read again.
      if (mode === 'full') expect(proof.body['checkedPostings']).toBeGreaterThan(10);
      else expect(proof.body['checkedPostings']).toBe(0);
    }
    const bad = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'half' }, key: null });
    expect(bad.status).toBe(400);
  });
});
