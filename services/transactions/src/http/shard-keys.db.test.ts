import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../testing/test-service.ts';
import { AWAY, BUCKETS, HOME, startTwoShards, type TwoShards } from '../testing/test-shards.ts';

let bank: TwoShards;
beforeAll(async () => {
  bank = await startTwoShards();
});
afterAll(() => bank.close());

describe('one key for two things in two shards, asked for at once, does one of them', () => {
  /** A new thing in each shard, and what asks for something to be done to it under a key. */
  const asks: Record<string, () => Promise<((key: string) => Promise<Answer>)[]>> = {
    transfers: async () => {
      const both = await bank.nearAndFar();
      const payees = [await bank.open('bob', '0', { bucket: HOME }), await bank.open('bob', '0', { bucket: AWAY })];
      return both.map((id, index) => (key) => bank.transfer('alice', id, payees[index] ?? '', '1.00', { key }));
    },
    deposits: async () =>
      (await bank.nearAndFar()).map((accountId) => (key) => {
        const body = { accountId, amount: { amount: '1.00', currency: 'EUR' } };
        return bank.call('tessa', 'POST', '/v1/deposits', { key, body });
      }),
    holds: async () =>
      (await bank.nearAndFar()).map((accountId) => (key) => {
        const body = { accountId, amount: { amount: '1.00', currency: 'EUR' } };
        return bank.call('accounts', 'POST', '/internal/holds', { key, body });
      }),
    'ends of holds': async () => {
      const holds: string[] = [];
      for (const accountId of await bank.nearAndFar()) {
        const body = { accountId, amount: { amount: '1.00', currency: 'EUR' } };
        holds.push((await bank.call('accounts', 'POST', '/internal/holds', { body })).body.id);
      }
      return holds.map((id) => (key) => bank.call('accounts', 'POST', `/internal/holds/${id}/void`, { key, body: {} }));
    },
    reversals: async () => {
      const transfers: string[] = [];
      for (const bucket of BUCKETS) {
        const from = await bank.open('alice', '5.00', { bucket });
        const to = await bank.open('bob', '0', { bucket });
        transfers.push((await bank.transfer('alice', from, to, '1.00')).body.id);
      }
      return transfers.map((id) => (key) => {
        return bank.call('tessa', 'POST', `/v1/transfers/${id}/reversal`, { key, body: { reason: 'mistake' } });
      });
    },
    'standing orders': async () => {
      const iban = await bank.ibanOf(await bank.open('bob', '0', { bucket: HOME }));
      return (await bank.nearAndFar()).map((from) => (key) => {
        return bank.order(from, iban, {}, key);
      });
    },
    'batches of all or nothing': async () => {
      const items: object[] = [];
      for (const bucket of BUCKETS) {
        const from = await bank.open('alice', '5.00', { bucket });
        const to = await bank.open('bob', '0', { bucket });
        const amount = { amount: '1.00', currency: 'EUR' };
        items.push({ key: newId(0), fromAccountId: from, toAccountId: to, amount });
      }
      return items.map((item) => (key) => {
        return bank.call('alice', 'POST', '/v1/transfer-batches', { key, body: { mode: 'atomic', items: [item] } });
      });
    },
  };

  it.each(Object.keys(asks))('%s', async (what) => {
    for (let round = 0; round < 5; round += 1) {
      const both = (await asks[what]?.()) ?? [];
      const inOrder = round % 2 === 0 ? both : both.toReversed();
      const key = newId(0);
      const answers = await Promise.all(inOrder.map((ask) => ask(key)));
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      // And it stays that one: the same bytes for it, and nothing for the other.
      for (const [index, ask] of inOrder.entries()) {
        const [before, again] = [answers[index], await ask(key)];
        const isDone = before !== undefined && before.status < 300;
        expect(isDone ? again.text : again.body.code).toBe(isDone ? before.text : 'idempotency-key-reused');
      }
    }
    await bank.cancelAll();
  });

  it('whatever it was used for first: a refusal counts, and so does a request that was refused for what is not there', async () => {
    const [near, far] = await bank.nearAndFar();
    const bob = await bank.open('bob', '0', { bucket: AWAY });
    const [refused, absent] = [newId(0), newId(0)];
    expect((await bank.transfer('alice', far, bob, '50.01', { key: refused })).body.code).toBe('insufficient-funds');
    expect((await bank.transfer('alice', newId(AWAY), bob, '1.00', { key: absent })).status).toBe(404);
    for (const key of [refused, absent]) {
      expect((await bank.transfer('alice', near, far, '1.00', { key })).body.code).toBe('idempotency-key-reused');
    }
    expect([await bank.money(near), await bank.money(far)]).toEqual(['5000 0', '5000 0']);
  });
});

describe('a batch of all or nothing', () => {
  const amount = { amount: '1.00', currency: 'EUR' };
  const send = (items: readonly object[], key = newId(0)) =>
    bank.call('alice', 'POST', '/v1/transfer-batches', { key, body: { mode: 'atomic', items } });
  const codesOf = ({ body }: Answer) => body.items.map(({ status, problem }) => problem?.code ?? status);

  it('is made in one shard, also when the keys of its caller are in the other, and once', async () => {
    const from = await bank.open('alice', '50.00', { bucket: AWAY });
    const to = await bank.open('bob', '0', { bucket: AWAY });
    const item = () => ({ key: newId(0), fromAccountId: from, toAccountId: to, amount });
    const items = [item(), item()];
    const key = newId(0);
    const made = await send(items, key);
    expect(codesOf(made)).toEqual([201, 201]);
    const again = await send(items, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([made.text, 'true']);
    expect((await send([item()], key)).body.code).toBe('idempotency-key-reused');
    expect(await bank.money(to)).toBe('200 0');
    // The key of an item did something, so it can do nothing else: not alone, not in another batch.
    const [first] = items;
    expect((await bank.transfer('alice', from, to, '2.00', { key: first?.key ?? '' })).body.code).toBe(
      'idempotency-key-reused',
    );
    expect(codesOf(await send([item(), { ...item(), key: first?.key }]))).toEqual([
      'batch-not-applied',
      'idempotency-key-reused',
    ]);
    expect(await bank.money(to)).toBe('200 0');
  });

  it('is refused as a whole when it is in two', async () => {
    const [near, far] = await bank.nearAndFar();
    const items = [near, far].map((from, index) => ({
      key: newId(0),
      fromAccountId: from,
      toAccountId: index === 0 ? far : near,
      amount,
    }));
    expect(codesOf(await send(items))).toEqual(['batch-crosses-shards', 'batch-crosses-shards']);
    expect([await bank.money(near), await bank.money(far)]).toEqual(['5000 0', '5000 0']);
  });
});
