import { type Database, type Executor, openDatabase, PLAN_SETTINGS, type Statement, sql } from '@florin/postgres';
import { uuidInBucket } from '@florin/primitives';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JournalFilter } from '../domain/journal-search.ts';
import { MIGRATIONS } from '../testing/test-ledger.ts';
import { listJournals } from '../use-cases/list-journals.ts';
import { createShards } from '../use-cases/shards.ts';
import { accountWalk, findBookedJournal, findChildren, findPostingsOf, ledgerWalk } from './journal-search.ts';

const JOURNALS = 100_000;
/** A business that is on every tenth journal. */
const BUSINESS = uuidInBucket(1, 1, new Uint8Array(9));
const BUSINESS_IBAN = 'NL00FLRN0000000000';
const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');
/** The last and first journals of two stretches that a search cuts the books into, and one far down. */
const LEDGER_RARE = ['rare 90000', 'rare 89999', 'rare 80000', 'rare 79990', 'rare 10'];
const ACCOUNT_RARE = ['rare 90000', 'rare 80000', 'rare 79990', 'rare 10'];
/**
 * Blocks of 8 KB. A page of the ledger finds 10,000 journals side by side; one of an account looks 2,000 up, each through
 * the levels of an index. Reading everything once takes 2,400 and 45,000.
 */
const LEDGER_BLOCKS_MAX = 1_200;
const ACCOUNT_BLOCKS_MAX = 14_000;

let database: TestDatabase;
/** A statement is planned for its values at first, and once for all when it comes often. */
const SETTINGS = {
  'planned for its values': { plan_cache_mode: 'force_custom_plan' },
  'planned once': { plan_cache_mode: 'force_generic_plan' },
  'of the writers': PLAN_SETTINGS,
};

beforeAll(async () => {
  database = await testDatabase(MIGRATIONS);
});
afterAll(() => database.close());

const FILTER: JournalFilter = { kind: 'transfer', text: 'rent', bookedFromMs: FIRST_MS, bookedBeforeMs: FIRST_MS + 1 };

const STATEMENTS: [string, (db: Executor) => Promise<unknown>, string[]][] = [
  ['a page of the ledger', pageOf(ledgerWalk), ['journal_pkey', 'journal_reversal_of']],
  ['a page of an account', pageOf((db) => accountWalk(db, BUSINESS)), ['posting_pkey', 'journal_pkey']],
  ['the end of a stretch of the ledger', endOf(ledgerWalk), ['journal_pkey']],
  ['the end of a stretch of an account', endOf((db) => accountWalk(db, BUSINESS)), ['posting_pkey']],
  ['the place of a moment on an account', (db) => accountWalk(db, BUSINESS).placeAt(FIRST_MS), ['posting_journal']],
  ['a journal', (db) => findBookedJournal(db, BUSINESS), ['journal_pkey', 'journal_reversal_of']],
  ['its children', (db) => findChildren(db, BUSINESS), ['journal_parent']],
  ['its postings', (db) => findPostingsOf(db, BUSINESS), ['posting_journal']],
];

function pageOf(walkOf: (db: Executor) => ReturnType<typeof ledgerWalk>) {
  return (db: Executor) => walkOf(db).find(walkOf(db).whole, FILTER, { limit: 26, searched: 2_000 });
}

function endOf(walkOf: (db: Executor) => ReturnType<typeof ledgerWalk>) {
  return (db: Executor) => walkOf(db).placeOf(walkOf(db).whole, 10_000);
}

/** Plans what is sent, with its values, and sends nothing. */
async function planOf(db: Database, send: (db: Executor) => Promise<unknown>): Promise<string> {
  let plan = '';
  const explain = async ({ text, values }: Statement) => {
    const arguments_ = values.map((value) => (value === null ? 'NULL' : `'${String(value)}'`)).join(', ');
    plan = await db.transaction(async (tx) => {
      const raw = (command: string): Statement => ({ text: command, values: [] });
      await tx.execute(raw(`PREPARE one AS ${text}`));
      const rows = await tx.query<{ 'QUERY PLAN': string }>(
        raw(`EXPLAIN EXECUTE one${arguments_ && `(${arguments_})`}`),
      );
      await tx.execute(raw('DEALLOCATE one'));
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });
    return [];
  };
  await send({ query: explain, execute: async (statement) => (await explain(statement)).length });
  return plan;
}

async function withSettings<T>(settings: Readonly<Record<string, string>>, work: (db: Database) => Promise<T>) {
  const db = openDatabase({ url: database.url, applicationName: 'plans', poolSize: 1, settings });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const SCAN = /Seq Scan on (journal|posting)/;

describe('on empty tables', () => {
  it.each(STATEMENTS)('%s goes through its indexes', async (_, send, indexes) => {
    const plan = await withSettings(PLAN_SETTINGS, (db) => planOf(db, send));
    expect(plan).not.toMatch(SCAN);
    for (const index of indexes) expect(plan).toContain(index);
  });
});

describe(`with ${JOURNALS} journals`, () => {
  beforeAll(fill, 120_000);

  describe.each(Object.entries(SETTINGS))('%s,', (_name, settings) => {
    it.each(STATEMENTS)('%s goes through its indexes', async (_, send, indexes) => {
      const plan = await withSettings(settings, (db) => planOf(db, send));
      expect(plan).not.toMatch(SCAN);
      for (const index of indexes) expect(plan).toContain(index);
      expect(plan).not.toMatch(/Sort Key: (journal|posting)\.id DESC/);
    });
  });

  it('finds the place of a moment without reading the ledger', async () => {
    const atMs = FIRST_MS + 43_210_000;
    await withSettings({}, async (db) => {
      const walk = ledgerWalk(db);
      let place = '';
      const blocks = await blocksOf(db, async () => {
        place = await walk.placeAt(atMs);
      });
      const [first] = await walk.find({ from: walk.whole.from, before: place }, {}, { limit: 1, searched: 1 });
      expect(first?.journal.bookedAt.getTime()).toBe(atMs - 1_000);
      expect(blocks).toBeLessThan(300);
    });
  });

  it.each([
    ['the ledger', {}, LEDGER_RARE, 10, LEDGER_BLOCKS_MAX],
    ['an account', { iban: BUSINESS_IBAN }, ACCOUNT_RARE, 5, ACCOUNT_BLOCKS_MAX],
  ])(
    'a rare word in %s is found on pages that read a bounded stretch each',
    async (_, search, rare, pagesMin, blocksMax) => {
      const found: string[] = [];
      let pages = 0;
      await withSettings({}, async (db) => {
        for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
          const request = { ...search, q: 'RARE', limit: 5, ...(cursor === undefined ? {} : { cursor }) };
          const blocks = await blocksOf(db, async () => {
            const page = await listJournals(createShards([{ db }]), request);
            if (!page.ok) throw new Error(page.failure.code);
            found.push(...page.value.journals.map(({ reference }) => reference));
            cursor = page.value.nextCursor;
          });
          expect(blocks).toBeLessThan(blocksMax);
        }
      });
      expect(found).toEqual(rare);
      expect(pages).toBeGreaterThanOrEqual(pagesMin);
    },
  );

  it('a day of long ago is on the first page', async () => {
    const search = { from: '2026-01-01', to: '2026-01-01', limit: 100 };
    await withSettings({}, async (db) => {
      const blocks = await blocksOf(db, async () => {
        const page = await listJournals(createShards([{ db }]), search);
        expect(page).toMatchObject({ ok: true, value: { nextCursor: expect.any(String) } });
        if (page.ok) expect(page.value.journals).toHaveLength(100);
      });
      expect(blocks).toBeLessThan(LEDGER_BLOCKS_MAX);
    });
  });
});

/**
 * How many blocks of journals and postings, and of their indexes, were looked at meanwhile. The count is of the whole
 * database, so nobody else may look: the tables are filled without autovacuum, which would come a minute later. What an
 * earlier connection read is counted when its backend ends, which may be long after it was closed here.
 */
async function blocksOf(db: Database, work: () => Promise<unknown>): Promise<number> {
  await vi.waitFor(async () => {
    const others = await db.query(sql`
      SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`);
    expect(others).toEqual([]);
  }, 20_000);
  const count = async () => {
    await db.query(sql`SELECT pg_stat_force_next_flush()`);
    const [row] = await db.query<{ blocks: bigint }>(sql`
      SELECT sum(heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::bigint AS blocks
      FROM pg_statio_user_tables WHERE relname IN ('journal', 'posting')`);
    return Number(row?.blocks ?? 0n);
  };
  const before = await count();
  await work();
  return (await count()) - before;
}

/** One journal a second from the first day on, each with its two postings, between a thousand people and a business. */
async function fill(): Promise<void> {
  const owner = openDatabase({ url: database.ownerUrl, applicationName: 'fill', statementTimeoutMs: 100_000 });
  await owner.execute(sql`ALTER TABLE journal SET (autovacuum_enabled = false)`);
  await owner.execute(sql`ALTER TABLE posting SET (autovacuum_enabled = false)`);
  await owner.execute(sql`
    INSERT INTO account (id, iban, holder_name, currency, status, owners, posted, held, overdraft, version,
      control_version, daily_limit, day, spent_today, transfer_fee)
    SELECT uuid_from_ms(n), 'NL00FLRN' || lpad((n - 1)::text, 10, '0'), 'Holder ' || n, 'EUR', 'active', ARRAY['p' || n],
      0, 0, 0, 1, 1, 0, '2026-01-01'::date, 0, 0
    FROM generate_series(2, 1001) AS n
    UNION ALL
    SELECT ${BUSINESS}, ${BUSINESS_IBAN}, 'Business', 'EUR', 'active', ARRAY['business'], 0, 0, 0, 1, 1, 0, '2026-01-01', 0, 0`);
  await owner.execute(sql`
    INSERT INTO journal (id, kind, debit_account, credit_account, amount, currency, reference, actor, booked_at,
      value_date, business_date)
    SELECT uuid_from_ms(${FIRST_MS}::bigint + n * 1000), 'transfer', uuid_from_ms(2 + n % 999),
      CASE WHEN n % 10 = 0 THEN ${BUSINESS}::uuid ELSE uuid_from_ms(1001) END, 100, 'EUR',
      CASE WHEN 'rare ' || n = ANY(${LEDGER_RARE}::text[]) THEN 'rare ' ELSE 'Rent of month ' END || n, 'p' || n % 999,
      to_timestamp(${FIRST_MS}::bigint / 1000 + n), '2026-01-01', '2026-01-01'
    FROM generate_series(0, ${JOURNALS - 1}) AS n`);
  await owner.execute(sql`
    INSERT INTO posting (account_id, journal_id, amount, currency, balance_after, version)
    SELECT account_id, id, amount, 'EUR', 0, 1 FROM (
      SELECT id, debit_account AS account_id, -100 AS amount FROM journal
      UNION ALL SELECT id, credit_account, 100 FROM journal ORDER BY id, amount) AS sides`);
  await owner.execute(sql`ANALYZE account, journal, posting`);
  await owner.close();
}
