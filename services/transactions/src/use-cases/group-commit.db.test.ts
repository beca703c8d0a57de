import { openSession, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccounts } from '../repositories/accounts.ts';
import { openTestLedger, type TestLedger, transferOf, wordOf } from '../testing/test-ledger.ts';
import { reconcile } from './reconcile.ts';

let bank: TestLedger;

beforeAll(async () => {
  bank = await openTestLedger();
});
afterAll(() => bank.close());

async function postedOf(id: string): Promise<bigint | undefined> {
  const [account] = await findAccounts(bank.database.database, [id]);
  return account?.postedMinor;
}

async function count(words: Promise<string>[], word: string): Promise<number> {
  return (await Promise.all(words)).filter((each) => each === word).length;
}

async function findings() {
  const result = await reconcile({ db: bank.database.database, clock: () => 0 }, 'full');
  return result.findings;
}

describe('group commit', () => {
  it('books a transfer and remembers its answer under its key', async () => {
    const from = await bank.open('alice', 100n);
    const to = await bank.open('bob', 0n);
    const command = transferOf(from, to, 40n);
    const first = await bank.run(command, 'key-1');
    expect(wordOf(first)).toBe('ok');
    const again = await bank.run(command, 'key-1');
    expect(again).toMatchObject({
      kind: 'answered',
      isReplay: true,
      body: first.kind === 'answered' ? first.body : '',
    });
    expect(await bank.run(transferOf(from, to, 41n), 'key-1')).toEqual({ kind: 'key-reused' });
    expect([await postedOf(from), await postedOf(to)]).toEqual([60n, 40n]);
  });

  it('lets exactly 50 of 100 withdrawals of 1.00 through from 50.00', async () => {
    const account = await bank.open('alice', 5_000n);
    const words = Array.from({ length: 100 }, async () =>
      wordOf(
        await bank.run({
          kind: 'withdrawal',
          id: newId(0),
          actor: 'teller',
          accountId: account,
          amountMinor: 100n,
          currency: 'EUR',
          reference: '',
        }),
      ),
    );
    expect(await count(words, 'ok')).toBe(50);
    expect(await postedOf(account)).toBe(0n);
  });

  it('moves 5,000 transfers each way between two accounts without a deadlock or a lost cent', async () => {
    const a = await bank.open('alice', 1_000_000n);
    const b = await bank.open('alice', 1_000_000n);
    const rounds = 10;
    for (let round = 0; round < rounds; round += 1) {
      const words = Array.from({ length: 1_000 }, async (_, index) =>
        wordOf(await bank.run(index % 2 === 0 ? transferOf(a, b, 7n) : transferOf(b, a, 3n))),
      );
      expect(await count(words, 'ok')).toBe(1_000);
    }
    expect(await postedOf(a)).toBe(1_000_000n - 5_000n * 4n);
    expect(await postedOf(b)).toBe(1_000_000n + 5_000n * 4n);
    expect(await findings()).toEqual([]);
  });

  it('posts once for 50 parallel requests with one key', async () => {
    const from = await bank.open('alice', 100n);
    const to = await bank.open('bob', 0n);
    const command = transferOf(from, to, 10n);
    const words = Array.from({ length: 50 }, async () => wordOf(await bank.run(command, 'key-50')));
    expect(await count(words, 'ok')).toBe(1);
    expect(await postedOf(to)).toBe(10n);
  });

  it('never exceeds the daily limit raced by 50 requests', async () => {
    const from = await bank.open('alice', 100_000n, { dailyLimitMinor: 1_000n });
    const to = await bank.open('bob', 0n);
    const words = Array.from({ length: 50 }, async () => wordOf(await bank.run(transferOf(from, to, 300n))));
    expect(await count(words, 'ok')).toBe(3);
    expect(await postedOf(to)).toBe(900n);
  });

  it('makes only its own transfers wait for a row that another session holds', async () => {
    const locked = await bank.open('alice', 1_000n);
    const free = await bank.open('alice', 1_000n);
    const to = await bank.open('bob', 0n);
    const other = openSession({ url: bank.database.url, applicationName: 'other' });
    await other.begin();
    await other.query(sql`SELECT FROM account WHERE id = ${locked} FOR NO KEY UPDATE`);
    const stuck = bank.run(transferOf(locked, to, 1n));
    const gaveUp = bank.run(transferOf(locked, to, 2n));
    let isStuckDone = false;
    void stuck.then(() => {
      isStuckDone = true;
    });
    for (let index = 0; index < 20; index += 1) expect(wordOf(await bank.run(transferOf(free, to, 1n)))).toBe('ok');
    expect(isStuckDone).toBe(false);
    expect(await gaveUp).toEqual({ kind: 'account-busy' });
    await other.rollback();
    await other.close();
    expect(wordOf(await bank.run(transferOf(locked, to, 3n)))).toBe('ok');
  });

  it('finds the one command that the database refuses and books its neighbours', async () => {
    const from = await bank.open('alice', 1_000n);
    const to = await bank.open('bob', 0n);
    // A NUL can not be stored as text: past the contract's checks this is what a data error looks like.
    const poison = { ...transferOf(from, to, 1n), reference: 'a\u0000b' };
    const results = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => bank.run(index === 17 ? poison : transferOf(from, to, 1n))),
    );
    expect(results.map((result) => result.status).filter((status) => status === 'rejected')).toHaveLength(1);
    expect(results[17]?.status).toBe('rejected');
    expect(await postedOf(to)).toBe(39n);
    expect(await findings()).toEqual([]);
  });

  it('answers account-not-found for an account that does not exist, and for one of somebody else', async () => {
    const mine = await bank.open('alice', 10n);
    const theirs = await bank.open('bob', 10n);
    expect(wordOf(await bank.run(transferOf(theirs, mine, 1n)))).toBe('account-not-found');
    expect(wordOf(await bank.run(transferOf(newId(0), mine, 1n)))).toBe('account-not-found');
    expect(wordOf(await bank.run(transferOf(mine, newId(0), 1n)))).toBe('account-not-found');
  });
});
