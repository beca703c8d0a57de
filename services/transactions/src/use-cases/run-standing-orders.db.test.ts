import { sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findAccounts } from '../repositories/accounts.ts';
import { openTestStandingOrders, type TestStandingOrders } from '../testing/test-standing-orders.ts';
import { reconcile } from './reconcile.ts';
import { runStandingOrders } from './run-standing-orders.ts';

let bank: TestStandingOrders;
let alice: string;
let bob: string;

beforeAll(async () => {
  bank = await openTestStandingOrders('2027-01-31');
});
afterAll(async () => {
  const proof = await reconcile({ db: bank.deps.db, clock: () => 0 }, 'full');
  await bank.close();
  expect(proof.findings).toEqual([]);
});

/** Each test has accounts of its own, and none leaves an order behind that is due in the next. */
beforeEach(async () => {
  await bank.cancelAll();
  alice = await bank.bank.open('alice', 10_000n);
  bob = await bank.bank.open('bob', 0n);
});

async function topUp(amountMinor: bigint): Promise<void> {
  const money = { amountMinor, currency: 'EUR', reference: '' };
  await bank.bank.run({ kind: 'deposit', id: bank.deps.newId(0), actor: 'teller', accountId: alice, ...money });
}

describe('a standing order', () => {
  it('pays on its date and not before, once, like any transfer', async () => {
    const id = await bank.order(alice, bob, { startDate: '2027-02-03', frequency: 'weekly', amountMinor: 250n });
    expect([await bank.run(), await bank.historyOf(id)]).toEqual([0, []]);
    bank.moveTo('2027-02-03');
    expect([await bank.run(), await bank.run()]).toEqual([1, 0]);
    expect([await bank.historyOf(id), await bank.stateOf(id)]).toEqual([
      ['2027-02-03 #1 completed'],
      'active 2027-02-10',
    ]);
    expect([await bank.balanceOf(alice), await bank.balanceOf(bob)]).toEqual([9_750n, 250n]);
    const [journal] = await bank.deps.db.query(sql`
      SELECT kind, actor, reference, business_date, e.transfer_id = journal.id AS is_noted FROM journal
      JOIN standing_order_execution AS e ON e.order_id = ${id} WHERE journal.debit_account = ${alice}`);
    expect(journal).toEqual({
      kind: 'transfer',
      actor: 'alice',
      reference: 'rent',
      business_date: '2027-02-03',
      is_noted: true,
    });
  });

  it('tells that its payee was paid, and takes the fee of any transfer', async () => {
    await bank.control(alice, 2, { transferFeeMinor: 7n });
    await bank.order(alice, bob);
    await bank.order(alice, bob, { amountMinor: 20_000n });
    const paid: string[] = [];
    await runStandingOrders({ ...bank.deps, notePaid: (owner, iban) => paid.push(`${owner} ${iban}`) });
    const [account] = await findAccounts(bank.deps.db, [bob]);
    expect([paid, await bank.balanceOf(alice)]).toEqual([[`alice ${account?.iban}`], 9_893n]);
  });

  it('pays every date in its order when the clock has gone three months ahead, and ends with the last', async () => {
    bank.moveTo('2027-03-31');
    const id = await bank.order(alice, bob, { startDate: '2027-03-31', endDate: '2027-07-30' });
    bank.moveTo('2027-07-01');
    expect(await bank.run()).toBe(4);
    expect(await bank.historyOf(id)).toEqual([
      '2027-03-31 #1 completed',
      '2027-04-30 #1 completed',
      '2027-05-31 #1 completed',
      '2027-06-30 #1 completed',
    ]);
    expect([await bank.stateOf(id), await bank.balanceOf(bob)]).toEqual(['ended', 400n]);
    bank.moveTo('2027-09-01');
    expect(await bank.run()).toBe(0);
  });

  it('makes up for so many dates a run, and for the rest in the next', async () => {
    const id = await bank.order(alice, bob, { frequency: 'weekly', amountMinor: 1n });
    bank.clock.advance(40 * 7 * 86_400_000);
    expect([await bank.run(), await bank.run(), await bank.run()]).toEqual([32, 9, 0]);
    expect(await bank.balanceOf(bob)).toBe(41n);
    const history = await bank.historyOf(id);
    expect(history).toEqual([...history].sort());
  });
});

describe('a payment that lacks funds', () => {
  it('is tried on the next three dates, and then the schedule goes on', async () => {
    const first = bank.deps.now().businessDate;
    const id = await bank.order(alice, bob, { amountMinor: 20_000n, frequency: 'weekly' });
    for (let day = 0; day < 6; day += 1) {
      expect([await bank.run(), await bank.run()]).toEqual([day < 4 ? 1 : 0, 0]);
      bank.nextDay();
    }
    expect(await bank.historyOf(id)).toEqual([
      `${first} #1 will-retry insufficient-funds`,
      `${first} #2 will-retry insufficient-funds`,
      `${first} #3 will-retry insufficient-funds`,
      `${first} #4 failed insufficient-funds`,
    ]);
    await topUp(15_000n);
    bank.nextDay();
    expect(await bank.run()).toBe(1);
    expect(await bank.balanceOf(bob)).toBe(20_000n);
  });

  it('is made when the funds arrive, under the date it was due', async () => {
    const first = bank.deps.now().businessDate;
    const id = await bank.order(alice, bob, { amountMinor: 20_000n });
    await bank.run();
    await topUp(15_000n);
    expect(await bank.run()).toBe(0);
    bank.nextDay();
    expect(await bank.run()).toBe(1);
    expect(await bank.historyOf(id)).toEqual([`${first} #1 will-retry insufficient-funds`, `${first} #2 completed`]);
    expect(await bank.balanceOf(bob)).toBe(20_000n);
  });

  it('is tried again for a daily limit and for a frozen payer as well', async () => {
    await bank.control(alice, 2, { dailyLimitMinor: 50n });
    const id = await bank.order(alice, bob);
    const first = bank.deps.now().businessDate;
    await bank.run();
    await bank.control(alice, 3, { dailyLimitMinor: 1_000n, status: 'frozen' });
    bank.nextDay();
    await bank.run();
    await bank.control(alice, 4, { status: 'active' });
    bank.nextDay();
    await bank.run();
    expect(await bank.historyOf(id)).toEqual([
      `${first} #1 will-retry daily-limit-exceeded`,
      `${first} #2 will-retry account-not-active`,
      `${first} #3 completed`,
    ]);
  });

  it('has had its chances when the bank was away over them', async () => {
    const first = bank.deps.now().businessDate;
    const id = await bank.order(alice, bob, { amountMinor: 20_000n, frequency: 'weekly' });
    bank.clock.advance(8 * 86_400_000);
    expect(await bank.run()).toBe(2);
    const [one, two] = await bank.historyOf(id);
    expect([one, two?.slice(10)]).toEqual([
      `${first} #1 failed insufficient-funds`,
      ' #1 will-retry insufficient-funds',
    ]);
  });
});

describe('an order that can not go on', () => {
  it.each<[string, () => string, object, string]>([
    ['the payee closed the account', () => bob, { status: 'closed' }, 'account-not-active'],
    ['the payee is closing the account', () => bob, { status: 'closing' }, 'account-not-active'],
    ['the payer is closing the account', () => alice, { status: 'closing' }, 'account-not-active'],
    ['the account is no longer its owner’s', () => alice, { owners: ['bob'] }, 'account-not-found'],
  ])('pauses when %s', async (_, account, inForce, code) => {
    const first = bank.deps.now().businessDate;
    const id = await bank.order(alice, bob, { frequency: 'weekly' });
    await bank.control(account(), 2, inForce);
    expect([await bank.run(), await bank.run()]).toEqual([1, 0]);
    const [state, history] = [await bank.stateOf(id), await bank.historyOf(id)];
    expect([state.slice(0, -11), history]).toEqual([`paused ${code}`, [`${first} #1 failed ${code}`]]);
    bank.clock.advance(30 * 86_400_000);
    expect([await bank.run(), await bank.balanceOf(bob)]).toEqual([0, 0n]);
  });

  it('goes on when its owner wants it to, with the next date from that day', async () => {
    bank.moveTo('2028-11-01');
    const id = await bank.order(alice, bob);
    await bank.control(bob, 2, { status: 'closing' });
    await bank.run();
    await bank.control(bob, 3, { status: 'active' });
    bank.moveTo('2029-02-15');
    expect(await bank.change(id, { action: 'resume' })).toBe('active 2029-03-01');
    bank.moveTo('2029-03-01');
    await bank.run();
    expect(await bank.historyOf(id)).toEqual(['2028-11-01 #1 failed account-not-active', '2029-03-01 #1 completed']);
  });
});

describe('a paused order', () => {
  it('pays nothing and makes up for nothing', async () => {
    bank.moveTo('2029-04-10');
    const id = await bank.order(alice, bob);
    expect(await bank.change(id, { action: 'pause' })).toBe('paused by-owner 2029-04-10');
    bank.moveTo('2029-07-09');
    expect(await bank.run()).toBe(0);
    expect(await bank.change(id, { action: 'resume' })).toBe('active 2029-07-10');
    bank.nextDay();
    expect([await bank.run(), await bank.historyOf(id)]).toEqual([1, ['2029-07-10 #1 completed']]);
  });
});

it('customers take turns: many orders of one do not keep another waiting', async () => {
  for (let count = 0; count < 40; count += 1) await bank.order(alice, bob, { amountMinor: 1n, frequency: 'weekly' });
  bank.clock.advance(70 * 86_400_000);
  const hers = await bank.bank.open('carol', 100n);
  await bank.order(hers, bob, { owner: 'carol', amountMinor: 1n });
  await bank.run();
  const [turn] = await bank.deps.db.query<{ before: bigint }>(sql`
    SELECT count(*) AS before FROM journal WHERE debit_account = ${alice}
      AND id < (SELECT id FROM journal WHERE debit_account = ${hers})`);
  expect(turn?.before).toBeLessThan(32n);
});
