import { openSession, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestLedger } from '../testing/test-ledger.ts';
import {
  changeAs,
  depsOf,
  openTestStandingOrders,
  type TestStandingOrders,
  withLedger,
} from '../testing/test-standing-orders.ts';
import { runStandingOrders } from './run-standing-orders.ts';

let bank: TestStandingOrders;
let alice: string;
let bob: string;

beforeAll(async () => {
  bank = await openTestStandingOrders('2027-03-31');
});
afterAll(() => bank.close());
beforeEach(async () => {
  await bank.cancelAll();
  alice = await bank.bank.open('alice', 1_000_000n);
  bob = await bank.bank.open('bob', 0n);
});

/** The bank as it is killed after a payment was posted and before that was written down. */
function dyingAfterPosting() {
  return { ...bank.deps, publish: () => Promise.reject(new Error('killed')) };
}

const forgetKeys = () => bank.deps.db.execute(sql`DELETE FROM command WHERE scope = 'standing-orders'`);

describe('a crash', () => {
  it('between a payment and its note is settled by the answer', async () => {
    const id = await bank.order(alice, bob);
    await expect(runStandingOrders(dyingAfterPosting())).rejects.toThrow('killed');
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([100n, []]);
    expect(await bank.run()).toBe(0);
    await bank.releaseClaims();
    expect([await bank.run(), await bank.run()]).toEqual([1, 0]);
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([100n, ['2027-03-31 #1 completed']]);
  });

  it('is settled by the journal when it lasted until the keys were forgotten', async () => {
    const id = await bank.order(alice, bob);
    await expect(runStandingOrders(dyingAfterPosting())).rejects.toThrow('killed');
    await forgetKeys();
    await bank.releaseClaims();
    expect(await bank.run()).toBe(1);
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([100n, ['2027-03-31 #1 completed']]);
  });

  it('in the middle of three months leaves each date paid once, in order', async () => {
    const id = await bank.order(alice, bob);
    bank.moveTo('2027-06-30');
    // Killed at the note of every other payment, once before and once after the keys are forgotten.
    for (let life = 0; life < 8; life += 1) {
      await runStandingOrders(dyingAfterPosting()).catch(() => 0);
      await bank.releaseClaims();
      if (life % 2 === 1) await forgetKeys();
      let notes = 0;
      const dyingLater = {
        ...bank.deps,
        publish: (...facts: Parameters<typeof bank.deps.publish>) =>
          ++notes > 1 ? Promise.reject(new Error('killed')) : bank.deps.publish(...facts),
      };
      await runStandingOrders(dyingLater).catch(() => 0);
      await bank.releaseClaims();
    }
    expect(await bank.historyOf(id)).toEqual([
      '2027-03-31 #1 completed',
      '2027-04-30 #1 completed',
      '2027-05-31 #1 completed',
      '2027-06-30 #1 completed',
    ]);
    expect(await bank.balanceOf(bob)).toBe(400n);
  });

  it('after an order was taken and before the ledger was asked costs nothing but time', async () => {
    const id = await bank.order(alice, bob);
    const dying = withLedger(bank.deps, () =>
      Promise.reject(new Fault('database-unavailable', 'gone', { retryable: true })),
    );
    await expect(runStandingOrders(dying)).rejects.toThrow('gone');
    await bank.releaseClaims();
    expect(await bank.run()).toBe(1);
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([
      100n,
      [expect.stringContaining('#1 completed')],
    ]);
  });

  it('is no reason to pay what its owner skips, pauses or cancels next', async () => {
    const today = bank.deps.now().businessDate;
    const ids = [await bank.order(alice, bob), await bank.order(alice, bob), await bank.order(alice, bob)];
    await expect(runStandingOrders(dyingAfterPosting())).rejects.toThrow('killed');
    const [skipped = '', paused = '', cancelled = ''] = ids;
    // What was paid can not be skipped any more.
    expect(await bank.change(skipped, { action: 'skip', date: today })).toBe('not-the-next-date');
    await forgetKeys();
    expect(await bank.change(paused, { action: 'pause' })).toMatch(/^paused by-owner 2027-07/);
    expect(await bank.change(cancelled, { action: 'cancel' })).toBe('cancelled');
    await bank.releaseClaims();
    expect(await bank.run()).toBe(0);
    for (const id of ids) expect(await bank.historyOf(id)).toEqual([`${today} #1 completed`]);
    expect(await bank.balanceOf(bob)).toBe(300n);
  });
});

describe('an order that can not be noted', () => {
  it('does not hold up the others, and is noted when it can be', async () => {
    const ids = [await bank.order(alice, bob), await bank.order(alice, bob), await bank.order(alice, bob)];
    const [, stubborn] = ids;
    const broken = {
      ...bank.deps,
      publish: (...[tx, facts]: Parameters<typeof bank.deps.publish>) =>
        facts.some(({ order }) => order.id === stubborn)
          ? Promise.reject(new Error('a mistake of ours'))
          : bank.deps.publish(tx, facts),
    };
    await expect(runStandingOrders(broken)).rejects.toThrow('a mistake of ours');
    const noted = await Promise.all(ids.map((id) => bank.historyOf(id)));
    expect([noted.map(({ length }) => length), await bank.balanceOf(bob)]).toEqual([[1, 0, 1], 300n]);
    await bank.releaseClaims();
    expect([await bank.run(), await bank.balanceOf(bob)]).toEqual([1, 300n]);
  });
});

describe('a busy account', () => {
  it('is not an attempt: the payment is made when it is free', async () => {
    const id = await bank.order(alice, bob);
    const other = openSession({ url: bank.bank.database.url, applicationName: 'other' });
    await other.begin();
    await other.query(sql`SELECT FROM account WHERE id = ${bob} FOR UPDATE`);
    expect(await bank.run()).toBe(0);
    await other.rollback();
    await other.close();
    expect([await bank.historyOf(id), await bank.run()]).toEqual([[], 0]);
    await bank.releaseClaims();
    expect(await bank.run()).toBe(1);
    expect(await bank.historyOf(id)).toEqual([expect.stringContaining('#1 completed')]);
  });
});

describe('a change while a payment is under way', () => {
  it.each([
    ['pause', { action: 'pause' }, /^paused by-owner 2027-06-30$/],
    ['skip', { action: 'skip', date: '2027-06-30' }, /^active 2027-07-30$/],
    ['cancel', { action: 'cancel' }, /^cancelled$/],
  ] as const)('%s: comes first, and the payment is never made', async (_, request, state) => {
    const id = await bank.order(alice, bob);
    const slow = withLedger(bank.deps, async (pay) => {
      expect(await bank.change(id, request)).toMatch(state);
      return pay();
    });
    await runStandingOrders(slow);
    expect([await bank.balanceOf(bob), await bank.run()]).toEqual([0n, 0]);
    expect(await bank.stateOf(id)).toMatch(state);
    if (request.action === 'pause') {
      expect(await bank.change(id, { action: 'resume' })).toBe('active 2027-06-30');
      expect([await bank.run(), await bank.balanceOf(bob)]).toEqual([1, 100n]);
    }
  });

  it.each([
    ['pause', { action: 'pause' }, 'paused by-owner 2027-07-30'],
    ['skip', { action: 'skip', date: '2027-06-30' }, 'not-the-next-date'],
    ['cancel', { action: 'cancel' }, 'cancelled'],
  ] as const)('%s: comes second, and meets the order as paid', async (_, request, state) => {
    const id = await bank.order(alice, bob);
    const slow = withLedger(bank.deps, async (pay) => {
      const outcome = await pay();
      expect(await bank.change(id, request)).toBe(state);
      return outcome;
    });
    await runStandingOrders(slow);
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([100n, ['2027-06-30 #1 completed']]);
    expect(await bank.run()).toBe(0);
  });

  it('is before or after it, never both, however they meet', async () => {
    const second = await openTestLedger({ beside: bank.bank, now: bank.clock });
    const other = depsOf(second, bank.clock);
    const ids: string[] = [];
    for (let count = 0; count < 40; count += 1) ids.push(await bank.order(alice, bob));
    const [, , ...states] = await Promise.all([
      bank.run(),
      runStandingOrders(other),
      ...ids.map((id, index) => changeAs(index % 2 === 0 ? bank.deps : other, id, { action: 'pause' })),
    ]);
    await bank.releaseClaims();
    expect(await bank.run()).toBe(0);
    let paid = 0n;
    for (const [index, id] of ids.entries()) {
      const history = await bank.historyOf(id);
      expect([history, states[index]]).toEqual(
        history.length === 0
          ? [[], 'paused by-owner 2027-06-30']
          : [['2027-06-30 #1 completed'], 'paused by-owner 2027-07-30'],
      );
      if (history.length > 0) paid += 100n;
    }
    expect(await bank.balanceOf(bob)).toBe(paid);
    await second.close();
  });
});

describe('two processes at once', () => {
  it('pay each date once', async () => {
    const second = await openTestLedger({ beside: bank.bank, now: bank.clock });
    const other = depsOf(second, bank.clock);
    const ids: string[] = [];
    for (let count = 0; count < 60; count += 1)
      ids.push(await bank.order(alice, bob, { frequency: 'weekly', amountMinor: 1n }));
    const first = bank.deps.now().businessDate;
    bank.clock.advance(14 * 86_400_000);
    let decided = 0;
    for (let round = 0; round < 3; round += 1) {
      const counts = await Promise.all([bank.run(), runStandingOrders(other), bank.run(), runStandingOrders(other)]);
      decided += counts.reduce((sum, count) => sum + count, 0);
    }
    expect([decided, await bank.balanceOf(bob)]).toEqual([180, 180n]);
    for (const id of ids) {
      const history = await bank.historyOf(id);
      expect([history.length, history[0]]).toEqual([3, `${first} #1 completed`]);
    }
    await second.close();
  });

  it('pay once even when the second takes an order that the first has not let go', async () => {
    const second = await openTestLedger({ beside: bank.bank, now: bank.clock });
    const other = depsOf(second, bank.clock);
    const id = await bank.order(alice, bob);
    const slow = withLedger(bank.deps, async (pay) => {
      await bank.releaseClaims();
      const [outcome] = await Promise.all([pay(), runStandingOrders(other)]);
      return outcome;
    });
    await runStandingOrders(slow);
    expect([await bank.balanceOf(bob), await bank.historyOf(id)]).toEqual([
      100n,
      [expect.stringContaining('#1 completed')],
    ]);
    await second.close();
  });
});
