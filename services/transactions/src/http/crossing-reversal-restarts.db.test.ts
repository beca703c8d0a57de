import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATIONS } from '../testing/test-ledger.ts';
import { BUCKETS, startTwoShards, type TwoShards } from '../testing/test-shards.ts';

const [FIRST, SECOND] = BUCKETS;
/** A command that nobody answered is sent again when its lease is over, after six seconds; more of it on a busy machine. */
const LOOKS_MAX = 3_000;
const TIMEOUT_MS = 120_000;

let first: TestDatabase;
let second: TestDatabase;
beforeEach(async () => {
  [first, second] = await Promise.all([testDatabase(MIGRATIONS), testDatabase(MIGRATIONS)]);
});
afterEach(() => Promise.all([first.close(), second.close()]));

const start = (): Promise<TwoShards> => startTwoShards({ ...first, further: [second] });

async function sent(bank: TwoShards) {
  const from = await bank.open('alice', '100.00', { bucket: FIRST });
  const to = await bank.open('bob', '0', { bucket: SECOND });
  const { body } = await bank.transfer('alice', from, to, '40.00');
  await bank.settled(body.id);
  return { from, to, id: body.id };
}

/** Keeps an account from being changed until it is let go. */
async function lock({ database }: TestDatabase, accountId: string): Promise<() => Promise<void>> {
  const locked = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const held = database.transaction(async (tx) => {
    await tx.query(sql`SELECT FROM account WHERE id = ${accountId} FOR UPDATE`);
    locked.resolve();
    await over.promise;
  });
  await locked.promise;
  return async () => {
    over.resolve();
    await held;
  };
}

async function postedIn({ database }: TestDatabase, accountId: string): Promise<bigint | undefined> {
  const [row] = await database.query<{ posted: bigint }>(sql`SELECT posted FROM account WHERE id = ${accountId}`);
  return row?.posted;
}

const claimsOn = (id: string) =>
  first.database.query<{ saga: string }>(sql`SELECT saga_id AS saga FROM reversal_claim WHERE journal_id = ${id}`);

async function expectTakenBack(bank: TwoShards, approvalId: string, reversalId: string, id: string) {
  expect((await bank.settled(reversalId, LOOKS_MAX)).body.status).toBe('completed');
  const path = `/v1/approvals/transactions/${approvalId}`;
  const status = async () => (await bank.call('sam', 'GET', path, { key: null })).body.status;
  await expect.poll(status, { timeout: 40_000 }).toBe('done');
  expect((await bank.call('alice', 'GET', `/v1/transfers/${id}`, { key: null })).body.status).toBe('reversed');
}

async function ask(bank: TwoShards, id: string): Promise<string> {
  const asked = await bank.call('tessa', 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice' } });
  return asked.body.id;
}

const approve = (bank: TwoShards, approvalId: string) =>
  bank.call('sam', 'POST', `/v1/approvals/transactions/${approvalId}/approve`);

it(
  'goes on when the service ends after the claim',
  async () => {
    const bank = await start();
    const { from, to, id } = await sent(bank);
    const approvalId = await ask(bank, id);
    const letGo = await lock(second, to);
    expect((await approve(bank, approvalId)).body.status).toBe('approved');
    const reversalId = (await claimsOn(id))[0]?.saga ?? '';
    await bank.close();
    await letGo();
    expect([await postedIn(first, from), await postedIn(second, to)]).toEqual([6_000n, 4_000n]);
    const next = await start();
    await expectTakenBack(next, approvalId, reversalId, id);
    await next.close();
    expect([await postedIn(first, from), await postedIn(second, to)]).toEqual([10_000n, 0n]);
  },
  TIMEOUT_MS,
);

it(
  'goes on when the service ends after the money was taken and before it was given back',
  async () => {
    const bank = await start();
    const { from, to, id } = await sent(bank);
    const approvalId = await ask(bank, id);
    const letPayeeGo = await lock(second, to);
    const answer = approve(bank, approvalId);
    await expect.poll(async () => (await claimsOn(id)).length, { timeout: 20_000 }).toBe(1);
    const reversalId = (await claimsOn(id))[0]?.saga ?? '';
    const letPayerGo = await lock(first, from);
    await letPayeeGo();
    await expect.poll(() => postedIn(second, to), { timeout: 20_000 }).toBe(0n);
    expect((await answer).body.status).toBe('approved');
    await bank.close();
    await letPayerGo();
    expect(await postedIn(first, from)).toBe(6_000n);
    const next = await start();
    await expectTakenBack(next, approvalId, reversalId, id);
    const proof = await next.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
    await next.close();
    expect(proof.body).toMatchObject({ balanced: true, findings: [] });
    expect([await postedIn(first, from), await postedIn(second, to)]).toEqual([10_000n, 0n]);
  },
  TIMEOUT_MS,
);
