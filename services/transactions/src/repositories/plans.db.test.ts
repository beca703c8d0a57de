import { type Executor, openDatabase, PLAN_SETTINGS, type Statement, sql, type Tx } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Journal } from '../domain/journal.ts';
import { accountWith, CONTEXT, holdWith } from '../testing/ledger-states.ts';
import { MIGRATIONS } from '../testing/test-ledger.ts';
import * as accounts from './accounts.ts';
import * as commands from './commands.ts';
import * as holds from './holds.ts';
import * as journals from './journals.ts';
import * as payees from './payees.ts';
import * as postings from './postings.ts';
import * as payments from './standing-order-payments.ts';
import * as orders from './standing-orders.ts';
import * as systemAccounts from './system-accounts.ts';

// A table is empty when the writers plan their statements, and a generic plan is never made again: a sequential scan
// chosen then would still be there with ten million postings.

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase(MIGRATIONS);
});
afterAll(() => database.close());

/** What a repository sends, without sending it. */
async function statementOf(work: (recorder: Executor) => Promise<unknown>): Promise<Statement> {
  const sent: Statement[] = [];
  const recorder: Executor = {
    async query(statement) {
      sent.push(statement);
      return [];
    },
    async execute(statement) {
      sent.push(statement);
      return 0;
    },
  };
  await work(recorder);
  const [statement] = sent;
  if (statement === undefined) throw new Error('nothing was sent');
  return statement;
}

async function planOf(statement: Statement): Promise<string> {
  const connection = { url: database.ownerUrl, applicationName: 'plans', poolSize: 1, settings: PLAN_SETTINGS };
  const db = openDatabase(connection);
  try {
    return await db.transaction(async (tx) => {
      const text = (raw: string): Statement => ({ text: raw, values: [] });
      await tx.execute(text(`PREPARE hot AS ${statement.text}`));
      const nothing = statement.values.map(() => 'NULL').join(', ');
      const rows = await tx.query<{ 'QUERY PLAN': string }>(text(`EXPLAIN EXECUTE hot${nothing && `(${nothing})`}`));
      await tx.execute(text('DEALLOCATE hot'));
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
  } finally {
    await db.close();
  }
}

const ID = newId(0);
const ACCOUNT = accountWith({ id: ID });
const HOLD = holdWith({ id: ID, accountId: ID });
const KEY = { scope: 's', key: 'k' };
const JOURNAL: Journal = {
  id: ID,
  kind: 'transfer',
  debitAccountId: ID,
  creditAccountId: newId(0),
  amountMinor: 1n,
  currency: 'EUR',
  reference: '',
  actor: 'alice',
  bookedAtMs: CONTEXT.nowMs,
  valueDate: CONTEXT.businessDate,
  businessDate: CONTEXT.businessDate,
  parentId: null,
  reversalOf: null,
  reason: null,
  otherParty: null,
  postings: [{ accountId: ID, amountMinor: 1n, balanceAfterMinor: 1n, version: 1 }],
};
const PAGE = { limit: 10, before: null, afterVersion: 0 };
const ANSWER = { ...KEY, fingerprint: 'f', status: 200, body: '' };
const REFUSED = { journalId: ID, actor: 'sam', reason: 'why', atMs: 0 };

/** Each statement with the indexes it must go through; none where it only adds rows. */
const HOT: [string, (db: Executor) => Promise<unknown>, string[]][] = [
  ['lockFreeAccounts', (db) => accounts.lockFreeAccounts(db, [ID]), ['account_pkey']],
  ['findExistingAccounts', (db) => accounts.findExistingAccounts(db, [ID]), ['account_pkey']],
  ['findAccounts', (db) => accounts.findAccounts(db, [ID]), ['account_pkey']],
  ['findAccountIdByIban', (db) => accounts.findAccountIdByIban(db, ''), ['account_iban_key']],
  ['updateAccounts', (db) => accounts.updateAccounts(db, [ACCOUNT]), ['account_pkey']],
  ['insertAccount', (db) => accounts.insertAccount(db, ACCOUNT), []],
  ['replaceAccount', (db) => accounts.replaceAccount(db, ACCOUNT), ['account_pkey']],
  ['findCommands', (db) => commands.findCommands(db, [KEY]), ['command_pkey']],
  ['insertCommands', (db) => commands.insertCommands(db, [ANSWER]), []],
  ['loadHolds', (db) => holds.loadHolds(db, [ID]), ['hold_pkey']],
  ['putHolds', (db) => holds.putHolds(db, [HOLD]), ['hold_pkey']],
  ['countOpenHolds', (db) => holds.countOpenHolds(db, 1), ['hold_open']],
  ['findDueHolds', (db) => holds.findDueHolds(db, 0, 1), ['hold_due']],
  ['insertJournals', (db) => journals.insertJournals(db, [JOURNAL]), []],
  ['insertPostings', (db) => journals.insertPostings(db, [JOURNAL]), []],
  ['insertRefusedReversal', (db) => journals.insertRefusedReversal(db, REFUSED), ['refused_reversal_pkey']],
  [
    'loadJournalFacts',
    (db) => journals.loadJournalFacts(db, [ID]),
    ['journal_pkey', 'journal_reversal_of', 'refused_reversal_pkey'],
  ],
  ['findJournal', (db) => journals.findJournal(db, ID), ['journal_pkey', 'journal_reversal_of', 'journal_parent']],
  ['findPostings', (db) => postings.findPostings(db, ID, PAGE), ['posting_pkey', 'journal_pkey', 'account_pkey']],
  ['findPayees', (db) => payees.findPayees(db, '', 1), ['payee_once']],
  ['markPaid', (db) => payees.markPaid(db, [{ owner: '', iban: '', atMs: 0 }]), ['payee_once']],
  ['findOrders', (db) => orders.findOrders(db, '', 1), ['standing_order_owner']],
  ['lockDueOrders', (db) => orders.lockDueOrders(db as Tx, '', { windowMax: 1, rowsMax: 1 }), ['standing_order_due']],
  ['claimOrders', (db) => orders.claimOrders(db as Tx, [{ id: ID, transferId: ID }], 1), ['standing_order_pkey']],
  ['findPosted', (db) => payments.findPosted(db, [ID]), ['journal_pkey']],
  [
    'insertSystemAccounts',
    (db) => systemAccounts.insertSystemAccounts(db, [{ id: ID, code: 'cash', currency: 'EUR' }]),
    ['system_account_pkey'],
  ],
];

it.each(HOT)('%s goes through its indexes on empty tables', async (_, send, indexes) => {
  const plan = await planOf(await statementOf(send));
  expect(plan).not.toMatch(
    /Seq Scan on (account|command|journal|payee|posting|hold|refused_reversal|standing_order|system_account)/,
  );
  for (const index of indexes) expect(plan).toContain(index);
});

it('would see a scan if there were one', async () => {
  expect(await planOf(sql`SELECT count(*) FROM account WHERE holder_name = ${'x'}`)).toContain('Seq Scan on account');
});
