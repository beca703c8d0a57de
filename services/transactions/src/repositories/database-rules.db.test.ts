import { type Database, openDatabase, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLedger, type TestLedger, transferOf } from '../testing/test-ledger.ts';

let bank: TestLedger;
let runtime: Database;
let from: string;

beforeAll(async () => {
  bank = await openTestLedger();
  runtime = bank.database.database;
  from = await bank.open('alice', 1_000n);
  await bank.run(transferOf(from, await bank.open('bob', 0n), 400n));
});
afterAll(() => bank.close());

const NOT_ALLOWED = { code: '42501' };

describe('the role that serves requests', () => {
  it.each([
    ['changes a posting', sql`UPDATE posting SET amount = amount + 1`],
    ['deletes a posting', sql`DELETE FROM posting`],
    ['empties the postings', sql`TRUNCATE posting`],
    ['changes a journal', sql`UPDATE journal SET amount = 1`],
    ['deletes a journal', sql`DELETE FROM journal`],
    ['empties the journals', sql`TRUNCATE journal`],
    ['deletes an account', sql`DELETE FROM account`],
    ['deletes a hold', sql`DELETE FROM hold`],
    ['changes a remembered answer', sql`UPDATE command SET body = ''`],
    ['forgets who was refused', sql`DELETE FROM refused_reversal`],
    ['switches the balance trigger off', sql`ALTER TABLE posting DISABLE TRIGGER posting_balanced`],
    ['drops the balance trigger', sql`DROP TRIGGER posting_balanced ON posting`],
    ['replaces what the trigger does', sql`DROP FUNCTION refuse_unbalanced_journal() CASCADE`],
    ['goes round the triggers', sql`SET session_replication_role = replica`],
    ['makes a table', sql`CREATE TABLE mine (id int)`],
    ['makes a function', sql`CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'`],
    ['gives itself a right', sql`GRANT UPDATE ON posting TO CURRENT_USER`],
  ])('never %s', async (_, statement) => {
    const before = await countOf();
    // GRANT by somebody who holds no grant option is a warning in PostgreSQL, so its effect is what counts.
    if (statement.text.startsWith('GRANT')) await runtime.execute(statement).catch(() => 0);
    else
      await expect(runtime.execute(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^42(501|P01)$/) });
    await expect(runtime.execute(sql`UPDATE posting SET amount = amount`)).rejects.toMatchObject(NOT_ALLOWED);
    expect(await countOf()).toEqual(before);
  });
});

async function countOf() {
  return runtime.query(sql`SELECT count(*), sum(amount) FROM posting`);
}

function posting(journalId: string, amounts: readonly bigint[], currencies: readonly string[]) {
  return sql`INSERT INTO posting (account_id, journal_id, amount, currency)
    SELECT ${from}, ${journalId}, * FROM unnest(${amounts}::bigint[], ${currencies}::text[])`;
}

describe('the database itself', () => {
  it.each<[string, bigint[], string[]]>([
    ['is one-sided', [100n], ['EUR']],
    ['is a cent off', [100n, -99n], ['EUR', 'EUR']],
    ['balances only across currencies', [100n, -100n], ['EUR', 'USD']],
  ])('refuses a journal that %s', async (_, amounts, currencies) => {
    const before = await countOf();
    const insert = runtime.execute(posting(newId(0), amounts, currencies));
    await expect(insert).rejects.toMatchObject({ code: '23514', constraint: 'journal_balanced' });
    expect(await countOf()).toEqual(before);
  });

  it('refuses a journal whose halves come one after the other, and one among good ones', async () => {
    const journalId = newId(0);
    const halves = runtime.transaction(async (tx) => {
      await tx.execute(posting(journalId, [5n], ['EUR']));
      await tx.execute(posting(journalId, [-5n], ['EUR']));
    });
    await expect(halves).rejects.toMatchObject({ constraint: 'journal_balanced' });
    const several = sql`INSERT INTO posting (account_id, journal_id, amount, currency)
      SELECT ${from}, * FROM unnest(${[newId(0), journalId]}::uuid[], ${[5n, -5n]}::bigint[], ${['EUR', 'EUR']}::text[])`;
    await expect(runtime.execute(several)).rejects.toMatchObject({ constraint: 'journal_balanced' });
  });

  it('refuses a second reversal of a journal, and a journal with one side', async () => {
    const journal = (reversalOf: string | null, to: string) => sql`
      INSERT INTO journal (id, kind, debit_account, credit_account, amount, currency, reference, actor, booked_at,
        value_date, business_date, reversal_of)
      VALUES (${newId(0)}, 'reversal', ${from}, ${to}, 1, 'EUR', '', 'sam', now(), '2026-03-10', '2026-03-10', ${reversalOf})`;
    const reversed = newId(0);
    await runtime.execute(journal(reversed, newId(0)));
    const again = runtime.execute(journal(reversed, newId(0)));
    await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'journal_reversal_of' });
    await expect(runtime.execute(journal(null, from))).rejects.toMatchObject({ code: '23514' });
  });

  it.each([
    ['an account in a state that is none', sql`UPDATE account SET status = 'gone'`],
    ['less than nothing held', sql`UPDATE account SET held = -1`],
    ['an overdraft below zero', sql`UPDATE account SET overdraft = -1`],
    ['a key twice', sql`INSERT INTO command SELECT * FROM command LIMIT 1`],
  ])('refuses %s', async (_, statement) => {
    await expect(runtime.execute(statement)).rejects.toMatchObject({ code: expect.stringMatching(/^23/) });
  });

  it('lets the owner, and nobody else, see to the tables', async () => {
    const owner = openDatabase({ url: bank.database.ownerUrl, applicationName: 'owner' });
    try {
      expect(await owner.execute(sql`UPDATE posting SET amount = amount`)).toBeGreaterThan(0);
    } finally {
      await owner.close();
    }
  });
});
