import { transferCompleted } from '@florin/contracts';
import type { CloudEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { bucketOfCustomer, newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

/** Two shards: buckets below 128 are in the first, the others in the second. */
const FIRST = 5;
const SECOND = 200;
const LOOKS_MAX = 500;

let bank: TestService;
const heard: CloudEvent[] = [];
beforeAll(async () => {
  bank = await startTestService(undefined, 2);
  bank.broker.subscribe({
    group: 'test',
    topics: [transferCompleted.topic],
    handle: async (events) => void heard.push(...events),
  });
});
afterAll(async () => {
  const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
  const books = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
  await bank.close();
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  const lines = books.body['lines'] as { account: string; posted: { amount: string } }[];
  expect(lines.find(({ account }) => account === 'clearing')?.posted.amount).toBe('0.00');
});

/** The transfer when it is not pending any more. */
async function settled(id: string): Promise<Answer> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const answer = await bank.call('sam', 'GET', `/v1/transfers/${id}`, { key: null });
    if (answer.body.status !== 'pending') return answer;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the transfer does not end');
}

/** What the ledger has of an account: `posted held`. */
async function money(id: string): Promise<string> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return `${body['postedMinor']} ${body['heldMinor']}`;
}

describe('a transfer to another shard', () => {
  it('is accepted at once, arrives, and is one transfer for both sides', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const sent = await bank.transfer('alice', alice, bob, '40.00', { fields: { reference: 'rent' } });
    expect(sent.status).toBe(202);
    expect(sent.body).toMatchObject({
      status: 'pending',
      coordination: 'saga',
      balance: { available: { amount: '60.00' } },
    });
    const whole = {
      status: 'completed',
      fromAccountId: alice,
      toAccountId: bob,
      reference: 'rent',
      coordination: 'saga',
    };
    expect((await settled(sent.body.id)).body).toMatchObject(whole);
    for (const who of ['alice', 'bob'] as const) {
      expect((await bank.call(who, 'GET', `/v1/transfers/${sent.body.id}`, { key: null })).body).toMatchObject(whole);
    }
    expect([await money(alice), await money(bob)]).toEqual(['6000 0', '4000 0']);
    const line = await bank.call('accounts', 'GET', `/internal/accounts/${bob}/postings`, { key: null });
    const [arrived] = line.body['data'] as { counterpartyName: string; journalId: string }[];
    expect(arrived).toMatchObject({ counterpartyName: 'alice', journalId: sent.body.id, amountMinor: '4000' });
  });

  it('charges the fee of the payer, where the payer is', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: SECOND, transferFeeMinor: '25' });
    const bob = await bank.open('bob', '0', { bucket: FIRST });
    const { body } = await bank.transfer('alice', alice, bob, '10.00');
    expect(body).toMatchObject({ fee: { amount: '0.25' } });
    expect((await settled(body.id)).body).toMatchObject({ status: 'completed', fee: { amount: '0.25' } });
    expect([await money(alice), await money(bob)]).toEqual(['8975 0', '1000 0']);
  });

  it('is made once, however often it is asked for, also at once', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const key = newId(0);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => bank.transfer('alice', alice, bob, '1.00', { key })),
    );
    const [first] = answers.filter(({ status }) => status === 202);
    for (const { status } of answers) expect([202, 409]).toContain(status);
    await settled(first?.body.id ?? '');
    const again = await bank.transfer('alice', alice, bob, '1.00', { key });
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first?.text, 'true']);
    expect((await bank.transfer('alice', alice, bob, '2.00', { key })).body.code).toBe('idempotency-key-reused');
    expect([await money(alice), await money(bob)]).toEqual(['9900 0', '100 0']);
  });

  it.each([
    ['more than there is', '100.01', {}, 422, 'insufficient-funds'],
    ['to an account that is closing', '1.00', { status: 'closing' }, 409, 'account-not-active'],
    ['to an account in another currency', '1.00', { currency: 'USD' }, 422, 'currency-mismatch'],
  ] as const)('%s is refused at once, and stays refused', async (_, amount, payee, status, code) => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND, ...payee });
    const key = newId(0);
    const refused = await bank.transfer('alice', alice, bob, amount, { key });
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect((await bank.transfer('alice', alice, bob, amount, { key })).text).toBe(refused.text);
    expect([await money(alice), await money(bob)]).toEqual(['10000 0', '0 0']);
  });

  it('to nobody, or of somebody else’s money, is not found', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    expect((await bank.transfer('alice', alice, newId(SECOND), '1.00')).body.code).toBe('account-not-found');
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    expect((await bank.transfer('bob', alice, bob, '1.00')).body.code).toBe('account-not-found');
  });

  it('ends in suspense when the payee was closed while it was on its way', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    // The second shard can not answer: its accounts are locked until the account is closed.
    const [second] = bank.further;
    const sent = await second?.database.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM account WHERE id = ${bob} FOR UPDATE`);
      const accepted = await bank.transfer('alice', alice, bob, '7.00');
      await tx.execute(sql`UPDATE account SET status = 'closed' WHERE id = ${bob}`);
      return accepted;
    });
    expect(sent?.status).toBe(202);
    expect((await settled(sent?.body.id ?? '')).body).toMatchObject({ status: 'completed' });
    expect([await money(alice), await money(bob)]).toEqual(['9300 0', '0 0']);
    const books = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
    expect(books.body['lines']).toContainEqual(
      expect.objectContaining({ account: 'suspense', posted: { amount: '7.00', currency: 'EUR' } }),
    );
  });
});

describe('a transfer to another shard by two-phase commit', () => {
  const twoPhase = { fields: { coordination: 'two-phase' } };

  it('is booked in both at once, for both sides, with its answer', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST, transferFeeMinor: '25' });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const key = newId(0);
    const sent = await bank.transfer('alice', alice, bob, '40.00', { ...twoPhase, key });
    expect(sent.status).toBe(201);
    const whole = { status: 'completed', coordination: 'two-phase', amount: { amount: '40.00' } };
    expect(sent.body).toMatchObject({ ...whole, fee: { amount: '0.25' }, balance: { posted: { amount: '59.75' } } });
    expect([await money(alice), await money(bob)]).toEqual(['5975 0', '4000 0']);
    const read = await bank.call('bob', 'GET', `/v1/transfers/${sent.body.id}`, { key: null });
    expect(read.body).toMatchObject(whole);
    const again = await bank.transfer('alice', alice, bob, '40.00', { ...twoPhase, key });
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([sent.text, 'true']);
    expect((await bank.transfer('alice', alice, bob, '40.00', { key })).body.code).toBe('idempotency-key-reused');
  });

  it('says once that it is completed, as the payer has it', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const { body } = await bank.transfer('alice', alice, bob, '40.00', twoPhase);
    const told = () => heard.filter(({ type, subject }) => type === transferCompleted.topic && subject === body.id);
    await expect.poll(told).toHaveLength(1);
    expect(told()[0]?.data).toMatchObject({
      fromAccountId: alice,
      toAccountId: bob,
      amountMinor: '4000',
      actor: 'alice',
    });
  });

  it.each([
    ['more than there is', '100.01', {}, 'insufficient-funds'],
    ['to an account that is closing', '1.00', { status: 'closing' }, 'account-not-active'],
    ['to an account in another currency', '1.00', { currency: 'USD' }, 'currency-mismatch'],
  ] as const)('%s is refused, stays refused, and leaves nothing prepared', async (_, amount, payee, code) => {
    const alice = await bank.open('alice', '100.00', { bucket: SECOND });
    const bob = await bank.open('bob', '0', { bucket: FIRST, ...payee });
    const key = newId(0);
    const refused = await bank.transfer('alice', alice, bob, amount, { ...twoPhase, key });
    expect(refused.body.code).toBe(code);
    expect((await bank.transfer('alice', alice, bob, amount, { ...twoPhase, key })).text).toBe(refused.text);
    expect([await money(alice), await money(bob)]).toEqual(['10000 0', '0 0']);
    const prepared = await bank.own?.database.query(sql`
      SELECT gid FROM pg_prepared_xacts WHERE database = current_database()`);
    expect(prepared).toEqual([]);
  });

  it('is made once when it is asked for many times at once', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const key = newId(0);
    const send = () => bank.transfer('alice', alice, bob, '1.00', { ...twoPhase, key });
    const answers = await Promise.all(Array.from({ length: 6 }, send));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    expect((await send()).status).toBe(201);
    expect([await money(alice), await money(bob)]).toEqual(['9900 0', '100 0']);
  });

  it('waits for nobody long: an account that another one has is busy', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const [second] = bank.further;
    const busy = await second?.database.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM account WHERE id = ${bob} FOR UPDATE`);
      return bank.transfer('alice', alice, bob, '1.00', twoPhase);
    });
    expect(busy?.body.code).toBe('account-busy');
    expect([await money(alice), await money(bob)]).toEqual(['10000 0', '0 0']);
  });

  it('within one shard needs no agreement', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: FIRST });
    const sent = await bank.transfer('alice', alice, bob, '1.00', twoPhase);
    expect([sent.status, sent.body['coordination']]).toEqual([201, 'local']);
  });

  it('by a way that nobody knows is refused', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const sent = await bank.transfer('alice', alice, alice, '1.00', { fields: { coordination: 'three-phase' } });
    expect([sent.status, sent.body.errors[0]?.path]).toEqual([400, '/coordination']);
  });
});

describe('a key of somebody whose account is in another shard than their keys', () => {
  const home = bucketOfCustomer('alice') < 128 ? FIRST : SECOND;
  const away = home === FIRST ? SECOND : FIRST;

  it('names one transfer, whichever account is debited', async () => {
    const [near, far] = [
      await bank.open('alice', '50.00', { bucket: home }),
      await bank.open('alice', '50.00', { bucket: away }),
    ];
    const bobs = [
      await bank.open('bob', '0', { bucket: home }),
      await bank.open('bob', '0', { bucket: away }),
    ] as const;
    const key = newId(0);
    const answers = await Promise.all([
      bank.transfer('alice', near, bobs[0], '5.00', { key }),
      bank.transfer('alice', far, bobs[1], '5.00', { key }),
    ]);
    const booked = answers.filter(({ status }) => status === 201);
    expect([booked.length, answers.map(({ status }) => status).sort()]).toEqual([1, [201, 422]]);
    const moved = [await money(near), await money(far)].filter((each) => each === '4500 0');
    expect(moved).toHaveLength(1);
  });

  it('at the counter names one deposit', async () => {
    const [one, other] = [
      await bank.open('bob', '0', { bucket: FIRST }),
      await bank.open('bob', '0', { bucket: SECOND }),
    ];
    const key = newId(0);
    const deposit = (accountId: string) =>
      bank.call('tessa', 'POST', '/v1/deposits', {
        body: { accountId, amount: { amount: '3.00', currency: 'EUR' } },
        key,
      });
    expect((await deposit(one)).status).toBe(201);
    expect((await deposit(other)).body.code).toBe('idempotency-key-reused');
    expect([await money(one), await money(other)]).toEqual(['300 0', '0 0']);
  });
});

describe('what staff see of two shards', () => {
  it('is one list of journals, each once, and a transfer between shards whole', async () => {
    const alice = await bank.open('alice', '100.00', { bucket: FIRST });
    const bob = await bank.open('bob', '0', { bucket: SECOND });
    const { body } = await bank.transfer('alice', alice, bob, '1.00', { fields: { reference: 'seen once' } });
    await settled(body.id);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const place = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await bank.call('amir', 'GET', `/v1/ledger/journals?limit=3${place}`, { key: null });
      seen.push(...(page.body['data'] as { id: string }[]).map(({ id }) => id));
      cursor = page.body['nextCursor'] as string | null;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id === body.id)).toHaveLength(1);
    const detail = await bank.call('amir', 'GET', `/v1/ledger/journals/${body.id}`, { key: null });
    const postings = (detail.body['postings'] as { amount: { amount: string } }[]).map(({ amount }) => amount.amount);
    expect(postings).toEqual(['-1.00', '1.00', '-1.00', '1.00']);
  });
});

it('a ledger is not started with another number of shards', async () => {
  const { own } = bank;
  await expect(startTestService(own ?? undefined)).rejects.toThrow(
    'this ledger was made with 2 shards and can not be started with 1',
  );
});
