import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messagingMigrations } from '@florin/messaging';
import { openDatabase, sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Statement } from '../domain/statement.ts';
import { findAccountsDue, findStatements, insertStatement } from './statements.ts';

const migrations = new URL('../../migrations/', import.meta.url);

let opened: TestDatabase;
beforeAll(async () => {
  opened = await testDatabase([messagingMigrations, migrations]);
});
afterAll(async () => opened.close());

async function insertAccount(openedAt = '2026-01-15T00:00:00Z'): Promise<string> {
  const id = randomUUID();
  await opened.database.execute(sql`
    INSERT INTO account (id, iban, name, product_code, currency, holder_name, status, overdraft_minor,
      daily_limit_minor, transfer_fee_minor, control_version, opened_at)
    VALUES (${id}, ${id}, 'Everyday', 'current-eur', 'EUR', 'Alice', 'active', 0, 0, 0, 1, ${new Date(openedAt)})`);
  return id;
}

function january(accountId: string): Statement {
  return {
    accountId,
    period: '2026-01',
    sequence: 1,
    from: '2026-01-15',
    to: '2026-01-31',
    firstVersion: 1,
    lastVersion: 4,
    openingMinor: 0n,
    closingMinor: 70n,
    creditsMinor: 100n,
    debitsMinor: 30n,
    lineCount: 2,
    creditCount: 1,
    iban: accountId,
    holderName: 'Alice',
    accountName: 'Everyday',
    currency: 'EUR',
    linesSha256: 'a'.repeat(64),
    frozenAtMs: Date.UTC(2026, 1, 1, 0, 1),
  };
}

function february(accountId: string): Statement {
  return {
    ...january(accountId),
    period: '2026-02',
    sequence: 2,
    from: '2026-02-01',
    to: '2026-02-28',
    firstVersion: 5,
    lastVersion: 4,
    openingMinor: 70n,
    closingMinor: 70n,
    creditsMinor: 0n,
    debitsMinor: 0n,
    lineCount: 0,
    creditCount: 0,
    frozenAtMs: Date.UTC(2026, 2, 1, 0, 1),
  };
}

it('keeps statements that go on from each other, each once', async () => {
  const id = await insertAccount();
  await insertStatement(opened.database, january(id));
  await insertStatement(opened.database, february(id));
  await insertStatement(opened.database, { ...february(id), accountName: 'another name' });
  const found = await findStatements(opened.database, id, { before: 100, limit: 10 });
  expect(found).toEqual([february(id), january(id)]);
});

it.each<[string, Partial<Statement>]>([
  ['a sum that is wrong', { closingMinor: 71n, creditsMinor: 0n }],
  ['another opening than the closing before', { openingMinor: 71n, closingMinor: 71n }],
  ['versions left out', { firstVersion: 6, lastVersion: 5 }],
  ['versions taken twice', { firstVersion: 4, lastVersion: 4 }],
  ['a number left out', { sequence: 3 }],
  ['a month left out', { period: '2026-03', from: '2026-03-01', to: '2026-03-31' }],
  ['a month that is cut short', { to: '2026-02-27' }],
  ['days of another month', { period: '2026-01' }],
  ['another currency', { currency: 'USD' }],
  ['a month that is not over', { frozenAtMs: Date.UTC(2026, 1, 28) }],
  ['no digest', { linesSha256: '' }],
  ['an end before its beginning', { lastVersion: 3 }],
  ['more credits than lines', { creditCount: 1 }],
])('refuses %s', async (_what, wrong) => {
  const id = await insertAccount();
  await insertStatement(opened.database, january(id));
  const refused = insertStatement(opened.database, { ...february(id), ...wrong });
  await expect(refused).rejects.toMatchObject({ code: '23514' });
});

it('refuses a first statement that does not begin with nothing', async () => {
  const id = await insertAccount();
  const wrong = { ...january(id), openingMinor: 5n, closingMinor: 75n };
  await expect(insertStatement(opened.database, wrong)).rejects.toMatchObject({ code: '23514' });
  await expect(insertStatement(opened.database, february(id))).rejects.toMatchObject({ code: '23514' });
});

it('lets the role that serves requests change nothing that is written', async () => {
  const id = await insertAccount();
  await insertStatement(opened.database, january(id));
  for (const statement of [
    sql`UPDATE statement SET holder_name = 'Mallory'`,
    sql`DELETE FROM statement`,
    sql`TRUNCATE statement`,
    sql`DROP TABLE statement`,
    sql`DELETE FROM history`,
    sql`UPDATE history SET reference = 'forged'`,
  ]) {
    await expect(opened.database.execute(statement)).rejects.toMatchObject({ code: '42501' });
  }
});

it('finds the accounts that lack a statement, a step at a time', async () => {
  const ids = [
    await insertAccount(),
    await insertAccount(),
    await insertAccount('2026-02-01T00:00:00Z'),
    await insertAccount(),
  ].sort();
  const due = new Set<string>();
  let after = '00000000-0000-0000-0000-000000000000';
  await insertStatement(opened.database, january(ids[0] ?? ''));
  for (let steps = 0; steps < 100; steps += 1) {
    const step = await findAccountsDue(opened.database, { after, limit: 2, to: '2026-01-31' });
    for (const id of step.accountIds) due.add(id);
    if (step.last === null) break;
    after = step.last;
  }
  const [row] = await opened.database.query<{ id: string }>(
    sql`SELECT id FROM account WHERE opened_at = '2026-02-01T00:00:00Z'`,
  );
  expect(due.has(ids[0] ?? '')).toBe(false);
  expect(due.has(row?.id ?? '')).toBe(false);
  expect(ids.filter((id) => due.has(id))).toHaveLength(ids.filter((id) => id !== ids[0] && id !== row?.id).length);
});

it('brings the opening of accounts from before to their first booking', async () => {
  const [early, late, empty] = [await insertAccount(), await insertAccount(), await insertAccount()];
  const book = (id: string, version: number, bookedAt: string) =>
    opened.database.execute(sql`
      INSERT INTO history VALUES (${id}, ${version}, 0, ${randomUUID()}, 'deposit', 1, 1, NULL, NULL, '', ${bookedAt}::timestamptz, '2026-01-01')`);
  await book(early, 2, '2025-11-03T09:00:00Z');
  await book(early, 3, '2025-12-03T09:00:00Z');
  await book(late, 2, '2026-03-03T09:00:00Z');
  const owner = openDatabase({ url: opened.ownerUrl, applicationName: 'test-owner', poolSize: 1 });
  await owner.execute({ text: await readFile(new URL('0004_opened_at.sql', migrations), 'utf8'), values: [] });
  await owner.close();
  const rows = await opened.database.query<{ id: string; opened_at: Date }>(sql`SELECT id, opened_at FROM account`);
  const openedAt = new Map(rows.map((row) => [row.id, row.opened_at.toISOString()]));
  expect([early, late, empty].map((id) => openedAt.get(id))).toEqual([
    '2025-11-03T09:00:00.000Z',
    '2026-01-15T00:00:00.000Z',
    '2026-01-15T00:00:00.000Z',
  ]);
});
