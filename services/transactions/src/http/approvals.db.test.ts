import { newId, systemClock, utcDate } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTransactions } from '../service.ts';
import { challengeIn, confirmAt, type Paid, payAt } from '../testing/test-confirmations.ts';
import { MIA, startTestService, type TestService } from '../testing/test-service.ts';

let service: TestService;
let from: string;
let to: string;

beforeAll(async () => {
  service = await startTestService();
  from = await service.open(MIA, '50000.00');
  to = await service.open('bob');
});
afterAll(() => service.close());

const pay = (amount: string, more: Paid = {}) => payAt(service, from, to, amount, more);

describe('between two shards', () => {
  it.each(['saga', 'two-phase'] as const)(
    'a payment by %s is confirmed like one within a shard, and once',
    async (coordination) => {
      const bank = await startTestService(undefined, 2);
      try {
        const [payer, payee] = [await bank.open(MIA, '1000.00'), await bank.open('bob', '0', { bucket: 200 })];
        const send = (amount: string, confirmation?: string) =>
          bank.transfer('mia', payer, payee, amount, {
            fields: { coordination },
            ...(confirmation === undefined ? {} : { headers: { 'x-confirmation': confirmation } }),
          });
        const { id } = challengeIn(await send('100.00'));
        bank.factors.codes.add(`${MIA} 123456`);
        const answer = await bank.call('mia', 'POST', `/v1/confirmations/${id}`, {
          body: { code: '123456' },
          key: null,
        });
        expect(answer.status).toBe(200);
        expect((await send('100.01', id)).body.code).toBe('confirmation-refused');
        const answers = await Promise.all(Array.from({ length: 4 }, () => send('100.00', id)));
        expect(answers.filter(({ status }) => status === 201 || status === 202)).toHaveLength(1);
        expect((await send('100.00', id)).body.code).toBe('confirmation-refused');

        const small = [];
        for (let index = 0; index < 6; index += 1) small.push((await send('1.00')).status);
        expect(small.filter((status) => status === 403)).toHaveLength(1);
        expect(small.at(-1)).toBe(403);
      } finally {
        await bank.close();
      }
    },
  );
});

describe('a standing order', () => {
  const order = (more: object = {}) => ({
    fromAccountId: from,
    toIban: '',
    payeeName: 'Bob',
    amount: { amount: '1.00', currency: 'EUR' },
    frequency: 'monthly',
    startDate: utcDate(systemClock() + 86_400_000),
    ...more,
  });
  const create = (body: object, key: string, confirmation?: string) =>
    service.call('mia', 'POST', '/v1/standing-orders', {
      body,
      key,
      ...(confirmation === undefined ? {} : { headers: { 'x-confirmation': confirmation } }),
    });

  it('is confirmed however small it is, with its dates, and its payments are not asked for', async () => {
    const { iban } = challengeIn(await pay('100.00')).payee;
    const key = newId(0);
    const asked = await create(order({ toIban: iban }), key);
    expect(asked.body.code).toBe('confirmation-required');
    const { id } = challengeIn(asked);
    await confirmAt(service, id);
    const other = await create(order({ toIban: iban, frequency: 'weekly' }), newId(0), id);
    expect(other.body.code).toBe('confirmation-refused');
    const asTransfer = await pay('1.00', { confirmation: id });
    expect(asTransfer.body.code).toBe('confirmation-refused');
    const made = await create(order({ toIban: iban }), key, id);
    expect(made.status).toBe(201);
    expect((await create(order({ toIban: iban }), newId(0), id)).body.code).toBe('confirmation-refused');
  });
});

describe('a payee who is trusted', () => {
  it('is paid without asking, up to an amount, until they are trusted no more', async () => {
    const { iban } = challengeIn(await pay('100.00')).payee;
    const kept = await service.call('mia', 'POST', '/v1/payees', { body: { name: 'bob', iban }, key: null });
    expect(kept.body['isTrusted']).toBe(false);
    const trust = (who: 'miaFresh' | 'mia' | 'alice' | 'bob', method = 'PUT') =>
      service.call(who, method, `/v1/payees/${kept.body.id}/trust`, { key: null });

    const stale = await trust('mia');
    expect([stale.status, stale.body.code]).toEqual([401, 'fresh-sign-in-needed']);
    expect(stale.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
    expect((await trust('alice')).body.code).toBe('payee-not-found');
    const noFactor = await service.call('alice', 'POST', '/v1/payees', { body: { name: 'bob', iban }, key: null });
    const path = `/v1/payees/${noFactor.body.id}/trust`;
    expect((await service.call('alice', 'PUT', path, { key: null })).body.code).toBe('second-factor-needed');
    expect((await trust('bob', 'DELETE')).body.code).toBe('payee-not-found');

    expect((await trust('miaFresh')).body['isTrusted']).toBe(true);
    expect((await pay('1000.00')).status).toBe(201);
    const large = await pay('1000.01');
    expect([large.body.code, challengeIn(large).payee.name]).toEqual(['confirmation-required', 'bob']);
    expect((await trust('mia', 'DELETE')).body['isTrusted']).toBe(false);
    expect((await pay('1000.00')).body.code).toBe('confirmation-required');
  });
});

describe('who has no second factor', () => {
  it('pays as before, unless everybody has to confirm', async () => {
    const account = await service.open('alice', '1000.00');
    expect((await service.transfer('alice', account, to, '500.00')).status).toBe(201);
    const strict = await startTestService(undefined, 1, (config, ports) =>
      startTransactions({ ...config, strongAuthentication: 'always' }, ports),
    );
    try {
      const [payer, payee] = [await strict.open('alice', '1000.00'), await strict.open('bob')];
      const refused = await strict.transfer('alice', payer, payee, '500.00');
      expect([refused.status, refused.body.code]).toEqual([403, 'second-factor-needed']);
      expect((await strict.transfer('alice', payer, payee, '30.00')).status).toBe(201);
    } finally {
      await strict.close();
    }
  });
});
