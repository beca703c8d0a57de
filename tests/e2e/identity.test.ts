import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedBank, startTestBank } from './started-bank.ts';

let bank: StartedBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(() => bank.close());

const me = async (token: string) => (await bank.call(token, 'GET', '/v1/me')).status;

test('a token revoked before a restart stays refused after it, and others stay good', async () => {
  await bank.signUp('rosa@example.com', 'Rosa Ruiz');
  const [lost, kept] = [await bank.signIn('rosa@example.com'), await bank.signIn('rosa@example.com')];
  const sessions = (await bank.call(kept, 'GET', '/v1/me/sessions')).body['data'] as { id: string; current: boolean }[];
  const other = sessions.find((session) => !session.current);
  expect(await me(lost)).toBe(200);
  expect((await bank.call(kept, 'DELETE', `/v1/me/sessions/${other?.id}`)).status).toBe(204);
  // Heard as an event, which is gone afterwards: only what the users service remembers can tell the next door.
  await expect.poll(() => me(lost), { timeout: 10_000 }).toBe(401);
  await bank.restart();
  expect(await me(lost)).toBe(401);
  expect(await me(kept)).toBe(200);
});

test('tokens of before a change of roles stay refused after a restart as well', async () => {
  const id = await bank.signUp('tim@example.com', 'Tim Taler');
  const token = await bank.signIn('tim@example.com');
  await bank.setRoles(id, ['teller']);
  await expect.poll(() => me(token), { timeout: 10_000 }).toBe(401);
  await bank.restart();
  expect(await me(token)).toBe(401);
});

test('the other side of a transfer is shown the name that the payer signed up with', async () => {
  const tellerId = await bank.signUp('tessa@example.com', 'Tessa Teller');
  await bank.setRoles(tellerId, ['teller']);
  await bank.signUp('grace@example.com', 'Grace Hopper');
  await bank.signUp('kurt@example.com', 'Kurt Gödel');
  const grace = await bank.signIn('grace@example.com');
  const kurt = await bank.signIn('kurt@example.com');
  const open = async (token: string) =>
    String((await bank.call(token, 'POST', '/v1/accounts', { productCode: 'current-eur' })).body['id']);
  const [from, to] = [await open(grace), await open(kurt)];
  const amount = { amount: '12.50', currency: 'EUR' };
  const teller = await bank.signIn('tessa@example.com');
  expect((await bank.call(teller, 'POST', '/v1/deposits', { accountId: from, amount, reference: '' })).status).toBe(
    201,
  );
  const transfer = { fromAccountId: from, toAccountId: to, amount, reference: 'Compilers' };
  expect((await bank.call(grace, 'POST', '/v1/transfers', transfer)).status).toBe(201);
  const newest = async (token: string, id: string) => {
    const { body } = await bank.call(token, 'GET', `/v1/accounts/${id}/transactions`);
    return (body['data'] as { counterparty: unknown }[])[0]?.counterparty;
  };
  await expect.poll(() => newest(kurt, to), { timeout: 10_000 }).toMatchObject({ name: 'Grace Hopper' });
  expect(await newest(grace, from)).toMatchObject({ name: 'Kurt Gödel' });
});
