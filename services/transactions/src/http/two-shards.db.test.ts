import { makeIban } from '@florin/money';
import { sql } from '@florin/postgres';
import { bucketOfCustomer, newId, utcDate } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

/** Two shards: buckets below 128 are in the first, the others in the second. */
const BUCKETS = [5, 200] as const;
const HOME = BUCKETS[bucketOfCustomer('alice') < 128 ? 0 : 1];
const AWAY = BUCKETS[bucketOfCustomer('alice') < 128 ? 1 : 0];
const LOOKS_MAX = 500;

let bank: TestService;
beforeAll(async () => {
  bank = await startTestService(undefined, 2);
});
afterAll(() => bank.close());

/** What the ledger has of an account: `posted held`. */
async function money(id: string): Promise<string> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return `${body['postedMinor']} ${body['heldMinor']}`;
}

/** Looks again until what is seen is what is waited for. */
async function until(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  let seen: unknown;
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    seen = await look();
    if (seen === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(seen).toBe(wanted);
}

/** An account of alice in each shard, that of her keys first. */
async function nearAndFar(): Promise<[string, string]> {
  return [await bank.open('alice', '50.00', { bucket: HOME }), await bank.open('alice', '50.00', { bucket: AWAY })];
}

const ibanOf = async (id: string) =>
  String((await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null })).body['iban']);

const orderOf = (from: string, toIban: string, more: object = {}) => ({
  fromAccountId: from,
  toIban,
  payeeName: 'Bob',
  amount: { amount: '1.00', currency: 'EUR' },
  frequency: 'monthly',
  startDate: utcDate(Date.now() + 86_400_000),
  ...more,
});

const cancelAll = async () => {
  const listed = await bank.call('alice', 'GET', '/v1/standing-orders', { key: null });
  const ids = (listed.body['data'] as { id: string }[]).map(({ id }) => id);
  // A few at a time: each takes a connection of its own.
  for (let start = 0; start < ids.length; start += 8) {
    const cancelled = await Promise.all(
      ids
        .slice(start, start + 8)
        .map((id) => bank.call('alice', 'POST', `/v1/standing-orders/${id}/cancel`, { body: {}, key: null })),
    );
    expect(new Set(cancelled.map(({ status }) => status))).toEqual(new Set([200]));
  }
};

describe('one key for two things in two shards, asked for at once, does one of them', () => {
  /** A new thing in each shard, and what asks for something to be done to it under a key. */
  const asks: Record<string, () => Promise<((key: string) => Promise<Answer>)[]>> = {
    transfers: async () => {
      const both = await nearAndFar();
      const payees = [await bank.open('bob', '0', { bucket: HOME }), await bank.open('bob', '0', { bucket: AWAY })];
      return both.map((id, index) => (key) => bank.transfer('alice', id, payees[index] ?? '', '1.00', { key }));
    },
    deposits: async () =>
      (await nearAndFar()).map((accountId) => (key) => {
        const body = { accountId, amount: { amount: '1.00', currency: 'EUR' } };
        return bank.call('tessa', 'POST', '/v1/deposits', { key, body });
      }),
    holds: async () =>
      (await nearAndFar()).map((accountId) => (key) => {
        const body = { accountId, amount: { amount: '1.00', currency: 'EUR' } };
        return bank.call('accounts', 'POST', '/internal/holds', { key, body });
      }),
    'ends of holds': async () => {
      const holds: string[] = [];
      for (const accountId of await nearAndFar()) {
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
        return bank.call('sam', 'POST', `/v1/transfers/${id}/reversal`, { key, body: { reason: 'mistake' } });
      });
    },
    'standing orders': async () => {
      const iban = await ibanOf(await bank.open('bob', '0', { bucket: HOME }));
      return (await nearAndFar()).map((from) => (key) => {
        return bank.call('alice', 'POST', '/v1/standing-orders', { key, body: orderOf(from, iban) });
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
    await cancelAll();
  });

  it('whatever it was used for first: a refusal counts, and so does a request that was refused for what is not there', async () => {
    const [near, far] = await nearAndFar();
    const bob = await bank.open('bob', '0', { bucket: AWAY });
    const [refused, absent] = [newId(0), newId(0)];
    expect((await bank.transfer('alice', far, bob, '50.01', { key: refused })).body.code).toBe('insufficient-funds');
    expect((await bank.transfer('alice', newId(AWAY), bob, '1.00', { key: absent })).status).toBe(404);
    for (const key of [refused, absent]) {
      expect((await bank.transfer('alice', near, far, '1.00', { key })).body.code).toBe('idempotency-key-reused');
    }
    expect([await money(near), await money(far)]).toEqual(['5000 0', '5000 0']);
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
    expect(await money(to)).toBe('200 0');
    // The key of an item did something, so it can do nothing else: not alone, not in another batch.
    const [first] = items;
    expect((await bank.transfer('alice', from, to, '2.00', { key: first?.key ?? '' })).body.code).toBe(
      'idempotency-key-reused',
    );
    expect(codesOf(await send([item(), { ...item(), key: first?.key }]))).toEqual([
      'batch-not-applied',
      'idempotency-key-reused',
    ]);
    expect(await money(to)).toBe('200 0');
  });

  it('is refused as a whole when it is in two', async () => {
    const [near, far] = await nearAndFar();
    const items = [near, far].map((from, index) => ({
      key: newId(0),
      fromAccountId: from,
      toAccountId: index === 0 ? far : near,
      amount,
    }));
    expect(codesOf(await send(items))).toEqual(['batch-crosses-shards', 'batch-crosses-shards']);
    expect([await money(near), await money(far)]).toEqual(['5000 0', '5000 0']);
  });
});

describe('standing orders', () => {
  it('are with the account they pay from, are paid there, and are one list for their owner', async () => {
    const [near, far] = await nearAndFar();
    const bobs = [
      await bank.open('bob', '0', { bucket: HOME }),
      await bank.open('bob', '0', { bucket: AWAY }),
    ] as const;
    const today = { startDate: utcDate(Date.now()), frequency: 'yearly' };
    for (const [from, to] of [
      [near, bobs[0]],
      [far, bobs[1]],
    ] as const) {
      const made = await bank.call('alice', 'POST', '/v1/standing-orders', {
        body: orderOf(from, await ibanOf(to), today),
      });
      expect(made.status).toBe(201);
      const read = await bank.call('alice', 'GET', `/v1/standing-orders/${made.body.id}`, { key: null });
      expect(read.body).toMatchObject({ fromAccountId: from });
      await until(() => money(to), '100 0');
    }
    const listed = await bank.call('alice', 'GET', '/v1/standing-orders', { key: null });
    const froms = (listed.body['data'] as { fromAccountId: string }[]).map(({ fromAccountId }) => fromAccountId);
    expect(froms).toEqual(expect.arrayContaining([near, far]));
    await cancelAll();
  });

  it('are as many as a customer may have in all shards together, and the last that ended are shown first', async () => {
    const [near, far] = await nearAndFar();
    const iban = await ibanOf(await bank.open('bob', '0', { bucket: HOME }));
    const order = (from: string) => bank.call('alice', 'POST', '/v1/standing-orders', { body: orderOf(from, iban) });
    for (let made = 0; made < 100; made += 2) {
      const two = await Promise.all([order(near), order(far)]);
      expect(two.map(({ status }) => status)).toEqual([201, 201]);
    }
    for (const from of [near, far]) expect((await order(from)).body.code).toBe('too-many-standing-orders');
    await cancelAll();
    const again = [await order(far), await order(near)];
    for (const { body } of again) {
      await bank.call('alice', 'POST', `/v1/standing-orders/${body.id}/cancel`, { body: {}, key: null });
    }
    const listed = await bank.call('alice', 'GET', '/v1/standing-orders', { key: null });
    const ids = (listed.body['data'] as { id: string }[]).map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual(again.map(({ body }) => body.id).toReversed());
    expect(ids).toHaveLength(50);
  });
});

describe('everything else', () => {
  it('an account is found by its id and by its IBAN, so both are of one shard', async () => {
    const id = newId(AWAY);
    const refused = await bank.control(id, 'alice', 1, { iban: makeIban('NL', 'FLRN', HOME, 77) });
    expect([refused.status, refused.body.errors]).toEqual([400, [expect.objectContaining({ path: '/iban' })]]);
    expect((await bank.control(id, 'alice', 1, { iban: makeIban('NL', 'FLRN', AWAY, 77) })).status).toBe(200);
  });

  it('a payee is kept at home and checked where the account is', async () => {
    const iban = await ibanOf(await bank.open('bob', '0', { bucket: AWAY, holderName: 'Bob de Vries' }));
    const kept = await bank.call('alice', 'POST', '/v1/payees', { body: { name: 'Bob de Vries', iban }, key: null });
    expect([kept.status, kept.body['nameCheck']]).toEqual([201, 'match']);
    const rows = await Promise.all(
      [bank.own, ...bank.further].map((database) => database?.database.query(sql`SELECT FROM payee`)),
    );
    expect(rows.map((found) => found?.length)).toEqual(HOME === BUCKETS[0] ? [1, 0] : [0, 1]);
    const path = `/v1/payees/${kept.body.id}`;
    expect((await bank.call('bob', 'DELETE', path, { key: null })).status).toBe(404);
    expect((await bank.call('alice', 'DELETE', path, { key: null })).status).toBe(204);
  });

  it.each(BUCKETS)('a hold whose time is up ends in the shard of bucket %i', async (bucket) => {
    const accountId = await bank.open('alice', '50.00', { bucket });
    const body = { accountId, amount: { amount: '9.00', currency: 'EUR' }, expiresAt: new Date().toISOString() };
    const made = await bank.call('accounts', 'POST', '/internal/holds', { body });
    expect(made.body.status).toBe('open');
    await until(() => money(accountId), '5000 0');
  });

  it('the trial balance has one line for an account that each shard has', async () => {
    for (const bucket of BUCKETS) await bank.open('alice', '1.00', { bucket, currency: 'SEK' });
    const { body } = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
    const lines = (body['lines'] as { account: string; currency: string; posted: { amount: string } }[])
      .filter(({ currency }) => currency === 'SEK')
      .map(({ account, posted }) => `${account} ${posted.amount}`);
    expect(lines).toEqual(['cash -2.00', 'customer-accounts 2.00']);
  });

  it('a proof looks at both shards, and says in which it found something', async () => {
    const id = await bank.open('alice', '1.00', { bucket: BUCKETS[1] });
    const [second] = bank.further;
    const prove = async () => {
      const body = { mode: 'full' };
      return (await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body, key: null })).body;
    };
    await second?.database.execute(sql`UPDATE account SET held = 7 WHERE id = ${id}`);
    const finding = { check: 'held-is-open-holds', subject: id, detail: 'shard 1: held 7, holds 0' };
    expect(await prove()).toMatchObject({ balanced: false, findings: [finding] });
    const path = '/v1/ledger/reconciliations/latest';
    expect((await bank.call('sam', 'GET', path, { key: null })).body).toMatchObject({ findings: [finding] });
    await second?.database.execute(sql`UPDATE account SET held = 0 WHERE id = ${id}`);
    expect(await prove()).toMatchObject({ balanced: true, findings: [] });
  });

  it('a cursor is a place in every shard, and nothing else', async () => {
    for (const cursor of ['end~end', 'end', '~', newId(0), `${newId(0)}~end~end`, `x~${newId(0)}`]) {
      const path = `/v1/ledger/journals?cursor=${encodeURIComponent(cursor)}`;
      expect([cursor, (await bank.call('amir', 'GET', path, { key: null })).body.code]).toEqual([
        cursor,
        'invalid-cursor',
      ]);
    }
  });
});
