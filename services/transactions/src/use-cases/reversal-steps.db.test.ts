import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccounts } from '../repositories/accounts.ts';
import { findJournal } from '../repositories/journals.ts';
import { type CrossingReversal, reversalToInput } from '../sagas/crossing-reversal.ts';
import { PAYEE_LEDGER, PAYER_LEDGER } from '../sagas/crossing-transfer.ts';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { takeReversalStep } from './reversal-steps.ts';

// Each test is in the shard of one side; the other side has its account elsewhere.

let bank: TestLedger;
beforeAll(async () => {
  bank = await openTestLedger({ writers: 2 });
});
afterAll(() => bank.close());

const ELSEWHERE = { accountId: newId(200), iban: 'NL00FLRN2000000001', name: 'Elsewhere' };

async function reversalTo(side: 'payer' | 'payee', accountId: string, more: Partial<CrossingReversal> = {}) {
  const [account] = await findAccounts(bank.database.database, [accountId]);
  const here = { accountId, iban: account?.iban ?? '', name: account?.holderName ?? '' };
  const facts = { amountMinor: 4_000n, currency: 'EUR', reference: 'rent', reason: 'sent twice', force: false };
  const ids = { reversalId: newId(0), transferId: newId(0), actor: 'sam', roles: [], traceId: '' };
  const sides = side === 'payer' ? { payer: here, payee: ELSEWHERE } : { payer: ELSEWHERE, payee: here };
  return { ...ids, ...sides, ...facts, ...more };
}

function take(reversal: CrossingReversal, branch: 'claim' | 'take-back' | 'give-back', op: 'do' | 'undo' = 'do') {
  const command = {
    sagaId: reversal.reversalId,
    sagaType: 'crossing-reversal',
    branch,
    op,
    attempt: 1,
    participant: branch === 'take-back' ? PAYEE_LEDGER : PAYER_LEDGER,
    operation: op === 'undo' ? 'unclaim' : branch,
    payload: { input: reversalToInput(reversal), outputs: {} },
  };
  return takeReversalStep(bank.shards, command, Date.now());
}

const postedOf = async (accountId: string) => (await findAccounts(bank.database.database, [accountId]))[0]?.postedMinor;

/** The payee's half of a transfer. */
function arrive({ transferId: id, payer, payee, amountMinor, currency, reference }: CrossingReversal) {
  const sides = { debitAccountId: payer.accountId, creditAccountId: payee.accountId };
  return bank.run({
    kind: 'receive',
    id,
    actor: 'alice',
    ...sides,
    amountMinor,
    currency,
    reference,
    otherParty: payer,
  });
}

/** The payer's half of a transfer. */
async function leave({ transferId: id, payer, payee, amountMinor, currency, reference }: CrossingReversal) {
  const sides = { debitAccountId: payer.accountId, creditAccountId: payee.accountId };
  const facts = { id, actor: 'alice', ...sides, amountMinor, currency, reference };
  await bank.run({ kind: 'send', ...facts });
  await bank.run({ kind: 'post-debit', ...facts, feeJournalId: newId(0), otherParty: payee });
}

describe('taking the money from the payee', () => {
  it('waits for a transfer that has not arrived, as long as it takes', async () => {
    const to = await bank.open('bob', 0n);
    const reversal = await reversalTo('payee', to);
    expect(await take(reversal, 'take-back')).toEqual({ kind: 'pending' });
    expect(await take(reversal, 'take-back')).toEqual({ kind: 'pending' });
    await arrive(reversal);
    expect((await take(reversal, 'take-back')).kind).toBe('applied');
    expect(await postedOf(to)).toBe(0n);
  });

  it('is done once, however often it is asked for', async () => {
    const to = await bank.open('bob', 9_000n);
    const reversal = await reversalTo('payee', to);
    await arrive(reversal);
    const answers = await Promise.all(Array.from({ length: 5 }, () => take(reversal, 'take-back')));
    for (const { kind } of answers) expect(['applied', 'unknown']).toContain(kind);
    expect((await take(reversal, 'take-back')).kind).toBe('applied');
    expect(await postedOf(to)).toBe(9_000n);
    expect(await take({ ...reversal, reversalId: newId(0) }, 'take-back')).toMatchObject({ code: 'already-reversed' });
  });
});

describe('the claim on a transfer', () => {
  it('is of one saga, can be given up, and is then of another one', async () => {
    const from = await bank.open('alice', 10_000n);
    const reversal = await reversalTo('payer', from);
    await leave(reversal);
    const others = Array.from({ length: 6 }, () => ({ ...reversal, reversalId: newId(0) }));
    const answers = await Promise.all(others.map((each) => take(each, 'claim')));
    expect(answers.filter(({ kind }) => kind === 'applied')).toHaveLength(1);
    const winner = others[answers.findIndex(({ kind }) => kind === 'applied')] ?? reversal;
    expect(await take(reversal, 'claim')).toMatchObject({ kind: 'rejected', code: 'already-reversed' });
    // Undoing what was refused takes nothing from the one that has it.
    expect((await take(reversal, 'claim', 'undo')).kind).toBe('applied');
    expect(await take({ ...reversal, reversalId: newId(0) }, 'claim')).toMatchObject({ code: 'already-reversed' });
    expect((await take(winner, 'claim', 'undo')).kind).toBe('applied');
    expect((await take(winner, 'claim', 'undo')).kind).toBe('applied');
    const next = { ...reversal, reversalId: newId(0) };
    expect((await take(next, 'claim')).kind).toBe('applied');
    expect((await take(winner, 'claim')).kind).toBe('applied');
    expect((await take(next, 'give-back')).kind).toBe('applied');
    expect(await postedOf(from)).toBe(10_000n);
    expect(await findJournal(bank.database.database, reversal.transferId)).toMatchObject({ isReversed: true });
  });

  it('can not be of two, whatever the code above believes', async () => {
    const { database } = bank.database;
    const insert = sql`INSERT INTO reversal_claim (journal_id, saga_id) VALUES (${ELSEWHERE.accountId}, ${newId(0)})`;
    await database.execute(insert);
    await expect(database.execute(insert)).rejects.toMatchObject({ code: '23505' });
    await expect(database.execute(sql`UPDATE reversal_claim SET saga_id = journal_id`)).rejects.toMatchObject({
      code: '42501',
    });
  });
});
