import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClosingBank, codeOf, customer, person, startClosingBank } from './closing-bank.ts';

const DAY_MS = 86_400_000;

let bank: ClosingBank;
const tessa = person('tessa', 'teller');
const sam = person('sam', 'supervisor');

beforeAll(async () => {
  bank = await startClosingBank();
});
afterEach(() => {
  bank.line.on = () => {};
});
afterAll(async () => {
  const proof = await bank.proof();
  await bank.close();
  expect(proof).toEqual({ balanced: true, findings: [], clearing: '0.00', suspense: '0.00' });
});

describe('an account that holds money', () => {
  it.each([
    ['of the same owner, in one shard', 0, true],
    ['of somebody else, in the same shard', 0, false],
    ['of somebody else, in another shard', 1, false],
  ] as const)('is closed, and its money is on the account %s', async (_, shard, isOwn) => {
    const alice = customer(0);
    const payee = isOwn ? alice : customer(shard);
    const old = await bank.open(alice, '120.50');
    const target = await bank.open(payee, '1.00');
    const closed = await bank.closed(alice, old.id, target.iban);
    expect(codeOf(closed)).toBe('200 closed');
    expect(closed.body['balance']).toMatchObject({ posted: { amount: '0.00' }, held: { amount: '0.00' } });
    expect(closed.headers.get('florin-account-version')).toMatch(`${old.id}=`);
    expect([await bank.inLedger(old.id), await bank.inLedger(target.id)]).toEqual(['closed 0 0', 'active 12150 0']);
    expect(await bank.statusOf(alice, old.id)).toBe('closed');
    expect(await bank.sagasOf(old.id)).toEqual(['completed']);
    const told = () =>
      bank.published
        .map(({ type, data }) => ({ type, ...(data as Record<string, unknown>) }) as Record<string, unknown>)
        .filter((data) => data['accountId'] === old.id || data['resource'] === `account:${old.id}`)
        .map((data) => `${data['status'] ?? data['action']} ${data['outcome'] ?? ''}`.trim());
    await expect.poll(told).toEqual(expect.arrayContaining(['closed', 'account.close done']));
  });

  it('is closed too when it is empty, and nothing is moved', async () => {
    const alice = customer(0);
    const old = await bank.open(alice);
    const target = await bank.open(customer(1), '1.00');
    expect(codeOf(await bank.closed(alice, old.id, target.iban))).toBe('200 closed');
    expect(await bank.inLedger(target.id)).toBe('active 100 0');
  });

  it('of a frozen account is for staff to close, and of a stranger for nobody', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(alice);
    expect(codeOf(await bank.closeInto(customer(0), old.id, target.iban))).toBe('404 account-not-found');
    const reason = { body: { reason: 'lost phone' } };
    await bank.call('accounts', alice, 'POST', `/v1/accounts/${old.id}/freeze`, reason);
    expect(codeOf(await bank.closeInto(alice, old.id, target.iban))).toBe('409 account-frozen');
    const key = randomUUID();
    const asked = await bank.closeInto(tessa, old.id, target.iban, key);
    expect(codeOf(asked)).toBe('202 pending');
    expect(codeOf(await bank.closeInto(tessa, old.id, target.iban))).toBe('409 approval-pending');
    expect(await bank.inLedger(old.id)).toMatch('frozen 1000');
    const approve = `/v1/approvals/accounts/${asked.body['id']}/approve`;
    expect(codeOf(await bank.call('accounts', tessa, 'POST', approve))).toBe('403 forbidden');
    expect((await bank.call('accounts', sam, 'POST', approve)).status).toBe(200);
    // Asked again, it is the same question, which was answered; what takes long is looked at again after ten seconds.
    const again = () => bank.closeInto(tessa, old.id, target.iban, key);
    await expect.poll(async () => codeOf(await again()), { timeout: 30_000 }).toBe('202 done');
    expect(await bank.statusOf(alice, old.id)).toBe('closed');
    expect(await bank.inLedger(target.id)).toBe('active 1000 0');
  });

  it('is refused before anything begins when the other account will not do', async () => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const dollars = await bank.open(alice, '0', 'current-usd');
    const gone = await bank.open(alice);
    await bank.call('accounts', alice, 'POST', `/v1/accounts/${gone.id}/close`);
    const refusals = [
      [old.iban, '422 same-account'],
      [dollars.iban, '422 currency-mismatch'],
      [gone.iban, '409 account-not-active'],
      ['NL91ABNA0417164300', '404 account-not-found'],
      ['NL92ABNA0417164300', '400 invalid-payee'],
      ['no', '400 invalid-request'],
    ] as const;
    for (const [iban, code] of refusals) expect(codeOf(await bank.closeInto(alice, old.id, iban))).toBe(code);
    expect(codeOf(await bank.closeInto(alice, old.id, dollars.iban, ''))).toBe('400 idempotency-key-invalid');
    expect(await bank.sagasOf(old.id)).toEqual([]);
    expect(await bank.inLedger(old.id)).toBe('active 1000 0');
    // Without `restTo` it is as ever.
    const plain = await bank.call('accounts', alice, 'POST', `/v1/accounts/${old.id}/close`);
    expect(codeOf(plain)).toBe('422 account-not-empty');
  });

  it.each([
    ['money is set aside on it', { hold: '3.00' }, '422 account-not-empty'],
    ['it is more than the day’s limit, to somebody else', { limit: '9.99' }, '422 daily-limit-exceeded'],
  ] as const)('stays what it was when %s', async (_, { hold, limit }: { hold?: string; limit?: string }, code) => {
    const alice = customer(0);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(customer(0));
    if (hold !== undefined) await bank.hold(old.id, hold);
    if (limit !== undefined) {
      const body = { dailyLimit: { amount: limit, currency: 'EUR' } };
      await bank.call('accounts', tessa, 'PATCH', `/v1/accounts/${old.id}`, { body });
    }
    const key = randomUUID();
    const refused = await bank.closed(alice, old.id, target.iban, key);
    expect(codeOf(refused)).toBe(code);
    expect(await bank.sagasOf(old.id)).toEqual(['compensated']);
    expect(await bank.statusOf(alice, old.id)).toBe('active');
    expect(await bank.inLedger(old.id)).toBe(`active 1000 ${hold === undefined ? 0 : 300}`);
    const again = await bank.closeInto(alice, old.id, target.iban, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([refused.text, 'true']);
    // It can be used, and closed another time.
    const transfer = { fromAccountId: old.id, toAccountId: target.id, amount: { amount: '1.00', currency: 'EUR' } };
    expect((await bank.call('transactions', alice, 'POST', '/v1/transfers', { body: transfer })).status).toBe(201);
    // And what is decided about it from now on is newer for the ledger than what was taken back.
    await bank.call('accounts', alice, 'POST', `/v1/accounts/${old.id}/freeze`, { body: { reason: 'lost phone' } });
    expect(await bank.inLedger(old.id)).toMatch('frozen 900');
  });

  it.each([
    ['in the same shard', 0],
    ['in another shard', 1],
  ] as const)('stays what it was when the other account, %s, is closed meanwhile', async (_, shard) => {
    const alice = customer(0);
    const bob = customer(shard);
    const old = await bank.open(alice, '10.00');
    const target = await bank.open(bob);
    bank.line.on = async (operation, where) => {
      if (operation !== 'sweep' || where !== 'before') return;
      bank.line.on = () => {};
      await bank.call('accounts', bob, 'POST', `/v1/accounts/${target.id}/close`);
    };
    expect(codeOf(await bank.closed(alice, old.id, target.iban))).toBe('409 account-not-active');
    expect(await bank.sagasOf(old.id)).toEqual(['compensated']);
    expect([await bank.statusOf(alice, old.id), await bank.inLedger(old.id)]).toEqual(['active', 'active 1000 0']);
  });
});

it('the last statement of a closed account has the money leave, and ends at nothing', async () => {
  const alice = customer(0);
  const old = await bank.open(alice, '10.00');
  const target = await bank.open(customer(1));
  expect(codeOf(await bank.closed(alice, old.id, target.iban))).toBe('200 closed');
  await bank.pass(32 * DAY_MS);
  const list = async () => {
    const { body } = await bank.call('accounts', alice, 'GET', `/v1/accounts/${old.id}/statements`);
    return (body['data'] as { period: string; closing: unknown }[] | undefined) ?? [];
  };
  // The month's statement comes by itself, as every month; nothing is made for the closing.
  await expect.poll(list, { timeout: 10_000 }).toHaveLength(1);
  const [last] = await list();
  expect(last).toMatchObject({ closing: { amount: '0.00' }, debits: { amount: '10.00' }, lineCount: 2 });
  const { body } = await bank.call('accounts', alice, 'GET', `/v1/accounts/${old.id}/statements/${last?.period}`);
  expect(body['lines']).toMatchObject([
    { kind: 'deposit' },
    {
      kind: 'transfer',
      reference: 'Closing balance',
      amount: { amount: '-10.00' },
      counterparty: { iban: target.iban },
    },
  ]);
});
