import { openDatabase, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import type { Outcome } from '@florin/saga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../domain/command.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { findCommands } from '../repositories/commands.ts';
import { type Crossing, postDebitOf, receiveOf, sendOf } from '../sagas/crossing-transfer.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { purgeOldCommands } from './purge-old-commands.ts';
import { reconcile } from './reconcile.ts';
import { takeStep } from './saga-participant.ts';

let bank: TestLedger;
beforeAll(async () => {
  bank = await openTestLedger({ writers: 2 });
});
afterAll(async () => {
  const proof = await reconcile({ db: bank.database.database, clock: Date.now }, 'full');
  await bank.close();
  expect(proof.findings).toEqual([]);
});

/** A transfer of alice's to somebody in another shard. */
async function crossingOf(amountMinor: bigint, postedMinor = 10_000n): Promise<Crossing> {
  const accountId = await bank.open('alice', postedMinor);
  return {
    transferId: newId(0),
    feeJournalId: newId(0),
    actor: 'alice',
    payer: { accountId, iban: 'NL00FLRN0000000001', name: 'Alice' },
    payee: { accountId: newId(200), iban: 'NL00FLRN2000000001', name: 'Bob' },
    amountMinor,
    currency: 'EUR',
    reference: 'rent',
  };
}

function take(
  crossing: Crossing,
  branch: string,
  op: 'do' | 'undo',
  command: Command,
  content = 'as it was sent',
  nowMs = Date.now(),
) {
  const holdIds = branch === 'receive' ? [] : [crossing.transferId];
  const saga = { sagaId: crossing.transferId, branch, op };
  return takeStep(
    bank.ledger.groupCommit,
    { command: saga, fingerprint: content, ledgerCommand: command, holdIds },
    nowMs,
  );
}

const setAside = (crossing: Crossing, content?: string) => take(crossing, 'set-aside', 'do', sendOf(crossing), content);
const giveBack = (crossing: Crossing) =>
  take(crossing, 'set-aside', 'undo', {
    kind: 'void',
    holdId: crossing.transferId,
    accountId: crossing.payer.accountId,
  });
const postDebit = (crossing: Crossing) => take(crossing, 'post-debit', 'do', postDebitOf(crossing));

async function balanceOf(accountId: string): Promise<string> {
  const [account] = await findAccounts(bank.database.database, [accountId]);
  return `${account?.postedMinor} posted, ${account?.heldMinor} held, ${account?.spentTodayMinor} spent`;
}

const kindOf = (outcome: Outcome): string => (outcome.kind === 'rejected' ? outcome.code : outcome.kind);

describe('a step that reaches the ledger', () => {
  it('P1: more than once, also at once, is done once and answered the same', async () => {
    const crossing = await crossingOf(4_000n);
    const answers = await Promise.all(Array.from({ length: 5 }, () => setAside(crossing)));
    // Those that came while the first was under way do not know; they ask again.
    for (const answer of answers) expect(['applied', 'unknown']).toContain(answer.kind);
    expect(kindOf(await setAside(crossing))).toBe('applied');
    expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 4000 held, 4000 spent');
    const posted = await postDebit(crossing);
    expect(await postDebit(crossing)).toEqual(posted);
    expect(await balanceOf(crossing.payer.accountId)).toBe('6000 posted, 0 held, 4000 spent');
  });

  it('P2: to be undone although it never came, changes nothing, and P3: can not come later', async () => {
    const crossing = await crossingOf(4_000n);
    expect(kindOf(await giveBack(crossing))).toBe('applied');
    expect(kindOf(await setAside(crossing))).toBe('too_late');
    expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 0 held, 0 spent');
  });

  it('P4: and its undoing at once, has one of them first, and nothing is left set aside', async () => {
    for (let round = 0; round < 20; round += 1) {
      const crossing = await crossingOf(4_000n);
      const [done] = await Promise.all([setAside(crossing), giveBack(crossing)]);
      expect(['applied', 'too_late', 'unknown']).toContain(done.kind);
      expect(kindOf(await giveBack(crossing))).toBe('applied');
      expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 0 held, 0 spent');
    }
  });

  it('P5: is answered again by another instance, from its record', async () => {
    const crossing = await crossingOf(4_000n);
    const first = await setAside(crossing);
    const other = await openTestLedger({ beside: bank });
    const command = { sagaId: crossing.transferId, branch: 'set-aside', op: 'do' } as const;
    const again = await takeStep(
      other.ledger.groupCommit,
      {
        command,
        fingerprint: 'as it was sent',
        ledgerCommand: sendOf(crossing),
        holdIds: [crossing.transferId],
      },
      Date.now(),
    );
    await other.close();
    expect(again).toEqual(first);
  });

  it('P6: and is refused, stays refused when there is money', async () => {
    const crossing = await crossingOf(4_000n, 100n);
    expect(kindOf(await setAside(crossing))).toBe('insufficient-funds');
    const deposit = { kind: 'deposit' as const, id: newId(0), actor: 'tessa', amountMinor: 9_900n, currency: 'EUR' };
    await bank.run({ ...deposit, accountId: crossing.payer.accountId, reference: '' });
    expect(kindOf(await setAside(crossing))).toBe('insufficient-funds');
    expect(kindOf(await giveBack(crossing))).toBe('applied');
    expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 0 held, 0 spent');
  });

  it('P7: with other content under the same name, does nothing', async () => {
    const crossing = await crossingOf(4_000n);
    await setAside(crossing);
    const other = await setAside({ ...crossing, amountMinor: 1n }, 'something else');
    expect(other).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('idempotency mismatch') });
    expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 4000 held, 4000 spent');
  });

  it('P11: of a saga that is older than what is remembered, is not taken, for it may have been before', async () => {
    const crossing = await crossingOf(4_000n);
    const inEightDays = Date.now() + 8 * 86_400_000;
    const late = await take(crossing, 'set-aside', 'do', sendOf(crossing), 'as it was sent', inEightDays);
    expect(late).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('longer ago') });
    expect(await balanceOf(crossing.payer.accountId)).toBe('10000 posted, 0 held, 0 spent');
    await setAside(crossing);
    const db = bank.database.database;
    const remembered = async () =>
      (await findCommands(db, [{ scope: 'saga', key: `${crossing.transferId}:set-aside:do` }])).length;
    const owner = openDatabase({ url: bank.database.ownerUrl, applicationName: 'test-owner' });
    const age = (days: number) =>
      owner.execute(sql`UPDATE command SET created_at = now() - ${days}::integer * interval '1 day'`);
    await age(7);
    await purgeOldCommands(db);
    expect(await remembered()).toBe(1);
    await age(9);
    await purgeOldCommands(db);
    expect(await remembered()).toBe(0);
    await owner.close();
  });

  it('to be undone that can not be now, may be asked again', async () => {
    const crossing = await crossingOf(4_000n);
    await setAside(crossing);
    await postDebit(crossing);
    expect(kindOf(await giveBack(crossing))).toBe('hold-not-open');
    const [record] = await findCommands(bank.database.database, [
      { scope: 'saga', key: `${crossing.transferId}:set-aside:undo` },
    ]);
    expect(record).toBeUndefined();
  });

  it('T4: to post a debit whose money was given back meanwhile, is refused', async () => {
    const crossing = await crossingOf(4_000n);
    await setAside(crossing);
    await giveBack(crossing);
    expect(kindOf(await postDebit(crossing))).toBe('hold-not-open');
  });

  it('never fails to receive: what the payee can not take goes to suspense', async () => {
    const payeeId = await bank.open('bob', 0n, { status: 'active' });
    const crossing = await crossingOf(700n);
    const arriving = { ...crossing, payee: { ...crossing.payee, accountId: payeeId } };
    expect(await take(arriving, 'receive', 'do', receiveOf(arriving))).toMatchObject({
      output: { creditedTo: payeeId },
    });
    expect(await balanceOf(payeeId)).toBe('700 posted, 0 held, 0 spent');
    const lost = await crossingOf(700n);
    const answer = await take(lost, 'receive', 'do', receiveOf(lost));
    expect(answer).toMatchObject({ kind: 'applied', output: { creditedTo: expect.stringContaining('00000000-') } });
  });
});
