import { sql } from '@florin/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStandingOrders, type TestStandingOrders } from '../testing/test-standing-orders.ts';

let bank: TestStandingOrders;

beforeAll(async () => {
  bank = await openTestStandingOrders('2027-03-31');
  const [from, to] = [await bank.bank.open('alice', 1_000n), await bank.bank.open('bob', 0n)];
  await bank.order(from, to);
  await bank.run();
  await bank.deps.db.execute(sql`
    INSERT INTO payee (id, owner, name, iban, name_check, created_at)
    VALUES (gen_random_uuid(), 'alice', 'Bob', 'NL', 'match', now())`);
});
afterAll(() => bank.close());

describe('the role that serves requests', () => {
  it.each([
    ['changes what became of a date', sql`UPDATE standing_order_execution SET outcome = 'failed'`],
    ['deletes what became of a date', sql`DELETE FROM standing_order_execution`],
    ['deletes an order', sql`DELETE FROM standing_order`],
    ['changes the amount of an order', sql`UPDATE standing_order SET amount = amount + 1`],
    ['changes whom an order pays', sql`UPDATE standing_order SET to_account = from_account`],
    ['changes whose an order is', sql`UPDATE standing_order SET owner = 'bob'`],
    ['changes the account of a payee', sql`UPDATE payee SET iban = 'XX'`],
  ])('never %s', async (_, statement) => {
    await expect(bank.deps.db.execute(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the database itself', () => {
  it.each([
    [
      'a second end of a date',
      sql`INSERT INTO standing_order_execution (order_id, due_date, attempt, outcome, at)
      SELECT order_id, due_date, 2, 'skipped', at FROM standing_order_execution`,
    ],
    ['an attempt twice', sql`INSERT INTO standing_order_execution SELECT * FROM standing_order_execution`],
    [
      'a payment without a transfer',
      sql`INSERT INTO standing_order_execution (order_id, due_date, attempt, outcome, at)
      SELECT order_id, due_date + 1, 1, 'completed', at FROM standing_order_execution`,
    ],
    [
      'a failure without a reason',
      sql`INSERT INTO standing_order_execution (order_id, due_date, attempt, outcome, at)
      SELECT order_id, due_date + 1, 1, 'failed', at FROM standing_order_execution`,
    ],
    ['an active order without a next date', sql`UPDATE standing_order SET next_date = NULL, try_on = NULL`],
    ['an order that is over and has a next date', sql`UPDATE standing_order SET status = 'ended', over_at = now()`],
    ['an order that rests for no reason', sql`UPDATE standing_order SET status = 'paused'`],
    ['a payee twice', sql`INSERT INTO payee SELECT gen_random_uuid(), owner, name, iban, name_check, now() FROM payee`],
  ])('refuses %s', async (_, statement) => {
    await expect(bank.deps.db.execute(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });
});
