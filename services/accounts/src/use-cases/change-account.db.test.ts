import { sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
const tessa = person('teller');
const fay = person('fraud-analyst');
const sam = person('supervisor');

beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
});

const REASON = { body: { reason: 'lost phone' } };

it('freezes and unfreezes, and the ledger enforces it when the answer comes', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  const frozen = await bank.call(alice, 'POST', `/v1/accounts/${id}/freeze`, REASON);
  expect(frozen.body).toMatchObject({ id, status: 'frozen', balance: { version: 2 } });
  expect(frozen.headers.get('florin-account-version')).toBe(`${id}=2`);
  expect(bank.ledger.accounts.get(id)?.status).toBe('frozen');

  const own = await bank.call(alice, 'POST', `/v1/accounts/${id}/unfreeze`, REASON);
  expect(own.body).toMatchObject({ status: 403, code: 'forbidden' });
  const asked = await bank.call(fay, 'POST', `/v1/accounts/${id}/unfreeze`, REASON);
  expect([asked.status, asked.body['status']]).toEqual([202, 'pending']);
  expect(bank.ledger.accounts.get(id)?.status).toBe('frozen');
  const approved = await bank.call(sam, 'POST', `/v1/approvals/accounts/${asked.body['id']}/approve`);
  expect(approved.body).toMatchObject({ status: 'done', checker: sam.subject });
  expect(bank.ledger.accounts.get(id)?.status).toBe('active');

  const again = await bank.call(tessa, 'POST', `/v1/accounts/${id}/unfreeze`, REASON);
  expect([again.status, again.headers.get('florin-account-version')]).toEqual([200, null]);
  expect(bank.ledger.accounts.get(id)?.version).toBe(3);
});

it('answers the same for an account of somebody else and for one that does not exist', async () => {
  const { id } = await bank.open(person('customer'));
  const mallory = person('customer');
  const none = '00000000-0000-7000-8000-000000000000';
  const routes = [
    ['GET', '', undefined],
    ['GET', '/balance', undefined],
    ['GET', '/transactions', undefined],
    ['POST', '/freeze', { reason: 'because' }],
    ['POST', '/close', undefined],
    ['PATCH', '', { name: 'mine' }],
  ] as const;
  for (const [method, path, body] of routes) {
    const options = body === undefined ? {} : { body };
    const other = await bank.call(mallory, method, `/v1/accounts/${id}${path}`, options);
    const absent = await bank.call(mallory, method, `/v1/accounts/${none}${path}`, options);
    expect(other.status).toBe(404);
    expect({ ...other.body, traceId: '' }).toEqual({ ...absent.body, traceId: '' });
  }
});

it('closes an empty account, and leaves one with money as it was', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 100n });
  const refused = await bank.call(alice, 'POST', `/v1/accounts/${id}/close`);
  expect(refused.body).toMatchObject({ status: 422, code: 'account-not-empty' });
  // The fence stands when the refusal is answered.
  expect(bank.ledger.accounts.get(id)).toMatchObject({ status: 'active', controlVersion: 3 });
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({ status: 'active' });
  bank.ledger.book(id, { amountMinor: -100n });
  const closed = await bank.call(alice, 'POST', `/v1/accounts/${id}/close`);
  expect(closed.body).toMatchObject({ status: 'closed' });
  expect((await bank.call(alice, 'POST', `/v1/accounts/${id}/close`)).status).toBe(200);
  const frozen = await bank.call(alice, 'POST', `/v1/accounts/${id}/freeze`, REASON);
  expect(frozen.body).toMatchObject({ status: 409, code: 'account-closed' });
  const intents = await bank.opened.database.query(
    sql`SELECT control_version::integer AS version, action, outcome, refusal FROM control_intent WHERE account_id = ${id} ORDER BY 1`,
  );
  expect(intents).toEqual([
    { version: 1, action: 'open', outcome: 'applied', refusal: null },
    { version: 2, action: 'close', outcome: 'refused', refusal: 'account-not-empty' },
    { version: 3, action: 'fence', outcome: 'applied', refusal: null },
    { version: 4, action: 'close', outcome: 'applied', refusal: null },
  ]);
});

/** An account with money whose closing was asked for and never arrived: the caller gave up first. */
async function closeInFlight() {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  const close = () => bank.call(alice, 'POST', `/v1/accounts/${id}/close`);
  const status = async () => (await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body['status'];
  bank.ledger.book(id, { amountMinor: 100n });
  bank.ledger.mode = 'late';
  expect((await close()).status).toBe(503);
  bank.ledger.mode = 'well';
  const empty = () => bank.ledger.book(id, { amountMinor: -100n });
  return { id, close, status, empty, inLedger: () => bank.ledger.accounts.get(id)?.status };
}

it('does not close later what it refused to close, when the lost instruction arrives after all', async () => {
  const { close, status, empty, inLedger } = await closeInFlight();
  expect((await close()).body).toMatchObject({ code: 'account-not-empty' });
  empty();
  bank.ledger.arriveLate();
  expect([inLedger(), await status()]).toEqual(['active', 'active']);
  expect((await close()).body).toMatchObject({ status: 'closed' });
});

it('nor when it crashed between the refusal and its fence', async () => {
  const { id, close, status, empty, inLedger } = await closeInFlight();
  bank.ledger.afterPut = () => {
    bank.ledger.mode = 'away';
  };
  expect((await close()).status).toBe(503);
  bank.ledger.mode = 'well';
  const fences = () =>
    bank.opened.database.query(
      sql`SELECT outcome FROM control_intent WHERE account_id = ${id} AND action = 'fence' AND done_at IS NOT NULL`,
    );
  expect(await fences()).toEqual([]);
  await bank.opened.database.execute(sql`UPDATE control_intent SET next_try_at = now() WHERE done_at IS NULL`);
  await expect.poll(fences, { timeout: 10_000 }).toEqual([{ outcome: 'applied' }]);
  empty();
  bank.ledger.arriveLate();
  expect([inLedger(), await status()]).toEqual(['active', 'active']);
});

it('knows that the account is closed when the lost instruction was faster than the fence', async () => {
  const { id, close, status, empty, inLedger } = await closeInFlight();
  bank.ledger.afterPut = () => {
    empty();
    bank.ledger.arriveLate();
  };
  const closed = await close();
  expect([closed.status, closed.body['status']]).toEqual([200, 'closed']);
  expect([inLedger(), await status()]).toEqual(['closed', 'closed']);
  const told = () =>
    bank.published.flatMap(({ type, data }) =>
      type === 'accounts.account-status-changed.v1' && JSON.stringify(data).includes(id) ? [data] : [],
    );
  await expect.poll(() => told().length, { timeout: 10_000 }).toBe(2);
  expect(told()[1]).toMatchObject({ accountId: id, status: 'closed' });
});

it('waits for its turn while the ledger is at the same instruction for another request', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.busyFor = 3;
  const frozen = await bank.call(alice, 'POST', `/v1/accounts/${id}/freeze`, REASON);
  expect(frozen.body).toMatchObject({ id, status: 'frozen', balance: { version: 2 } });
  expect(bank.ledger.busyFor).toBe(0);
});

it('finishes what was interrupted before it decides anything new', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.mode = 'deaf';
  expect((await bank.call(alice, 'POST', `/v1/accounts/${id}/freeze`, REASON)).status).toBe(503);
  expect(bank.ledger.accounts.get(id)?.status).toBe('frozen');
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({ status: 'active' });
  bank.ledger.mode = 'well';
  const closed = await bank.call(alice, 'POST', `/v1/accounts/${id}/close`);
  expect(closed.body).toMatchObject({ status: 409, code: 'account-frozen' });
  expect((await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body).toMatchObject({ status: 'frozen' });
});

it('lets the sweep finish a freeze that nobody asks for again', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.mode = 'away';
  expect((await bank.call(fay, 'POST', `/v1/accounts/${id}/freeze`, REASON)).status).toBe(503);
  bank.ledger.mode = 'well';
  await bank.opened.database.execute(sql`UPDATE control_intent SET next_try_at = now() WHERE done_at IS NULL`);
  await expect.poll(() => bank.ledger.accounts.get(id)?.status, { timeout: 10_000 }).toBe('frozen');
  await expect
    .poll(async () => (await bank.call(alice, 'GET', `/v1/accounts/${id}`)).body, { timeout: 10_000 })
    .toMatchObject({ status: 'frozen' });
  const freezes = () =>
    bank.published.filter(({ type, subject, data }) => {
      return (
        type === 'audit.action.v1' && subject === `account:${id}` && JSON.stringify(data).includes('account.freeze')
      );
    });
  await expect.poll(() => freezes().length, { timeout: 10_000 }).toBe(1);
  // Whoever asked is long gone: what is on record of them was kept with the instruction.
  expect(freezes()[0]?.data).toMatchObject({
    actor: fay.subject,
    roles: ['fraud-analyst'],
    operationId: 'freezeAccount',
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
});

it('ends in one state, known to both sides, when many change one account at once', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  await bank.call(fay, 'POST', `/v1/accounts/${id}/freeze`, REASON);
  const asked = await bank.call(tessa, 'POST', `/v1/accounts/${id}/unfreeze`, REASON);
  const lift = `/v1/approvals/accounts/${asked.body['id']}/approve`;
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      index === 9 ? bank.call(sam, 'POST', lift) : bank.call(fay, 'POST', `/v1/accounts/${id}/freeze`, REASON),
    ),
  );
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status !== 200 && status !== 409)).toEqual([]);
  const { body } = await bank.call(alice, 'GET', `/v1/accounts/${id}`);
  expect(body['status']).toBe(bank.ledger.accounts.get(id)?.status);
});

it('lets owners name an account and staff set its limit', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  const patch = (who: typeof alice, body: object) => bank.call(who, 'PATCH', `/v1/accounts/${id}`, { body });
  const dailyLimit = { amount: '25000.00', currency: 'EUR' };
  expect((await patch(alice, { name: 'Holidays' })).body).toMatchObject({ name: 'Holidays' });
  expect((await patch(tessa, { name: 'Mine' })).body).toMatchObject({ status: 403, code: 'owner-only' });
  expect((await patch(alice, { dailyLimit })).body).toMatchObject({ status: 403, code: 'staff-only' });
  const lower = { amount: '25.00', currency: 'EUR' };
  expect((await patch(tessa, { dailyLimit: lower })).body).toMatchObject({ dailyLimit: lower });
  expect(bank.ledger.accounts.get(id)?.dailyLimit).toBe(2_500n);
  expect((await patch(tessa, { dailyLimit: { amount: '1', currency: 'USD' } })).body).toMatchObject({
    code: 'currency-mismatch',
  });
  expect((await patch(tessa, { dailyLimit: { amount: '-1', currency: 'EUR' } })).body).toMatchObject({
    status: 400,
    code: 'invalid-amount',
  });
  const { reason } = REASON.body;
  for (const body of [
    {},
    { name: 'a', dailyLimit },
    { name: 'a', reason },
    { reason },
    { name: '' },
    { status: 'closed' },
  ]) {
    expect((await patch(tessa, body)).body).toMatchObject({ status: 400, code: 'invalid-request' });
  }
});

const approve = ({ body }: { readonly body: Record<string, unknown> }, who = sam) =>
  bank.call(who, 'POST', `/v1/approvals/accounts/${body['id']}/approve`);

it('raises a limit when a second person agrees, and not before', async () => {
  const { id } = await bank.open(person('customer'));
  const dailyLimit = { amount: '25000.00', currency: 'EUR' };
  const body = { dailyLimit, reason: 'Buys a house' };
  const asked = await bank.call(tessa, 'PATCH', `/v1/accounts/${id}`, { body });
  const payload = { iban: expect.any(String), ...dailyLimit };
  expect([asked.status, asked.body]).toMatchObject([
    202,
    { action: 'accounts.raise-limit', status: 'pending', resource: id, payload, reason: 'Buys a house' },
  ]);
  const again = await bank.call(tessa, 'PATCH', `/v1/accounts/${id}`, { body });
  expect([again.status, again.body['code']]).toEqual([409, 'approval-pending']);
  expect(bank.ledger.accounts.get(id)?.dailyLimit).toBe(1_000_000n);
  const shown = await bank.call(sam, 'GET', `/v1/approvals/accounts/${asked.body['id']}`);
  expect(shown.body['current']).toMatchObject({ status: 'active', dailyLimit: '10000.00', currency: 'EUR' });
  expect((await approve(asked)).body).toMatchObject({ status: 'done' });
  expect(bank.ledger.accounts.get(id)?.dailyLimit).toBe(2_500_000n);
});

it('closes an account of somebody else when a second person agrees; what is not empty then stays', async () => {
  const { id } = await bank.open(person('customer'));
  const close = () => bank.call(tessa, 'POST', `/v1/accounts/${id}/close`, { body: { reason: 'Moved abroad' } });
  const asked = await close();
  expect([asked.status, asked.body['action'], asked.body['reason']]).toEqual([202, 'accounts.close', 'Moved abroad']);
  bank.ledger.book(id, { amountMinor: 5n });
  expect((await approve(asked)).body).toMatchObject({ status: 'failed', failure: { code: 'account-not-empty' } });
  expect(bank.ledger.accounts.get(id)?.status).toBe('active');
  bank.ledger.book(id, { amountMinor: -5n });
  expect((await approve(await close())).body).toMatchObject({ status: 'done' });
  expect(bank.ledger.accounts.get(id)?.status).toBe('closed');
});

it('leaves a record of everything that was done or refused', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 5n });
  await bank.call(fay, 'POST', `/v1/accounts/${id}/freeze`, REASON);
  const asked = await bank.call(tessa, 'POST', `/v1/accounts/${id}/close`);
  await approve(asked);
  await bank.call(alice, 'PATCH', `/v1/accounts/${id}`, { body: { name: 'New' } });
  const records = () =>
    bank.published.flatMap(({ type, subject, data }) =>
      type === 'audit.action.v1' && subject === `account:${id}` ? [data] : [],
    );
  await expect.poll(() => records().length, { timeout: 10_000 }).toBe(4);
  expect(records()).toMatchObject([
    { action: 'account.open', actor: alice.subject, outcome: 'done' },
    { action: 'account.freeze', actor: fay.subject, roles: ['fraud-analyst'], outcome: 'done', reason: 'lost phone' },
    { action: 'account.close', actor: tessa.subject, outcome: 'refused' },
    { action: 'account.rename', actor: alice.subject, outcome: 'done' },
  ]);
});
