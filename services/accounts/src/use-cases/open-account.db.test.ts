import { randomUUID } from 'node:crypto';
import { isValidIban } from '@florin/money';
import { sql } from '@florin/postgres';
import { bucketOf, bucketOfCustomer } from '@florin/primitives';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
});

function open(who = person('customer'), key: string = randomUUID(), body: object = { productCode: 'current-eur' }) {
  return bank.call(who, 'POST', '/v1/accounts', { body, headers: { 'idempotency-key': key } });
}

it('opens an account that the ledger has when the answer comes', async () => {
  const alice = person('customer');
  const answer = await open(alice, 'one', { productCode: 'business-eur', name: 'Shop' });
  expect(answer.status).toBe(201);
  const zero = { amount: '0.00', currency: 'EUR' };
  expect(answer.body).toMatchObject({
    name: 'Shop',
    product: 'business-eur',
    currency: 'EUR',
    status: 'active',
    balance: { posted: zero, held: zero, available: { amount: '1000.00', currency: 'EUR' }, version: 1 },
    dailyLimit: { amount: '10000.00', currency: 'EUR' },
  });
  const { id, iban } = answer.body as { id: string; iban: string };
  expect(answer.headers.get('florin-account-version')).toBe(`${id}=1`);
  const bucket = bucketOfCustomer(alice.subject);
  expect(bucketOf(id)).toBe(bucket);
  expect(isValidIban(iban)).toBe(true);
  expect(iban.slice(8, 11)).toBe(String(bucket).padStart(3, '0'));
  expect(bank.ledger.accounts.get(id)).toMatchObject({
    iban,
    status: 'active',
    owners: [alice.subject],
    overdraft: 100_000n,
    dailyLimit: 1_000_000n,
  });
});

it.each([
  ['current-jpy', { amount: '0', currency: 'JPY' }],
  ['current-kwd', { amount: '0.000', currency: 'KWD' }],
])('keeps %s exact', async (productCode, posted) => {
  const answer = await open(person('customer'), randomUUID(), { productCode });
  expect(answer.body).toMatchObject({ balance: { posted } });
});

it('answers a repeated key with the same bytes, and another body under it with 422', async () => {
  const alice = person('customer');
  const first = await open(alice, 'same');
  const again = await open(alice, 'same');
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.headers.get('florin-account-version')).toBe(first.headers.get('florin-account-version'));
  const other = await open(alice, 'same', { productCode: 'savings-eur' });
  expect(other.body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  const stranger = await open(person('customer'), 'same');
  expect(stranger.headers.get('idempotency-replayed')).toBeNull();
});

it('keeps a refusal with its key', async () => {
  const alice = person('customer');
  const first = await open(alice, 'bad', { productCode: 'gold' });
  expect(first.body).toMatchObject({ status: 422, code: 'unknown-product' });
  const again = await open(alice, 'bad', { productCode: 'gold' });
  expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
  expect(again.headers.get('content-type')).toContain('application/problem+json');
});

it('opens one account for fifty requests with one key at once', async () => {
  const alice = person('customer');
  const answers = await Promise.all(Array.from({ length: 50 }, () => open(alice, 'raced')));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === null)).toHaveLength(1);
  const list = await bank.call(alice, 'GET', '/v1/accounts');
  expect(list.body['data']).toHaveLength(1);
  const facts = () => bank.published.filter((event) => JSON.stringify(event.data).includes(alice.subject));
  await expect.poll(() => facts().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(facts()).toHaveLength(2);
});

it('never opens more than fifty accounts for one customer', async () => {
  const alice = person('customer');
  const answers = await Promise.all(Array.from({ length: 55 }, () => open(alice)));
  const counts = answers.map((answer) => (answer.status === 201 ? 'opened' : answer.body['code']));
  expect(counts.filter((count) => count === 'opened')).toHaveLength(50);
  expect(counts.filter((count) => count === 'too-many-accounts')).toHaveLength(5);
});

it.each([
  ['no key', {}, { productCode: 'current-eur' }, 'idempotency-key-missing'],
  ['an unknown field', { 'idempotency-key': 'k' }, { productCode: 'current-eur', extra: 1 }, 'invalid-request'],
  [
    'a name of control characters',
    { 'idempotency-key': 'k' },
    { productCode: 'current-eur', name: 'a\u0000b' },
    'invalid-request',
  ],
  ['a blank name', { 'idempotency-key': 'k' }, { productCode: 'current-eur', name: '  ' }, 'invalid-request'],
])('refuses %s', async (_what, headers, body, code) => {
  const answer = await bank.call(person('customer'), 'POST', '/v1/accounts', { headers, body });
  expect(answer.body).toMatchObject({ status: 400, code });
});

it.each(['away', 'deaf'] as const)('answers 503 while the ledger is %s, and the same key finishes it', async (mode) => {
  const alice = person('customer');
  bank.ledger.mode = mode;
  const lost = await open(alice, 'stuck');
  expect(lost.body).toMatchObject({ status: 503 });
  expect(lost.headers.get('retry-after')).toBe('1');
  const list = await bank.call(alice, 'GET', '/v1/accounts');
  expect(list.body['data']).toMatchObject([{ status: 'opening', balance: { version: 0 } }]);
  bank.ledger.mode = 'well';
  const found = await open(alice, 'stuck');
  expect(found.body).toMatchObject({ status: 'active' });
  expect((await open(alice, 'stuck')).text).toBe(found.text);
});

it('finishes by itself what a crash left open', async () => {
  const alice = person('customer');
  bank.ledger.mode = 'away';
  await open(alice, 'crashed');
  bank.ledger.mode = 'well';
  await bank.opened.database.execute(sql`UPDATE control_intent SET next_try_at = now() WHERE done_at IS NULL`);
  await expect
    .poll(async () => (await bank.call(alice, 'GET', '/v1/accounts')).body['data'], { timeout: 10_000 })
    .toMatchObject([{ status: 'active' }]);
  const answer = await open(alice, 'crashed');
  expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
});

it('tells others that the account is open, and who opened it', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  const mine = () => bank.published.filter((event) => JSON.stringify(event.data).includes(id));
  await expect.poll(() => mine().length, { timeout: 10_000 }).toBe(2);
  expect(mine()).toMatchObject([
    { type: 'audit.action.v1', data: { actor: alice.subject, action: 'account.open', outcome: 'done' } },
    { type: 'accounts.account-status-changed.v1', data: { accountId: id, status: 'active', owners: [alice.subject] } },
  ]);
});
