import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemAccountId } from '../domain/system-account.ts';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

function ask(who: 'tessa' | 'sam', id: string, more: object = {}, key = newId(0)): Promise<Answer> {
  return bank.call(who, 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice', ...more }, key });
}

const force = (who: 'tessa' | 'sam' | 'sue', id: string) =>
  bank.call(who, 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice', force: true } });

const approve = (who: 'tessa' | 'sam' | 'sue', { body }: Answer) =>
  bank.call(who, 'POST', `/v1/approvals/transactions/${body.id}/approve`);

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
  it('waits for a second person, then gives the money back as a new journal, and the transfer reads as reversed', async () => {
    const { from, to, id } = await sent();
    const key = newId(0);
    const asked = await ask('tessa', id, {}, key);
    expect(codeOf(asked)).toBe('202 pending');
    const amount = { amount: '10.00', currency: 'EUR' };
    expect(asked.body).toMatchObject({
      action: 'transfers.reverse',
      resource: id,
      payload: amount,
      reason: 'sent twice',
    });
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['0 0', '1000 0']);
    expect((await ask('tessa', id, {}, key)).text).toBe(asked.text);
    expect(codeOf(await ask('tessa', id, { reason: 'another' }, key))).toBe('422 idempotency-key-reused');
    expect(codeOf(await ask('tessa', id))).toBe('409 approval-pending');
    expect(codeOf(await approve('tessa', asked))).toBe('403 forbidden');
    expect(codeOf(await approve('sam', asked))).toBe('200 done');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1000 0', '0 0']);
    const { body } = await bank.call('sam', 'GET', `/v1/ledger/journals/${id}`, { key: null });
    const reversal = await bank.call('sam', 'GET', `/v1/transfers/${body['reversedBy']}`, { key: null });
    const whole = { status: 'completed', fromAccountId: to, toAccountId: from, reversalOf: id, reason: 'sent twice' };
    expect(reversal.body).toMatchObject(whole);
    const read = await bank.call('alice', 'GET', `/v1/transfers/${id}`);
    expect([read.body.status, read.body['amount']]).toEqual(['reversed', amount]);
    expect(codeOf(await ask('tessa', id, {}, key))).toBe('202 done');
    expect(codeOf(await ask('tessa', id))).toBe('409 already-reversed');
    expect(codeOf(await ask('tessa', reversal.body.id))).toBe('422 not-reversible');
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('is asked for by a teller and not by who decides', async () => {
    const { id } = await sent();
    expect(codeOf(await ask('sam', id))).toBe('422 second-person-required');
  });

  it('asked for by 8 at once and approved by 8 happens once', async () => {
    const { from, id } = await sent();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('tessa', id)));
    const codes = answers.map(codeOf);
    expect(codes.filter((code) => code === '202 pending')).toHaveLength(1);
    expect(codes.filter((code) => code === '409 approval-pending')).toHaveLength(7);
    const asked = answers.find(({ status }) => status === 202) as Answer;
    const ends = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => codeOf(await approve(index % 2 === 0 ? 'sam' : 'sue', asked))),
    );
    expect(ends.filter((code) => code === '200 done')).toHaveLength(1);
    expect(ends.filter((code) => code === '409 approval-decided')).toHaveLength(7);
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('of money that is spent by the time it is approved fails, and then a supervisor may force it', async () => {
    const { from, to, id } = await sent();
    const asked = await ask('tessa', id);
    expect((await bank.transfer('bob', to, from, '7.00')).status).toBe(201);
    expect(codeOf(await force('tessa', id))).toBe('422 second-person-required');
    expect(codeOf(await force('sam', id))).toBe('422 second-person-required');
    const failed = await approve('sam', asked);
    expect(failed.body).toMatchObject({ status: 'failed', failure: { code: 'insufficient-funds' } });
    expect(codeOf(await force('sam', id))).toBe('201 completed');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1700 0', '0 0']);
    const { body } = await bank.call('sam', 'GET', '/v1/ledger/trial-balance');
    expect(body['lines']).toContainEqual({
      account: 'receivable',
      accountId: systemAccountId('receivable', 'EUR'),
      currency: 'EUR',
      posted: { amount: '-7.00', currency: 'EUR' },
    });
  });

  it('is not forced by one person alone, although the money is there', async () => {
    const { to, id } = await sent();
    expect(codeOf(await force('sam', id))).toBe('422 second-person-required');
    expect(await bank.moneyOf(to)).toBe('1000 0');
  });

  it('of an unknown transfer, or one to a closed account, is refused', async () => {
    expect(codeOf(await ask('tessa', newId(0)))).toBe('404 transfer-not-found');
    expect(codeOf(await ask('tessa', 'nonsense'))).toBe('404 not-found');
    const { from, id } = await sent();
    const asked = await ask('tessa', id);
    expect((await bank.control(from, 'alice', 2, { status: 'closed' })).status).toBe(200);
    const failed = await approve('sam', asked);
    expect(failed.body).toMatchObject({ status: 'failed', failure: { code: 'account-not-active' } });
  });

  it.each([
    [{ reason: 'x' }],
    [{ reason: 'x'.repeat(501) }],
    [{ reason: 'a\nb' }],
    [{ force: 'yes' }],
    [{ reason: undefined }],
  ])('with %j is 400', async (more) => {
    const { to, id } = await sent();
    expect(codeOf(await ask('tessa', id, more))).toBe('400 invalid-request');
    expect(await bank.moneyOf(to)).toBe('1000 0');
  });

  it('of a deposit takes the cash back', async () => {
    const id = await bank.open('alice');
    const body = { accountId: id, amount: { amount: '5.00', currency: 'EUR' } };
    const deposit = await bank.call('tessa', 'POST', '/v1/deposits', { body });
    expect(codeOf(await bank.takeBack(deposit.body.id))).toBe('200 completed');
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
