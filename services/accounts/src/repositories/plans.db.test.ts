import { messagingMigrations } from '@florin/messaging';
import { type Executor, openSession, PLAN_SETTINGS, type Session, type Statement } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AccountChange, newLinesOf } from '../domain/account-change.ts';
import { findAccountNews, findOwnedVersions } from './account-news.ts';
import { findAccountByIban } from './accounts.ts';
import { findBalances, findBalanceViews, raiseBalances } from './balances.ts';
import { findHistory, findLine, insertHistory } from './history.ts';
import { firstBookedAtMs, newestBookedAtMs, sumSpending } from './insights.ts';
import { findAccountsDue, findLinesAfter, findStatement, findStatements } from './statements.ts';

const ID = '00000000-0000-7000-8000-000000000000';
const CHANGE: AccountChange = {
  accountId: ID,
  version: 1,
  currency: 'EUR',
  status: 'active',
  postedMinor: '0',
  heldMinor: '0',
  overdraftMinor: '0',
  changedAt: '2026-01-01T00:00:00Z',
  lines: [
    {
      journalId: ID,
      kind: 'transfer',
      amountMinor: '1',
      balanceAfterMinor: '1',
      counterpartyIban: null,
      counterpartyName: null,
      reference: '',
      bookedAt: '2026-01-01T00:00:00Z',
      valueDate: '2026-01-01',
    },
  ],
};

let opened: TestDatabase;
let session: Session;
beforeAll(async () => {
  opened = await testDatabase([messagingMigrations, new URL('../../migrations/', import.meta.url)]);
  session = openSession({ url: opened.url, applicationName: 'plans', settings: PLAN_SETTINGS });
});
afterAll(async () => {
  await session.close();
  await opened.close();
});

/** Runs EXPLAIN instead of the statement, and keeps the plan. */
function explaining(plans: string[]): Executor {
  const explain = async (statement: Statement) => {
    const { text, values } = statement;
    const rows = await session.query<{ 'QUERY PLAN': string }>({ text: `explain ${text}`, values });
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
  };
  return {
    async query(statement) {
      await explain(statement);
      return [];
    },
    async execute(statement) {
      await explain(statement);
      return 0;
    },
  };
}

const NEWEST = { version: Number.MAX_SAFE_INTEGER, line: 0 };

it.each<[string, RegExp, (db: Executor) => Promise<unknown>]>([
  ['balances', /Index Scan using balance_pkey|Bitmap Index Scan on balance_pkey/, (db) => findBalances(db, [ID])],
  ['balance views', /balance_pkey/, (db) => findBalanceViews(db, [ID])],
  ['raising balances', /balance_pkey/, (db) => raiseBalances(db, [{ last: CHANGE, unbrokenFrom: 1 }])],
  ['adding history', /Function Scan on (unnest|t)/, (db) => insertHistory(db, newLinesOf([CHANGE]))],
  ['a line by its name', /Index Scan using history_pkey/, (db) => findLine(db, ID, { version: 1, journalId: ID })],
  [
    'the versions of people’s accounts',
    /account_owner_customer[\s\S]*balance_pkey/,
    (db) => findOwnedVersions(db, ['alice', 'bob']),
  ],
  [
    'what is new on accounts',
    /account_owner_[\s\S]*history_pkey/,
    (db) => findAccountNews(db, [{ customerId: 'alice', accountId: ID, afterVersion: 1 }]),
  ],
  ['the first line', /Index Scan using history_pkey/, (db) => firstBookedAtMs(db, ID)],
  ['the newest line', /Index Scan Backward using history_pkey/, (db) => newestBookedAtMs(db, [ID])],
  [
    'the spending of two months',
    /Index Cond: \(\(account_id = span.account_id\) AND \(version >= span.from_version\) AND \(version < span/,
    (db) =>
      sumSpending(
        db,
        [{ accountId: ID, currency: 'EUR', afterVersion: 0, upToVersion: 1 }],
        { month: { fromMs: 1, untilMs: 2 }, before: { fromMs: 0, untilMs: 1 } },
        ['NL00FLRN0000000000'],
      ),
  ],
  ['an account by its IBAN', /Index Scan using account_iban/, (db) => findAccountByIban(db, 'NL00FLRN0000000000')],
  [
    'a page of history',
    /Index Scan Backward using history_pkey/,
    (db) => findHistory(db, ID, { before: NEWEST, afterVersion: 0, limit: 26 }, { text: 'x', direction: 'in' }),
  ],
  [
    'the lines of a statement',
    /Index Scan using history_pkey/,
    (db) => findLinesAfter(db, ID, { firstVersion: 5, lastVersion: 9 }, { version: 5, line: 0 }, 1_000),
  ],
  ['a statement', /statement_account_id_period_key/, (db) => findStatement(db, ID, '2026-01')],
  ['statements', /Index Scan Backward using statement_pkey/, (db) => findStatements(db, ID, { before: 9, limit: 26 })],
  ['accounts due', /account_pkey/, (db) => findAccountsDue(db, { after: ID, limit: 50, to: '2026-01-31' })],
])('plans %s by index on empty tables', async (_what, expected, run) => {
  const plans: string[] = [];
  await run(explaining(plans));
  expect(plans).toHaveLength(1);
  expect(plans[0]).toMatch(expected);
  expect(plans[0]).not.toContain('Seq Scan');
  expect(plans[0]).not.toMatch(/Sort Key: version/);
});
