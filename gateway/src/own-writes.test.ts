import { setTimeout as sleep } from 'node:timers/promises';
import { memoryCache } from '@florin/cache';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Bank, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';

/** One that is not held back is there long before; on a slow machine this test is the less strict. */
const LONG_FOR_AN_ANSWER_MS = 100;
const OTHER = '018f0000-0000-7000-8000-0000000000ad';
const KEY: RawHeader = ['Idempotency-Key', 'k-1'];
const BODY = JSON.stringify({
  fromAccountId: ACCOUNT,
  toAccountId: OTHER,
  amount: { amount: '1.00', currency: 'EUR' },
});

describe.each(['in-process', 'http'] as const)('read your own writes, %s', (mode) => {
  let bank: Bank;
  let bearer: RawHeader;

  beforeAll(async () => {
    bank = await openBank(mode);
  });
  afterAll(() => bank.close());
  beforeEach(async () => {
    // A subject of its own per test: what one wrote is none of the others' business.
    const subject = `user-${Math.trunc(performance.now() * 1_000)}`;
    bearer = ['Authorization', `Bearer ${await bank.tokenOf({ sub: subject })}`];
    bank.seen.length = 0;
    bank.answers.clear();
  });

  async function write(versions: string) {
    bank.answers.set('transactions', () => ({
      status: 201,
      body: { id: 't' },
      headers: { 'florin-account-version': versions },
    }));
    const answer = await bank.send('POST', '/v1/transfers', [bearer, KEY], BODY);
    bank.seen.length = 0;
    return answer;
  }

  async function minVersionOf(path: string): Promise<string | string[] | undefined> {
    bank.seen.length = 0;
    await bank.send('GET', path, [bearer]);
    return bank.seen[0]?.headers['florin-min-version'];
  }

  it('sends what was written with the reads of accounts, and hides it from the client', async () => {
    const answer = await write(`${ACCOUNT}=7,${OTHER}=3`);
    expect(answer.status).toBe(201);
    expect(JSON.stringify(answer.headers)).not.toContain('florin-account-version');
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT}`)).toBe(`${ACCOUNT}=7`);
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT}/balance`)).toBe(`${ACCOUNT}=7`);
    expect(await minVersionOf(`/v1/accounts/${OTHER}/transactions?limit=5`)).toBe(`${OTHER}=3`);
    expect(await minVersionOf('/v1/accounts')).toBe(`${ACCOUNT}=7,${OTHER}=3`);
    expect(await minVersionOf('/v1/me')).toBeUndefined();
  });

  it('keeps the largest, for half a minute, for this subject alone', async () => {
    await write(`${ACCOUNT}=7`);
    await write(`${ACCOUNT}=5`);
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT}`)).toBe(`${ACCOUNT}=7`);
    const someoneElse: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf({ sub: 'someone-else' })}`];
    bank.seen.length = 0;
    await bank.send('GET', `/v1/accounts/${ACCOUNT}`, [someoneElse]);
    expect(bank.seen[0]?.headers).not.toHaveProperty('florin-min-version');
    bank.time.ms += 30_000;
    bearer = ['Authorization', bearer[1]];
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT}`)).toBeUndefined();
  });

  it('cannot be sent by a client', async () => {
    await write(`${ACCOUNT}=7`);
    await bank.send('GET', `/v1/accounts/${ACCOUNT}`, [bearer, ['Florin-Min-Version', `${ACCOUNT}=999999`]]);
    expect(bank.seen[0]?.headers['florin-min-version']).toBe(`${ACCOUNT}=7`);
    expect(bank.seen[0]?.rawHeaders.join()).not.toContain('999999');
  });

  it('is remembered by the time the client has the answer', async () => {
    for (let version = 10; version < 40; version += 1) {
      await write(`${ACCOUNT}=${version}`);
      expect(await minVersionOf(`/v1/accounts/${ACCOUNT}`)).toBe(`${ACCOUNT}=${version}`);
    }
  });

  it('passes over what is not a version, and asks the ledger when there are too many to name', async () => {
    await write('nonsense,=3,x=1');
    expect(await minVersionOf('/v1/accounts')).toBeUndefined();
    const many = Array.from({ length: 51 }, (_, index) => `${ACCOUNT.slice(0, -2)}${10 + index}=1`);
    await write(many.join(','));
    expect(await minVersionOf('/v1/accounts')).toBe('ledger');
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT.slice(0, -2)}10`)).toBe(`${ACCOUNT.slice(0, -2)}10=1`);
    expect(await minVersionOf(`/v1/accounts/${ACCOUNT}`)).toBeUndefined();
  });
});

it.each(['in-process', 'http'] as const)(
  'an answer does not leave before the cache has its versions, %s',
  async (mode) => {
    const cache = memoryCache({ clock: () => 0 });
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const raise: typeof cache.raise = (key, ...what) => {
      if (!key.startsWith('ryw:')) return cache.raise(key, ...what);
      asked.resolve();
      return answered.promise;
    };
    const bank = await openBank(mode, { cache: { ...cache, raise } });
    try {
      const bearer: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf({ sub: 'slow' })}`];
      const headers = { 'florin-account-version': `${ACCOUNT}=7` };
      bank.answers.set('transactions', () => ({ status: 201, body: { id: 't' }, headers }));
      const order: string[] = [];
      const answer = bank.send('POST', '/v1/transfers', [bearer, KEY], BODY).finally(() => order.push('answer'));
      await asked.promise;
      await sleep(LONG_FOR_AN_ANSWER_MS);
      order.push('remembered');
      answered.resolve();
      expect(await answer).toMatchObject({ status: 201, body: { id: 't' } });
      expect(order).toEqual(['remembered', 'answer']);
    } finally {
      await bank.close();
    }
  },
);
