import { type Database, openDatabase, type Statement, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLedger, type TestLedger, transferOf } from '../testing/test-ledger.ts';
import { readLatestReconciliation } from './read-latest-reconciliation.ts';
import { reconcile } from './reconcile.ts';

let bank: TestLedger;
let owner: Database;

beforeAll(async () => {
  bank = await openTestLedger();
  owner = openDatabase({ url: bank.database.ownerUrl, applicationName: 'owner' });
  const from = await bank.open('alice', 10_000n);
  const to = await bank.open('bob', 0n);
  for (let index = 0; index < 5; index += 1) await bank.run(transferOf(from, to, 100n));
  const held = { expiresAtMs: null, sagaId: null, reference: '', currency: 'EUR' };
  await bank.run({ kind: 'hold', id: newId(0), accountId: from, amountMinor: 50n, ...held });
});
afterAll(async () => {
  await owner.close();
  await bank.close();
});

async function checksOf(mode: 'incremental' | 'full'): Promise<string[]> {
  const { findings, balanced } = await reconcile({ db: bank.database.database, clock: () => 0 }, mode);
  expect(balanced).toBe(findings.length === 0);
  return [...new Set(findings.map((finding) => finding.check))].sort();
}

const LAST = sql`(SELECT id FROM posting WHERE version IS NOT NULL ORDER BY id DESC LIMIT 1)`;
const FIRST = sql`(SELECT id FROM posting WHERE version IS NOT NULL ORDER BY id LIMIT 1)`;

const TAMPERING: [string, Statement, Statement, string[]][] = [
  [
    'money is added to an account',
    sql`UPDATE account SET posted = posted + 1 WHERE posted > 0 AND holder_name = 'alice'`,
    sql`UPDATE account SET posted = posted - 1 WHERE posted > 0 AND holder_name = 'alice'`,
    ['all-balances-are-zero', 'balance-is-last-posting', 'balance-is-sum-of-postings'],
  ],
  [
    'money is taken from one account and given to another',
    sql`UPDATE account SET posted = posted + CASE holder_name WHEN 'alice' THEN 1 ELSE -1 END`,
    sql`UPDATE account SET posted = posted - CASE holder_name WHEN 'alice' THEN 1 ELSE -1 END`,
    ['balance-is-last-posting', 'balance-is-sum-of-postings'],
  ],
  [
    'the amount of a posting is changed',
    sql`UPDATE posting SET amount = amount + 1 WHERE id = ${FIRST}`,
    sql`UPDATE posting SET amount = amount - 1 WHERE id = ${FIRST}`,
    ['balance-follows-postings', 'balance-is-sum-of-postings', 'journal-sums-to-zero'],
  ],
  [
    'a balance in the history is changed',
    sql`UPDATE posting SET balance_after = balance_after + 1 WHERE id = ${FIRST}`,
    sql`UPDATE posting SET balance_after = balance_after - 1 WHERE id = ${FIRST}`,
    ['balance-follows-postings'],
  ],
  [
    'a posting and the balance are changed together',
    sql`WITH changed AS (
      UPDATE posting SET amount = amount + 1, balance_after = balance_after + 1 WHERE id = ${LAST} RETURNING account_id
    ) UPDATE account SET posted = posted + 1 FROM changed WHERE id = account_id`,
    sql`WITH changed AS (
      UPDATE posting SET amount = amount - 1, balance_after = balance_after - 1 WHERE id = ${LAST} RETURNING account_id
    ) UPDATE account SET posted = posted - 1 FROM changed WHERE id = account_id`,
    ['all-balances-are-zero', 'journal-sums-to-zero'],
  ],
  [
    'a posting is moved to another account',
    sql`UPDATE posting SET account_id = ${newId(0)} WHERE id = ${LAST}`,
    sql`UPDATE posting SET account_id = (SELECT id FROM account WHERE holder_name = 'bob') WHERE id = ${LAST}`,
    ['balance-is-last-posting', 'balance-is-sum-of-postings'],
  ],
  [
    'a held amount is released without its hold',
    sql`UPDATE account SET held = 0 WHERE held = 50`,
    sql`UPDATE account SET held = 50 WHERE holder_name = 'alice'`,
    ['held-is-open-holds'],
  ],
  [
    'a hold is ended without its account',
    sql`UPDATE hold SET status = 'voided'`,
    sql`UPDATE hold SET status = 'open'`,
    ['held-is-open-holds'],
  ],
];

it('has no last proof before the first one', async () => {
  const failure = { code: 'reconciliation-not-found' };
  expect(await readLatestReconciliation({ all: [{ db: bank.database.database }] })).toMatchObject({
    ok: false,
    failure,
  });
});

it('finds nothing in books that nobody touched', async () => {
  expect(await checksOf('full')).toEqual([]);
});

it.each(TAMPERING)(
  'finds it when %s, long after the fact, and nothing once it is put right',
  async (_, tamper, mend, checks) => {
    expect(await checksOf('full')).toEqual([]);
    expect(await owner.execute(tamper)).toBeGreaterThan(0);
    expect(await checksOf('full')).toEqual(expect.arrayContaining(checks));
    expect(await owner.execute(mend)).toBeGreaterThan(0);
    expect(await checksOf('full')).toEqual([]);
  },
);

it('from the last proof on finds what was tampered with since, and does not prove over it', async () => {
  const from = await bank.open('carol', 500n);
  await owner.execute(sql`UPDATE account SET posted = posted + 1 WHERE id = ${from}`);
  for (let round = 0; round < 2; round += 1) {
    expect(await checksOf('incremental')).toEqual(expect.arrayContaining(['balance-is-last-posting']));
  }
  await owner.execute(sql`UPDATE account SET posted = posted - 1 WHERE id = ${from}`);
  expect(await checksOf('incremental')).toEqual([]);
  const proof = await reconcile({ db: bank.database.database, clock: () => 0 }, 'incremental');
  expect(proof.checkedPostings).toBe(0);
});

it('remembers what a full proof found when later ones of what is new find nothing, and the newest of each kind', async () => {
  const db = bank.database.database;
  const proveAt = (atMs: number, mode: 'incremental' | 'full') => reconcile({ db, clock: () => atMs }, mode);
  await proveAt(1_000, 'incremental');
  await owner.execute(sql`UPDATE posting SET balance_after = balance_after + 1 WHERE id = ${FIRST}`);
  const full = await proveAt(2_000, 'full');
  await owner.execute(sql`UPDATE posting SET balance_after = balance_after - 1 WHERE id = ${FIRST}`);
  expect(full.findings).toHaveLength(2);
  expect(await readLatestReconciliation({ all: [{ db }] })).toEqual({
    ok: true,
    value: { latest: full, lastFull: undefined },
  });
  const newer = await proveAt(3_000, 'incremental');
  await proveAt(2_500, 'incremental');
  await proveAt(1_500, 'full');
  expect(await readLatestReconciliation({ all: [{ db }] })).toEqual({
    ok: true,
    value: { latest: newer, lastFull: full },
  });
});

it('proves the books while money moves', async () => {
  const from = await bank.open('alice', 1_000n);
  const to = await bank.open('alice', 1_000n);
  let isDone = false;
  const moving = (async () => {
    while (!isDone) {
      await Promise.all([bank.run(transferOf(from, to, 1n)), bank.run(transferOf(to, from, 1n))]);
    }
  })();
  try {
    for (let round = 0; round < 10; round += 1) {
      expect(await checksOf(round % 2 === 0 ? 'full' : 'incremental')).toEqual([]);
    }
  } finally {
    isDone = true;
    await moving;
  }
});
