import { openSession, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ControlCommand } from '../domain/command.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { openTestLedger, type TestLedger, transferOf, wordOf } from '../testing/test-ledger.ts';
import { reconcile } from './reconcile.ts';
import { submitCommand } from './submit-command.ts';

let bank: TestLedger;

beforeAll(async () => {
  bank = await openTestLedger();
});
afterAll(() => bank.close());

async function accountOf(id: string) {
  const [account] = await findAccounts(bank.database.database, [id]);
  return account;
}

function depositOf(accountId: string) {
  const money = { amountMinor: 1n, currency: 'EUR', reference: '' };
  return { kind: 'deposit', id: newId(0), actor: 'teller', accountId, ...money } as const;
}

describe('a batch', () => {
  it('that our own code breaks off holds no lock and leaves nothing for the next one to commit', async () => {
    const lone = await openTestLedger({ writers: 1, beside: bank });
    const from = await bank.open('alice', 100n);
    const to = await bank.open('bob', 0n);
    const broken = submitCommand(lone.ledger.groupCommit, {
      scope: 'test',
      key: newId(0),
      fingerprint: '',
      command: transferOf(from, to, 10n),
      present: () => {
        throw new Error('a mistake of ours');
      },
    });
    await expect(broken).rejects.toThrow('a mistake of ours');
    const other = openSession({ url: bank.database.url, applicationName: 'other' });
    await other.begin();
    expect(await other.query(sql`SELECT FROM account WHERE id = ${from} FOR UPDATE NOWAIT`)).toHaveLength(1);
    await other.rollback();
    await other.close();
    expect(wordOf(await lone.run(transferOf(from, to, 1n)))).toBe('ok');
    expect((await accountOf(from))?.postedMinor).toBe(99n);
    await lone.close();
  });

  it('never leaves a transfer between two busy accounts waiting for ever', async () => {
    const one = await bank.open('alice', 1_000n);
    const two = await bank.open('alice', 1_000n);
    let isOver = false;
    let isMoved = false;
    let deposits = 0;
    // Each account always has something waiting, so that one of them is in a running batch at any moment.
    const load = [one, two].flatMap((id) =>
      Array.from({ length: 20 }, async () => {
        while (!isOver && deposits < 20_000) {
          await bank.run(depositOf(id));
          deposits += 1;
        }
      }),
    );
    while (deposits < 100) await new Promise((resolve) => setTimeout(resolve, 1));
    const moved = bank.run(transferOf(one, two, 1n)).then((outcome) => {
      isMoved = true;
      isOver = true;
      return outcome;
    });
    const stop = deposits + 2_000;
    while (!isMoved && deposits < stop) await new Promise((resolve) => setTimeout(resolve, 1));
    const wasMovedInTime = isMoved;
    isOver = true;
    await Promise.all([...load, moved]);
    expect(wasMovedInTime).toBe(true);
  });

  it('gives a second person in it the same answer as in the next', async () => {
    const from = await bank.open('alice', 100n);
    const to = await bank.open('bob', 0n);
    const transfer = transferOf(from, to, 100n);
    await bank.run(transfer);
    await bank.run(transferOf(to, from, 60n, 'bob'));
    const reversal = (actor: string, force: boolean) => {
      const journalId = 'id' in transfer ? transfer.id : '';
      const base = { kind: 'reversal', id: newId(0), journalId, accountIds: [from, to], reason: 'why' } as const;
      return bank.run({ ...base, actor, force });
    };
    // Keeps the writers busy, so that the next two share a batch.
    const busy = Promise.all(Array.from({ length: 10 }, () => bank.run(depositOf(from))));
    const [refused, forced] = await Promise.all([reversal('tessa', false), reversal('sam', true)]);
    expect([wordOf(refused), wordOf(forced)]).toEqual(['insufficient-funds', 'ok']);
    await busy;
  });
});

describe('two instances of the ledger', () => {
  it('post once for one key, whoever gets it, and never lose or make a cent', async () => {
    const second = await openTestLedger({ beside: bank });
    const a = await bank.open('alice', 10_000n);
    const b = await bank.open('alice', 10_000n);
    const rounds = await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const command = index % 2 === 0 ? transferOf(a, b, 3n) : transferOf(b, a, 1n);
        const key = newId(0);
        const words = await Promise.all([bank.run(command, key), second.run(command, key)]);
        return words.map((outcome) =>
          outcome.kind === 'answered' ? `${wordOf(outcome)} ${outcome.isReplay}` : outcome.kind,
        );
      }),
    );
    // Both may answer, but one of them from memory.
    const expected = new Set(['ok false', 'ok true', 'account-busy']);
    let posted = 0n;
    for (const [index, words] of rounds.entries()) {
      for (const word of words) expect(expected).toContain(word);
      const count = words.filter((word) => word === 'ok false').length;
      expect(count).toBeLessThanOrEqual(1);
      if (count === 1) posted += index % 2 === 0 ? -3n : 1n;
    }
    expect((await accountOf(a))?.postedMinor).toBe(10_000n + posted);
    expect((await accountOf(b))?.postedMinor).toBe(10_000n - posted);
    await second.close();
    const proof = await reconcile({ db: bank.database.database, clock: () => 0 }, 'full');
    expect(proof.findings).toEqual([]);
  });

  it('open one account at once and keep the newest instruction', async () => {
    const second = await openTestLedger({ beside: bank });
    for (let round = 0; round < 20; round += 1) {
      const id = newId(0);
      const control = (controlVersion: number): ControlCommand => ({
        kind: 'control',
        accountId: id,
        controlVersion,
        iban: `IBAN ${id}`,
        holderName: `version ${controlVersion}`,
        currency: 'EUR',
        status: 'active',
        owners: ['alice'],
        overdraftMinor: 0n,
        dailyLimitMinor: 0n,
        transferFeeMinor: 0n,
      });
      const words = await Promise.all([bank.run(control(1)), second.run(control(2))]);
      expect(words.map(wordOf)).toEqual(['ok', 'ok']);
      expect(await accountOf(id)).toMatchObject({ controlVersion: 2, holderName: 'version 2' });
    }
    await second.close();
  });
});
