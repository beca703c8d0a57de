import { randomUUID } from 'node:crypto';
import { sql } from '@florin/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClosingBank, codeOf, customer, insistently, person, startClosingBank } from './closing-bank.ts';

interface Stuck {
  readonly id: string;
  readonly attentionSeq: number;
}

let bank: ClosingBank;
const tessa = person('tessa', 'teller');
const fay = person('fay', 'fraud-analyst');

beforeAll(async () => {
  bank = await startClosingBank();
});
afterEach(() => {
  bank.line.on = () => {};
});
afterAll(async () => {
  const proof = await bank.proof();
  await bank.close();
  expect(proof).toMatchObject({ balanced: true, findings: [], clearing: '0.00' });
});

describe('a closing that is under way', () => {
  /** Stops every closing before or after one step, until it is let go. */
  function stopAt(step: string, place: 'before' | 'after') {
    const reached = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    gate.promise.catch(() => {});
    bank.line.on = (operation, where) => {
      if (operation !== step || where !== place) return;
      reached.resolve();
      return gate.promise;
    };
    const end = (how: () => void) => () => {
      bank.line.on = () => {};
      how();
    };
    return { reached: reached.promise, letGo: end(gate.resolve), lose: end(() => gate.reject(new Error('cut'))) };
  }

  it('is answered 202, and is the only change of the account', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(alice);
    const { reached, letGo } = stopAt('sweep', 'before');
    const key = randomUUID();
    const first = bank.closeInto(alice, old.id, target.iban, key);
    await reached;
    expect([await bank.statusOf(alice, old.id), await bank.inLedger(old.id)]).toEqual(['closing', 'closing 1000 0']);
    const reason = { body: { reason: 'suspicious' } };
    const others = await Promise.all([
      bank.closeInto(alice, old.id, target.iban),
      bank.call('accounts', alice, 'POST', `/v1/accounts/${old.id}/close`),
      bank.call('accounts', fay, 'POST', `/v1/accounts/${old.id}/freeze`, reason),
    ]);
    expect(others.map(codeOf)).toEqual(Array(3).fill('409 change-in-progress'));
    const late = { accountId: old.id, amount: { amount: '5.00', currency: 'EUR' } };
    const deposit = await bank.call('transactions', tessa, 'POST', '/v1/deposits', { body: late });
    expect(codeOf(deposit)).toBe('409 account-not-active');
    const slow = await first;
    expect(codeOf(slow)).toBe('202 closing');
    letGo();
    const done = await bank.closed(alice, old.id, target.iban, key);
    expect([codeOf(done), done.headers.get('idempotency-replayed')]).toEqual(['200 closed', 'true']);
    expect((await bank.closeInto(alice, old.id, target.iban, key)).text).toBe(done.text);
    expect((await bank.closeInto(alice, target.id, old.iban, key)).body['code']).toBe('idempotency-key-reused');
    expect(codeOf(await bank.closeInto(alice, old.id, target.iban))).toBe('409 account-closed');
    expect(await bank.inLedger(target.id)).toBe('active 1000 0');
  });

  it('is found by staff when it is stuck, and goes on when two of them have it tried again', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(alice);
    bank.line.on = (operation) => {
      if (operation === 'close') throw new Error('cut');
    };
    const first = bank.closeInto(alice, old.id, target.iban);
    const [sam, sue] = [person('sam', 'supervisor'), person('sue', 'supervisor')];
    const staff = (who: typeof sam, method: 'GET' | 'POST', path: string, body?: object) =>
      bank.call('accounts', who, method, `/v1/sagas/accounts${path}`, { body });
    const stuck = async () => (await staff(sam, 'GET', '?status=needs_attention')).body['data'] as Stuck[];
    await expect.poll(stuck, { timeout: 30_000 }).toHaveLength(1);
    const [saga] = await stuck();
    expect(saga).toMatchObject({ type: 'account-closing', subject: old.id, step: 'close' });
    const wish = { action: 'retry', attentionSeq: saga?.attentionSeq, reason: 'The ledger is back' };
    expect((await staff(tessa, 'POST', `/${saga?.id}/actions`, wish)).status).toBe(403);
    const asked = await staff(sam, 'POST', `/${saga?.id}/actions`, wish);
    const approve = `/actions/${asked.body.id}/approve`;
    expect(codeOf(await staff(sam, 'POST', approve))).toBe('422 second-person-required');
    expect(codeOf(await staff(sue, 'POST', approve))).toBe('200 approved');
    bank.line.on = () => {};
    expect(await bank.ended(old.id)).toBe('completed');
    expect(await bank.inLedger(old.id)).toBe('closed 0 0');
    expect((await first).status).toBe(202);
  });

  it('is one, however often its key is sent at once', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(customer(1));
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => bank.closed(alice, old.id, target.iban, key)));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.map(codeOf)).toEqual(Array(6).fill('200 closed'));
    expect(await bank.sagasOf(old.id)).toEqual(['completed']);
    expect(await bank.inLedger(target.id)).toBe('active 1000 0');
  });

  it('is one of several that were asked for at once under keys of their own', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(alice);
    const answers = await Promise.all(Array.from({ length: 5 }, () => bank.closed(alice, old.id, target.iban)));
    for (const answer of answers) {
      expect(['200 closed', '409 change-in-progress', '409 account-closed']).toContain(codeOf(answer));
    }
    expect(await bank.ended(old.id)).toBe('completed');
    expect(await bank.sagasOf(old.id)).toHaveLength(1);
    expect(await bank.inLedger(target.id)).toBe('active 1000 0');
  });

  it.each([
    ['begin-closing', 'before'],
    ['begin-closing', 'after'],
    ['sweep', 'before'],
    ['sweep', 'after'],
    ['close', 'before'],
    ['close', 'after'],
  ] as const)('goes on when the service stops at %s, %s it was done', async (step, place) => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(customer(1), '1.00');
    const key = randomUUID();
    const { reached, lose } = stopAt(step, place);
    // Whoever asked may hear nothing more.
    const first = bank.closeInto(alice, old.id, target.iban, key).catch(() => undefined);
    await reached;
    await bank.restartAccounts(lose);
    await first;
    expect(await bank.ended(old.id)).toBe('completed');
    expect(codeOf(await bank.closed(alice, old.id, target.iban, key))).toBe('200 closed');
    expect([await bank.inLedger(old.id), await bank.inLedger(target.id)]).toEqual(['closed 0 0', 'active 1100 0']);
    expect(await bank.statusOf(alice, old.id)).toBe('closed');
  });

  it('goes back when the service stops on the way back', async () => {
    const alice = customer(0);
    const bob = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(bob);
    const { reached, lose } = stopAt('reopen', 'after');
    const { on } = bank.line;
    bank.line.on = async (operation, where) => {
      if (operation === 'sweep' && where === 'before') {
        await bank.call('accounts', bob, 'POST', `/v1/accounts/${target.id}/close`);
      }
      return on(operation, where);
    };
    const first = bank.closeInto(alice, old.id, target.iban).catch(() => undefined);
    await reached;
    expect(await bank.statusOf(alice, old.id)).toBe('closing');
    await bank.restartAccounts(lose);
    await first;
    expect(await bank.ended(old.id)).toBe('compensated');
    expect([await bank.statusOf(alice, old.id), await bank.inLedger(old.id)]).toEqual(['active', 'active 1000 0']);
  });

  it('waits for the other shard, through a restart of both, and closes when the money has arrived', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(customer(1));
    const [, second] = bank.databases.shards;
    const key = randomUUID();
    await second?.database.transaction(async (tx) => {
      // Nobody can credit the other account while it is locked.
      await tx.query(sql`SELECT FROM account WHERE id = ${target.id} FOR UPDATE`);
      expect(codeOf(await bank.closeInto(alice, old.id, target.iban, key))).toBe('202 closing');
      // The answer is given after a while whatever was done by then: on a busy machine the sweep may come later.
      await expect.poll(() => bank.inLedger(old.id), { timeout: 30_000 }).toBe('closing 0 0');
      await bank.restartBoth();
      expect(await bank.sagasOf(old.id)).toEqual(['running']);
    });
    expect(await bank.ended(old.id)).toBe('completed');
    expect(codeOf(await bank.closed(alice, old.id, target.iban, key))).toBe('200 closed');
    expect([await bank.inLedger(old.id), await bank.inLedger(target.id)]).toEqual(['closed 0 0', 'active 1000 0']);
  });

  it('races a freeze, and one of them is first, for both sides the same', async () => {
    for (let round = 0; round < 10; round += 1) {
      const alice = customer(0);
      const old = await bank.open(alice, '10.00');
      const target = await bank.open(alice);
      const reason = { body: { reason: 'suspicious' } };
      const freeze = () => bank.call('accounts', fay, 'POST', `/v1/accounts/${old.id}/freeze`, reason);
      const close = () => bank.closed(alice, old.id, target.iban);
      const [frozen, closed] = await Promise.all([insistently(freeze), close()]);
      const isClosed = codeOf(closed) === '200 closed';
      if (isClosed) expect(['409 change-in-progress', '409 account-closed', '200 frozen']).toContain(codeOf(frozen));
      else expect([codeOf(frozen), codeOf(closed)]).toEqual(['200 frozen', '409 account-frozen']);
      const status = isClosed ? 'closed' : 'frozen';
      expect(await bank.statusOf(alice, old.id)).toBe(status);
      expect(await bank.inLedger(old.id)).toBe(isClosed ? 'closed 0 0' : 'frozen 1000 0');
      expect(await bank.inLedger(target.id)).toBe(`active ${isClosed ? 1000 : 0} 0`);
    }
  });

  it('races money from another shard, which is refused, goes along, or is in suspense', async () => {
    let inSuspense = 0;
    for (let round = 0; round < 12; round += 1) {
      const [alice, bob] = [customer(0), customer(1)];
      const old = await bank.open(alice, '10.00');
      const [target, far] = [await bank.open(alice), await bank.open(bob, '10.00')];
      const body = { fromAccountId: far.id, toAccountId: old.id, amount: { amount: '5.00', currency: 'EUR' } };
      const send = () => bank.call('transactions', bob, 'POST', '/v1/transfers', { body });
      const [sent, closed] = await Promise.all([send(), bank.closed(alice, old.id, target.iban)]);
      expect(codeOf(closed)).toBe('200 closed');
      expect(await bank.inLedger(old.id)).toBe('closed 0 0');
      if (sent.status !== 202) {
        expect(codeOf(sent)).toBe('409 account-not-active');
        expect([await bank.inLedger(far.id), await bank.inLedger(target.id)]).toEqual([
          'active 1000 0',
          'active 1000 0',
        ]);
        continue;
      }
      const transfer = () => bank.call('transactions', bob, 'GET', `/v1/transfers/${sent.body.id}`);
      await expect.poll(async () => codeOf(await transfer()), { timeout: 20_000 }).toBe('200 completed');
      expect(await bank.inLedger(far.id)).toBe('active 500 0');
      const goneAlong = (await bank.inLedger(target.id)) === 'active 1500 0';
      if (goneAlong) continue;
      expect(await bank.inLedger(target.id)).toBe('active 1000 0');
      inSuspense += 5;
    }
    expect((await bank.proof()).suspense).toBe(`${inSuspense}.00`);
  });
});
