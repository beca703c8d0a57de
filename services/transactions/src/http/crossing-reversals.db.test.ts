import type { CloudEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemAccountId } from '../domain/system-account.ts';
import type { Answer, AnswerBody } from '../testing/test-service.ts';
import { BUCKETS, startTwoShards, type TwoShards } from '../testing/test-shards.ts';

const [FIRST, SECOND] = BUCKETS;

let bank: TwoShards;
const heard: CloudEvent[] = [];
beforeAll(async () => {
  bank = await startTwoShards();
  bank.broker.subscribe({
    group: 'test',
    topics: ['transactions.transfer-reversed.v1', 'audit.action.v1', 'transactions.account-changed.v1'],
    handle: async (events) => void heard.push(...events),
  });
});
afterAll(async () => {
  const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
  const clearing = await bankHas('clearing');
  await bank.close();
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  expect(clearing).toBe('0.00');
});

function ask(id: string, more: object = {}, key = newId(0)): Promise<Answer> {
  return bank.call('tessa', 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice', ...more }, key });
}

const approve = ({ body }: Answer) => bank.call('sam', 'POST', `/v1/approvals/transactions/${body.id}/approve`);
const statusOf = async ({ body }: Answer) =>
  (await bank.call('sam', 'GET', `/v1/approvals/transactions/${body.id}`, { key: null })).body.status;

const force = (who: 'tessa' | 'sam', id: string) =>
  bank.call(who, 'POST', `/v1/transfers/${id}/reversal`, { body: { reason: 'sent twice', force: true } });

function codeOf(answer: Answer): string {
  return `${answer.status} ${answer.body.code ?? answer.body.status}`;
}

/** What an account of the bank's has in all shards, in euros. */
async function bankHas(code: 'clearing' | 'suspense' | 'receivable'): Promise<string> {
  const { body } = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
  const lines = body['lines'] as { accountId: string; posted: { amount: string } }[];
  return lines.find(({ accountId }) => accountId === systemAccountId(code, 'EUR'))?.posted.amount ?? '0.00';
}

interface SentOptions {
  readonly coordination?: 'saga' | 'two-phase';
  readonly transferFeeMinor?: string;
}

/** A transfer of 40.00 of alice's 100.00 to bob in the other shard, that has arrived. */
async function sent({ coordination = 'saga', transferFeeMinor = '0' }: SentOptions = {}) {
  const from = await bank.open('alice', '100.00', { bucket: FIRST, transferFeeMinor });
  const to = await bank.open('bob', '0', { bucket: SECOND });
  const { body } = await bank.transfer('alice', from, to, '40.00', { fields: { coordination, reference: 'rent' } });
  const { id } = (await bank.settled(body.id)).body;
  return { from, to, id };
}

/** Does something while nobody else can change an account of the second shard. */
async function whileLocked<Value>(accountId: string, work: () => Promise<Value>): Promise<Value> {
  const [second] = bank.further;
  if (second === undefined) throw new Error('there are two shards');
  return second.database.transaction(async (tx) => {
    await tx.query(sql`SELECT FROM account WHERE id = ${accountId} FOR UPDATE`);
    return work();
  });
}

/** What takes a transfer back just now. */
const claimOn = async (id: string) => (await bank.claimsOn(id))[0] ?? 'nothing';

describe.each(['saga', 'two-phase'] as const)('a transfer that crossed by %s', (coordination) => {
  it('is taken back: the money goes back, and both sides read that it did', async () => {
    const { from, to, id } = await sent({ coordination, transferFeeMinor: '25' });
    expect([await bank.money(from), await bank.money(to)]).toEqual(['5975 0', '4000 0']);
    const answer = await bank.takeBack(id);
    expect(answer.status).toBe(200);
    const whole = {
      status: 'completed',
      fromAccountId: to,
      toAccountId: from,
      amount: { amount: '40.00', currency: 'EUR' },
      reference: 'rent',
      coordination: 'saga',
      reversalOf: id,
    };
    expect(answer.body).toMatchObject({ ...whole, reason: 'sent twice', sagaId: answer.body.id });
    // The fee stays, as it does within one shard.
    expect([await bank.money(from), await bank.money(to)]).toEqual(['9975 0', '0 0']);
    for (const who of ['alice', 'bob'] as const) {
      const original = await bank.call(who, 'GET', `/v1/transfers/${id}`, { key: null });
      expect([original.body.status, original.body['coordination']]).toEqual(['reversed', coordination]);
      const read = await bank.call(who, 'GET', `/v1/transfers/${answer.body.id}`, { key: null });
      expect(read.body).toMatchObject(whole);
      expect(read.body).not.toHaveProperty('reason');
    }
  });
});

describe('taking back a transfer between two shards', () => {
  it('is one entry of the books, linked on both sides', async () => {
    const { from, to, id } = await sent();
    const reversalId = (await bank.takeBack(id)).body.id;
    for (const accountId of [from, to]) {
      const page = await bank.call('amir', 'GET', `/v1/ledger/journals?accountId=${accountId}`, { key: null });
      const [reversal, original] = page.body['data'] as AnswerBody[];
      expect(reversal).toMatchObject({ id: reversalId, kind: 'reversal', reversalOf: id, reason: 'sent twice' });
      expect(original).toMatchObject({ id, reversedBy: reversalId });
    }
    const detail = await bank.call('amir', 'GET', `/v1/ledger/journals/${reversalId}`, { key: null });
    const postings = detail.body['postings'] as { account: { name: string }; amount: { amount: string } }[];
    expect(postings.map(({ account, amount }) => `${account.name} ${amount.amount}`)).toEqual([
      'clearing -40.00',
      'alice 40.00',
      'bob -40.00',
      'clearing 40.00',
    ]);
    const all = await bank.call('amir', 'GET', '/v1/ledger/journals?limit=100', { key: null });
    expect((all.body['data'] as AnswerBody[]).filter(({ id: each }) => each === reversalId)).toHaveLength(1);
    expect(codeOf(await ask(reversalId))).toBe('422 not-reversible');
  });

  it('tells the world once, and each account in its own words', async () => {
    const { from, to, id } = await sent();
    const { body } = await bank.takeBack(id);
    await expect
      .poll(() => heard.filter(({ type, data }) => isReversalOf(id, type, data)).map(({ data }) => data))
      .toEqual([
        expect.objectContaining({ transferId: id, reversalId: body.id, fromAccountId: to, toAccountId: from }),
      ]);
    const audits = () => heard.filter(({ data }) => (data as AnswerBody)['resource'] === `journal:${body.id}`);
    await expect.poll(() => audits().length).toBe(1);
    expect(audits()[0]?.data).toMatchObject({ actor: 'tessa', action: 'transfer.reversed', reason: 'sent twice' });
    const lines = () =>
      heard
        .flatMap(({ data }) => ((data as AnswerBody)['lines'] ?? []) as AnswerBody[])
        .filter(({ journalId }) => journalId === body.id)
        .map(({ kind, amountMinor, counterpartyName }) => `${kind} ${amountMinor} ${counterpartyName}`)
        .sort();
    await expect.poll(lines).toEqual(['reversal -4000 alice', 'reversal 4000 bob']);
  });

  it('asked for with the same key is the same question, and with another one is refused', async () => {
    const { from, id } = await sent();
    const key = newId(0);
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(id, {}, key)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(codeOf(await ask(id, { reason: 'another' }, key))).toBe('422 idempotency-key-reused');
    expect(codeOf(await ask(id))).toBe('409 approval-pending');
    await bank.takeBack(id, { key });
    expect(codeOf(await ask(id, {}, key))).toBe('202 done');
    expect(codeOf(await ask(id))).toBe('409 already-reversed');
    expect(await bank.money(from)).toBe('10000 0');
  });

  it('approved by 8 at once happens once', async () => {
    const { from, to, id } = await sent();
    const key = newId(0);
    const asked = await ask(id, {}, key);
    const ends = await Promise.all(Array.from({ length: 8 }, async () => (await approve(asked)).status));
    expect(ends.toSorted()).toEqual([200, ...Array(7).fill(409)]);
    expect(codeOf(await bank.takeBack(id, { key }))).toBe('200 completed');
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
  });

  it('that takes long stays approved and is pending, for staff alone, until it has ended', async () => {
    const { from, to, id } = await sent();
    const asked = await ask(id);
    const late = await whileLocked(to, async () => {
      expect(codeOf(await approve(asked))).toBe('200 approved');
      const reversalId = await claimOn(id);
      const read = await bank.call('sam', 'GET', `/v1/transfers/${reversalId}`, { key: null });
      expect(read.body).toMatchObject({ status: 'pending', reversalOf: id, reason: 'sent twice' });
      for (const who of ['alice', 'bob'] as const) {
        expect((await bank.call(who, 'GET', `/v1/transfers/${reversalId}`, { key: null })).status).toBe(404);
      }
      const again = await ask(id);
      expect((await approve(again)).body).toMatchObject({ status: 'failed', failure: { code: 'already-reversed' } });
      const original = await bank.call('alice', 'GET', `/v1/transfers/${id}`, { key: null });
      expect(original.body.status).toBe('completed');
      return reversalId;
    });
    expect((await bank.settled(late)).body.status).toBe('completed');
    await expect.poll(() => statusOf(asked), { timeout: 40_000 }).toBe('done');
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
  }, 60_000);

  it('of a transfer that is still on its way waits for it', async () => {
    const from = await bank.open('alice', '100.00', { bucket: FIRST });
    const to = await bank.open('bob', '0', { bucket: SECOND });
    const reversal = await whileLocked(to, async () => {
      const { body } = await bank.transfer('alice', from, to, '40.00');
      await expect.poll(() => bank.money(from)).toBe('6000 0');
      await approve(await ask(body.id));
      return claimOn(body.id);
    });
    await bank.settled(reversal);
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
  });
});

function isReversalOf(id: string, type: string, data: unknown): boolean {
  return type === 'transactions.transfer-reversed.v1' && (data as AnswerBody)['transferId'] === id;
}

describe('taking back what can not be taken back', () => {
  it('is refused for lack of funds, stays refused under its key, and leaves no mark', async () => {
    const { from, to, id } = await sent();
    const other = await bank.open('alice', '0', { bucket: SECOND });
    expect((await bank.transfer('bob', to, other, '0.01')).status).toBe(201);
    const key = newId(0);
    expect(codeOf(await bank.takeBack(id, { key }))).toBe('200 insufficient-funds');
    expect([await bank.money(from), await bank.money(to), await bank.claimsOn(id)]).toEqual(['6000 0', '3999 0', []]);
    const read = await bank.call('alice', 'GET', `/v1/transfers/${id}`, { key: null });
    expect(read.body.status).toBe('completed');
    const body = { accountId: to, amount: { amount: '0.01', currency: 'EUR' } };
    expect((await bank.call('tessa', 'POST', '/v1/deposits', { body })).status).toBe(201);
    expect(codeOf(await ask(id, {}, key))).toBe('202 failed');
    expect(codeOf(await bank.takeBack(id))).toBe('200 completed');
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
  });

  it('may be forced by a supervisor after another person was refused; the bank waits for the rest', async () => {
    const { from, to, id } = await sent();
    const other = await bank.open('alice', '0', { bucket: SECOND });
    expect((await bank.transfer('bob', to, other, '30.00')).status).toBe(201);
    expect(codeOf(await force('tessa', id))).toBe('422 second-person-required');
    expect(codeOf(await force('sam', id))).toBe('422 second-person-required');
    expect(codeOf(await bank.takeBack(id))).toBe('200 insufficient-funds');
    expect(codeOf(await force('sam', id))).toBe('201 completed');
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
    expect(await bankHas('receivable')).toBe('-30.00');
  });

  it.each(['payer', 'payee'] as const)('is refused when the account of the %s is closed', async (closed) => {
    const { from, to, id } = await sent();
    const [account, owner] = closed === 'payer' ? ([from, 'alice'] as const) : ([to, 'bob'] as const);
    await empty(account, owner);
    expect((await bank.control(account, owner, 2, { status: 'closed' })).status).toBe(200);
    const before = [await bank.money(from), await bank.money(to)];
    expect(codeOf(await bank.takeBack(id))).toBe('200 account-not-active');
    expect([await bank.money(from), await bank.money(to), await bank.claimsOn(id)]).toEqual([...before, []]);
  });

  it('is refused when there is no such transfer', async () => {
    expect(codeOf(await ask(newId(FIRST)))).toBe('404 transfer-not-found');
  });
});

/** Sends away all that an account has. */
async function empty(accountId: string, owner: 'alice' | 'bob'): Promise<void> {
  const other = await bank.open(owner, '0', { bucket: SECOND });
  const [posted = '0'] = (await bank.money(accountId)).split(' ');
  const { body } = await bank.transfer(owner, accountId, other, (Number(posted) / 100).toFixed(2));
  await bank.settled(body.id);
}

describe('money that its account can not take any more', () => {
  it('goes to suspense when the payer was closed meanwhile', async () => {
    const { from, to, id } = await sent();
    await empty(from, 'alice');
    const before = await bankHas('suspense');
    const reversalId = await whileLocked(to, async () => {
      expect(codeOf(await approve(await ask(id)))).toBe('200 approved');
      expect((await bank.control(from, 'alice', 2, { status: 'closed' })).status).toBe(200);
      return claimOn(id);
    });
    const ended = await bank.settled(reversalId);
    expect([codeOf(ended), ended.body['toAccountId']]).toEqual(['200 completed', systemAccountId('suspense', 'EUR')]);
    expect([await bank.money(from), await bank.money(to)]).toEqual(['0 0', '0 0']);
    expect(Number(await bankHas('suspense')) - Number(before)).toBe(40);
  });

  it('is taken back from suspense, where it went when the payee could not take it', async () => {
    const from = await bank.open('alice', '100.00', { bucket: FIRST });
    const to = await bank.open('bob', '0', { bucket: SECOND });
    const before = await bankHas('suspense');
    const [second] = bank.further;
    const transfer = await second?.database.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM account WHERE id = ${to} FOR UPDATE`);
      const accepted = await bank.transfer('alice', from, to, '7.00');
      await tx.execute(sql`UPDATE account SET status = 'closed' WHERE id = ${to}`);
      return accepted;
    });
    const { id } = (await bank.settled(transfer?.body.id ?? '')).body;
    expect(Number(await bankHas('suspense')) - Number(before)).toBe(7);
    expect(codeOf(await bank.takeBack(id))).toBe('200 completed');
    expect([await bank.money(from), await bank.money(to)]).toEqual(['10000 0', '0 0']);
    expect(await bankHas('suspense')).toBe(before);
  });
});
