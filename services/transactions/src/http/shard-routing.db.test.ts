import { makeIban } from '@florin/money';
import { sql } from '@florin/postgres';
import { newId, utcDate } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AWAY, BUCKETS, HOME, startTwoShards, type TwoShards } from '../testing/test-shards.ts';

const LOOKS_MAX = 500;

let bank: TwoShards;
beforeAll(async () => {
  bank = await startTwoShards();
});
afterAll(() => bank.close());

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

describe('standing orders', () => {
  it('are with the account they pay from, are paid there, and are one list for their owner', async () => {
    const [near, far] = await bank.nearAndFar();
    const bobs = [
      await bank.open('bob', '0', { bucket: HOME }),
      await bank.open('bob', '0', { bucket: AWAY }),
    ] as const;
    const today = { startDate: utcDate(Date.now()), frequency: 'yearly' };
    for (const [from, to] of [
      [near, bobs[0]],
      [far, bobs[1]],
    ] as const) {
      const made = await bank.order(from, await bank.ibanOf(to), today);
      expect(made.status).toBe(201);
      const read = await bank.call('alice', 'GET', `/v1/standing-orders/${made.body.id}`, { key: null });
      expect(read.body).toMatchObject({ fromAccountId: from });
      await until(() => bank.money(to), '100 0');
    }
    expect((await bank.orders()).map(({ fromAccountId }) => fromAccountId)).toEqual(
      expect.arrayContaining([near, far]),
    );
    await bank.cancelAll();
  });

  it('are as many as a customer may have in all shards together, and the last that ended are shown first', async () => {
    const [near, far] = await bank.nearAndFar();
    const iban = await bank.ibanOf(await bank.open('bob', '0', { bucket: HOME }));
    const order = (from: string) => bank.order(from, iban);
    for (let made = 0; made < 100; made += 2) {
      const two = await Promise.all([order(near), order(far)]);
      expect(two.map(({ status }) => status)).toEqual([201, 201]);
    }
    for (const from of [near, far]) expect((await order(from)).body.code).toBe('too-many-standing-orders');
    await bank.cancelAll();
    const again = [await order(far), await order(near)];
    for (const { body } of again) await bank.cancel(body.id);
    const ids = (await bank.orders()).map(({ id }) => id);
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
    const iban = await bank.ibanOf(await bank.open('bob', '0', { bucket: AWAY, holderName: 'Bob de Vries' }));
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

  it('a hold is captured where it is, and said so when it should go to another shard', async () => {
    const from = await bank.open('alice', '10.00', { bucket: HOME });
    const body = { accountId: from, amount: { amount: '5.00', currency: 'EUR' } };
    const made = await bank.call('accounts', 'POST', '/internal/holds', { body });
    const capture = (toAccountId: string) =>
      bank.call('accounts', 'POST', `/internal/holds/${made.body.id}/capture`, { body: { toAccountId } });
    const refused = await capture(await bank.open('bob', '0', { bucket: AWAY }));
    expect([refused.status, refused.body.code]).toEqual([422, 'capture-crosses-shards']);
    expect(await bank.money(from)).toBe('1000 500');
    expect((await capture(await bank.open('bob', '0', { bucket: HOME }))).status).toBe(201);
    expect(await bank.money(from)).toBe('500 0');
  });

  it.each(BUCKETS)('a hold whose time is up ends in the shard of bucket %i', async (bucket) => {
    const accountId = await bank.open('alice', '50.00', { bucket });
    const body = { accountId, amount: { amount: '9.00', currency: 'EUR' }, expiresAt: new Date().toISOString() };
    const made = await bank.call('accounts', 'POST', '/internal/holds', { body });
    expect(made.body.status).toBe('open');
    await until(() => bank.money(accountId), '5000 0');
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
