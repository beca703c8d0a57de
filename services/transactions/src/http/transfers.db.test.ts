import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

function codeOf(answer: Answer): string {
  return `${answer.status} ${answer.body.code ?? answer.body.status}`;
}

/** An answer as anybody may see it: all but the one thing that differs every time. */
function withoutTrace(answer: Answer): string {
  const headers = [...answer.headers].filter(([name]) => name !== 'date').sort();
  return JSON.stringify([answer.status, headers, answer.text.replace(/"traceId":"[0-9a-f]+"/, '')]);
}

describe('a transfer', () => {
  it('answers 201 with the new balance, and moves exactly that', async () => {
    const from = await bank.open('alice', '100.00');
    const to = await bank.open('bob');
    const answer = await bank.transfer('alice', from, to, '12.50', { fields: { reference: 'rent' } });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      status: 'completed',
      coordination: 'local',
      fromAccountId: from,
      toAccountId: to,
      amount: { amount: '12.50', currency: 'EUR' },
      reference: 'rent',
      balance: { posted: { amount: '87.50' }, available: { amount: '87.50' }, held: { amount: '0.00' }, version: 3 },
    });
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['8750 0', '1250 0']);
  });

  it('in yen and in dinars keeps the digits of its currency', async () => {
    for (const [currency, amount, left] of [
      ['JPY', '10', '90'],
      ['KWD', '0.450', '99.550'],
    ] as const) {
      const from = await bank.open('alice', currency === 'JPY' ? '100' : '100.000', { currency });
      const to = await bank.open('bob', '0', { currency });
      const answer = await bank.transfer('alice', from, to, { amount, currency });
      expect(answer.body['balance']).toMatchObject({ posted: { amount: left, currency } });
    }
  });

  it('to an IBAN, spaced as people write it, reaches the account', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob');
    const { body: account } = await bank.call('accounts', 'GET', `/internal/accounts/${to}`, { key: null });
    const iban = String(account['iban'])
      .toLowerCase()
      .replace(/(.{4})/g, '$1 ')
      .trim();
    const body = { fromAccountId: from, toIban: iban, amount: { amount: '1.00', currency: 'EUR' } };
    const answer = await bank.call('alice', 'POST', '/v1/transfers', { body });
    expect([answer.status, answer.body['toAccountId']]).toEqual([201, to]);
    const unknown = { ...body, toIban: 'NL91ABNA0417164300' };
    expect(codeOf(await bank.call('alice', 'POST', '/v1/transfers', { body: unknown }))).toBe('404 account-not-found');
  });

  it('takes the fee as well, and says so', async () => {
    const from = await bank.open('alice', '10.00', { transferFeeMinor: '25' });
    const to = await bank.open('bob');
    const answer = await bank.transfer('alice', from, to, '1.00');
    expect(answer.body).toMatchObject({ fee: { amount: '0.25' }, balance: { posted: { amount: '8.75' } } });
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['875 0', '100 0']);
    expect(codeOf(await bank.transfer('alice', from, to, '8.51'))).toBe('422 insufficient-funds');
  });

  it('to the same account is 422', async () => {
    const from = await bank.open('alice', '10.00');
    expect(codeOf(await bank.transfer('alice', from, from, '1.00'))).toBe('422 same-account');
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it.each([
    ['frozen', '409 account-not-active', '201 completed'],
    ['closing', '409 account-not-active', '409 account-not-active'],
  ])('from or to an account that is %s', async (status, sending, receiving) => {
    const stopped = await bank.open('alice', '10.00');
    const other = await bank.open('alice', '10.00');
    expect((await bank.control(stopped, 'alice', 2, { status })).status).toBe(200);
    expect(codeOf(await bank.transfer('alice', stopped, other, '1.00'))).toBe(sending);
    expect(codeOf(await bank.transfer('alice', other, stopped, '1.00'))).toBe(receiving);
    expect(await bank.moneyOf(stopped)).toBe(status === 'frozen' ? '1100 0' : '1000 0');
  });

  it('from or to a closed account is 409, and closing one with money is 422', async () => {
    const closed = await bank.open('alice', '1.00');
    const other = await bank.open('alice', '10.00');
    expect(codeOf(await bank.control(closed, 'alice', 2, { status: 'closed' }))).toBe('422 account-not-empty');
    expect((await bank.transfer('alice', closed, other, '1.00')).status).toBe(201);
    expect(codeOf(await bank.control(closed, 'alice', 2, { status: 'closed' }))).toBe('200 closed');
    expect(codeOf(await bank.transfer('alice', closed, other, '1.00'))).toBe('409 account-not-active');
    expect(codeOf(await bank.transfer('alice', other, closed, '1.00'))).toBe('409 account-not-active');
    expect(codeOf(await bank.control(closed, 'alice', 3))).toBe('409 account-not-active');
  });

  it('past the daily limit is 422', async () => {
    const from = await bank.open('alice', '100.00', { dailyLimitMinor: '1000' });
    const to = await bank.open('bob');
    expect(codeOf(await bank.transfer('alice', from, to, '10.00'))).toBe('201 completed');
    expect(codeOf(await bank.transfer('alice', from, to, '0.01'))).toBe('422 daily-limit-exceeded');
  });

  it('to an account in another currency is 422 and moves nothing', async () => {
    const from = await bank.open('alice', '10.00');
    const to = await bank.open('bob', '0', { currency: 'USD' });
    expect(codeOf(await bank.transfer('alice', from, to, '1.00'))).toBe('422 currency-mismatch');
    const dollars = { amount: '1.00', currency: 'USD' };
    expect(codeOf(await bank.transfer('alice', from, to, dollars))).toBe('422 currency-mismatch');
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1000 0', '0 0']);
  });
});

describe("somebody else's", () => {
  it('account looks exactly as if it did not exist', async () => {
    const mine = await bank.open('alice', '10.00');
    const theirs = await bank.open('bob', '10.00');
    const frozen = await bank.open('bob', '10.00');
    await bank.control(frozen, 'bob', 2, { status: 'frozen' });
    const unknown = withoutTrace(await bank.transfer('alice', newId(0), mine, '1.00'));
    for (const id of [theirs, frozen]) {
      expect(withoutTrace(await bank.transfer('alice', id, mine, '1.00'))).toBe(unknown);
      expect(withoutTrace(await bank.transfer('alice', id, id, '1.00'))).toBe(unknown);
      expect(withoutTrace(await bank.transfer('alice', id, mine, '9999.00'))).toBe(unknown);
      expect(withoutTrace(await bank.transfer('alice', id, mine, { amount: '1.00', currency: 'USD' }))).toBe(unknown);
    }
    expect(await bank.moneyOf(theirs)).toBe('1000 0');
  });

  it('transfer looks exactly as if it did not exist; payer, payee and staff see it', async () => {
    const from = await bank.open('alice', '10.00');
    const made = await bank.transfer('alice', from, await bank.open('alice'), '1.00');
    const path = `/v1/transfers/${made.body.id}`;
    const unknown = withoutTrace(await bank.call('bob', 'GET', `/v1/transfers/${newId(0)}`));
    expect(withoutTrace(await bank.call('bob', 'GET', path))).toBe(unknown);
    expect(unknown).toContain('404');

    const toBob = await bank.transfer('alice', from, await bank.open('bob'), '2.00');
    for (const who of ['alice', 'bob', 'tessa', 'sam', 'amir'] as const) {
      const seen = await bank.call(who, 'GET', `/v1/transfers/${toBob.body.id}`);
      expect([seen.status, seen.body.status, seen.body['amount']]).toEqual([
        200,
        'completed',
        { amount: '2.00', currency: 'EUR' },
      ]);
      expect(seen.body).not.toHaveProperty('balance');
    }
  });
});

describe('who may', () => {
  const CUSTOMER = ['/v1/transfers', '/v1/transfer-batches'];
  const TELLER = ['/v1/deposits', '/v1/withdrawals'];
  const INTERNAL = ['/internal/holds', `/internal/holds/${newId(0)}/void`];

  it.each([
    ...TELLER.map((path) => ['alice', path, 403] as const),
    ...TELLER.map((path) => ['sam', path, 403] as const),
    ...CUSTOMER.map((path) => ['tessa', path, 403] as const),
    ...[...CUSTOMER, ...TELLER].map((path) => ['accounts', path, 403] as const),
    ...[...CUSTOMER, ...TELLER, ...INTERNAL].map((path) => ['nobody', path, 401] as const),
    ...INTERNAL.map((path) => ['alice', path, 403] as const),
    ...INTERNAL.map((path) => ['sam', path, 403] as const),
    ['alice', `/v1/transfers/${newId(0)}/reversal`, 403] as const,
    ['alice', '/v1/ledger/reconciliations', 403] as const,
    ['tessa', '/v1/ledger/reconciliations', 403] as const,
  ])('%s POST %s: %i', async (who, path, status) => {
    expect((await bank.call(who, 'POST', path, { body: {} })).status).toBe(status);
  });

  it('read or set the account of the ledger: services only', async () => {
    const path = `/internal/accounts/${await bank.open('alice', '1.00')}`;
    for (const [method, address] of [
      ['GET', path],
      ['GET', `${path}/postings`],
      ['PUT', path],
    ] as const) {
      const options = method === 'PUT' ? { body: {}, key: null } : { key: null };
      expect((await bank.call('sam', method, address, options)).status).toBe(403);
      expect((await bank.call('nobody', method, address, options)).status).toBe(401);
    }
  });

  it('the accounts service, with the IBAN of another account: one IBAN is one account', async () => {
    const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${await bank.open('alice')}`, {
      key: null,
    });
    const iban = String(body['iban']);
    const second = newId(0);
    const taken = await bank.control(second, 'bob', 1, { iban });
    expect([taken.status, taken.body['code']]).toEqual([409, 'iban-taken']);
    expect((await bank.call('accounts', 'GET', `/internal/accounts/${second}`, { key: null })).status).toBe(404);
    // Also when both come at once, as a batch would book them.
    const [first, other] = await Promise.all([
      bank.control(newId(0), 'carol', 1, { iban: 'NL40FLRN0000987654' }),
      bank.control(newId(0), 'dave', 1, { iban: 'NL40FLRN0000987654' }),
    ]);
    expect([first.status, other.status].sort()).toEqual([200, 409]);
  });

  it('a token for another audience, or none of ours, is nobody', async () => {
    for (const authorization of ['Bearer nonsense', 'Basic YTpi', 'Bearer ']) {
      const options = { body: {}, headers: { authorization } };
      expect((await bank.call('nobody', 'POST', '/v1/transfers', options)).status).toBe(401);
    }
  });
});

it('shows the fee to the payer and to staff, and the reason of a reversal to staff alone', async () => {
  const from = await bank.open('alice', '10.00', { transferFeeMinor: '25' });
  const to = await bank.open('bob');
  const body = { fromAccountId: from, toAccountId: to, amount: { amount: '1.00', currency: 'EUR' } };
  const { id } = (await bank.call('alice', 'POST', '/v1/transfers', { body })).body;
  const fieldsFor = async (who: 'alice' | 'bob' | 'tessa', transferId: string) =>
    Object.keys((await bank.call(who, 'GET', `/v1/transfers/${transferId}`)).body);
  expect(await fieldsFor('alice', id)).toContain('fee');
  expect(await fieldsFor('tessa', id)).toContain('fee');
  expect(await fieldsFor('bob', id)).not.toContain('fee');
  const reversal = await bank.takeBack(id, { reason: 'wrong payee' });
  expect(await fieldsFor('tessa', reversal.body.id)).toContain('reason');
  expect(await fieldsFor('alice', reversal.body.id)).not.toContain('reason');
});

it("says the versions of the caller's own accounts, never of somebody else's", async () => {
  const [from, own, other] = [await bank.open('alice', '10.00'), await bank.open('alice'), await bank.open('bob')];
  const send = async (to: string) =>
    (await bank.transfer('alice', from, to, '1.00')).headers.get('florin-account-version');
  expect(await send(other)).toBe(`${from}=3`);
  expect(await send(own)).toBe(`${from}=4,${own}=2`);
});
