import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

/** A fresh bank for each describe: checks of names are counted in the memory of the process. */
beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

async function holder(name: string, more: object = {}): Promise<string> {
  const id = await bank.open('bob', '0', { holderName: name, ...more });
  return ibanOf(id);
}

async function ibanOf(id: string): Promise<string> {
  return String((await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null })).body['iban']);
}

type Who = 'alice' | 'bob';

function keep(name: string, iban: string, who: Who = 'alice') {
  return bank.call(who, 'POST', '/v1/payees', { body: { name, iban }, key: null });
}

function check(name: string, iban: string, who: Who = 'alice') {
  return bank.call(who, 'POST', '/v1/payee-checks', { body: { name, iban }, key: null });
}

async function list(who: Who = 'alice') {
  const { body } = await bank.call(who, 'GET', '/v1/payees', { key: null });
  return body['data'] as { id: string; name: string; lastPaidAt: string | null }[];
}

const OTHER_BANK = 'NL91ABNA0417164300';
/** Valid check digits, our bank, and nobody's. */
const NOBODYS = 'NL70FLRN9999999999';

describe('a payee', () => {
  beforeEach(async () => {
    await bank.own?.database.execute(sql`DELETE FROM payee`);
  });

  it('is kept, listed, called something else and forgotten', async () => {
    const iban = await holder('Bob de Vries');
    const kept = await keep('Bob de Vries', iban.toLowerCase().replace(/(....)/g, '$1 '));
    expect([kept.status, kept.body]).toEqual([
      201,
      {
        id: kept.body.id,
        name: 'Bob de Vries',
        iban,
        nameCheck: 'match',
        createdAt: expect.any(String),
        isTrusted: false,
        lastPaidAt: null,
      },
    ]);
    const path = `/v1/payees/${kept.body.id}`;
    const renamed = await bank.call('alice', 'PATCH', path, { body: { name: 'My brother' }, key: null });
    expect([renamed.status, renamed.body]).toEqual([200, { ...kept.body, name: 'My brother' }]);
    expect(await list()).toEqual([renamed.body]);
    const forgotten = await bank.call('alice', 'DELETE', path, { key: null });
    expect([forgotten.status, forgotten.text, await list()]).toEqual([204, '', []]);
    expect((await bank.call('alice', 'DELETE', path, { key: null })).body.code).toBe('payee-not-found');
  });

  it('of somebody else is not there', async () => {
    const { id } = (await keep('Bob', await holder('Bob'))).body;
    expect(await list('bob')).toEqual([]);
    for (const method of ['PATCH', 'DELETE']) {
      const options = method === 'PATCH' ? { body: { name: 'Mine' }, key: null } : { key: null };
      const answer = await bank.call('bob', method, `/v1/payees/${id}`, options);
      expect([answer.status, answer.body.code]).toEqual([404, 'payee-not-found']);
    }
    expect((await list())[0]?.name).toBe('Bob');
  });

  it('is kept once by one customer, whatever the name, and by another too', async () => {
    const iban = await holder('Bob');
    const both = await Promise.all([keep('Bob', iban), keep('Bob', iban)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('payee-exists');
    expect((await keep('Bob', iban, 'bob')).status).toBe(201);
  });

  it('is no account that can not be paid, and the answer says what is wrong', async () => {
    const closed = await holder('Gone', { status: 'closed' });
    for (const [iban, detail] of [
      [OTHER_BANK, 'another bank'],
      [NOBODYS, 'No open account'],
      [closed, 'No open account'],
      ['NL92ABNA0417164300', 'not valid'],
    ] as const) {
      const answer = await keep('Gone', iban, 'bob');
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-payee']);
      expect(answer.body['detail']).toContain(detail);
    }
  });

  it('is one of a hundred at most, however many are asked for at once', async () => {
    const iban = await holder('Bob');
    await bank.own?.database.execute(sql`
      INSERT INTO payee (id, owner, name, iban, name_check, created_at)
      SELECT gen_random_uuid(), 'alice', 'P' || n, 'IBAN ' || n, 'match', now() FROM generate_series(1, 99) AS n`);
    const other = await holder('Carol');
    const answers = await Promise.all([keep('Bob', iban), keep('Carol', other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    expect(answers.find(({ status }) => status === 422)?.body.code).toBe('too-many-payees');
    expect(await list()).toHaveLength(100);
  });

  it('that was paid last comes first, then by name', async () => {
    const from = await bank.open('alice', '100.00');
    const [anna, ben, zoe] = [await holder('anna'), await holder('Ben'), await holder('Zoe')];
    for (const [name, iban] of [
      ['Zoe', zoe],
      ['Ben', ben],
      ['anna', anna],
    ] as const)
      await keep(name, iban);
    expect((await list()).map(({ name }) => name)).toEqual(['anna', 'Ben', 'Zoe']);
    const pay = (iban: string, amount: string) =>
      bank.call('alice', 'POST', '/v1/transfers', {
        body: {
          fromAccountId: from,
          toIban: iban.replace(/(....)/g, '$1 ').trim(),
          amount: { amount, currency: 'EUR' },
        },
      });
    const [paid, refused] = [await pay(zoe, '1.00'), await pay(ben, '500.00')];
    expect([paid.status, refused.status]).toEqual([201, 422]);
    await vi.waitFor(async () => expect((await list())[0]?.lastPaidAt).not.toBeNull(), 20_000);
    expect((await list()).map(({ name, lastPaidAt }) => [name, lastPaidAt !== null])).toEqual([
      ['Zoe', true],
      ['anna', false],
      ['Ben', false],
    ]);
  });
});

describe('a check of a name', () => {
  beforeAll(async () => {
    await bank.close();
    bank = await startTestService();
  });

  it('says whether it is the holder’s, and tells the name to those who nearly knew it', async () => {
    const iban = await holder('Alice Jansen');
    expect((await check('jansen, ALICE', iban)).body).toEqual({ iban, result: 'match' });
    expect((await check('A. Janssen', iban)).body).toEqual({
      iban,
      result: 'close-match',
      suggestedName: 'Alice Jansen',
    });
    expect((await check('Bob de Vries', iban)).body).toEqual({ iban, result: 'no-match' });
    expect((await check('a', iban)).body).toEqual({ iban, result: 'no-match' });
  });

  it('does not tell which of our IBANs are in use', async () => {
    const closed = await holder('Gone', { status: 'closed' });
    for (const iban of [NOBODYS, OTHER_BANK, closed]) {
      expect((await check('Gone', iban)).body).toEqual({ iban, result: 'not-possible' });
    }
    const { status, body } = await check('Gone', 'NL92ABNA0417164300');
    expect([status, body.code]).toEqual([400, 'invalid-payee']);
  });

  it.each([
    ['no name', { iban: NOBODYS, name: '' }],
    ['a blank name', { iban: NOBODYS, name: '  ' }],
    ['a name of 121 letters', { iban: NOBODYS, name: 'x'.repeat(121) }],
    ['an end of line in the name', { iban: NOBODYS, name: 'a\nb' }],
    ['no IBAN', { name: 'Bob' }],
    ['an unknown field', { iban: NOBODYS, name: 'Bob', customer: 'bob' }],
  ])('with %s is 400', async (_, body) => {
    const answer = await bank.call('alice', 'POST', '/v1/payee-checks', { body, key: null });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  it('takes 120 emoji for what they are', async () => {
    const iban = await holder('Alice Jansen');
    expect((await check('😀'.repeat(120), iban)).body).toEqual({ iban, result: 'no-match' });
  });

  it('is refused after ten guesses, for keeping a payee too, and says when to come again', async () => {
    const iban = await holder('Secret Name');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => check(`Guess ${newId(index)}`, iban, 'bob')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    const [refused] = answers.filter(({ status }) => status === 429);
    expect([refused?.body.code, Number(refused?.headers.get('retry-after'))]).toEqual(['too-many-payee-checks', 3_600]);
    const kept = await keep('Another guess', iban, 'bob');
    expect([kept.status, kept.body.code]).toEqual([429, 'too-many-payee-checks']);
  });
});
