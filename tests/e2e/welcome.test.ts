import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedBank, startTestBank } from './started-bank.ts';

let bank: StartedBank;
let supervisor = '';
beforeAll(async () => {
  bank = await startTestBank();
  for (const name of ['sam', 'sue']) {
    await bank.setRoles(await bank.signUp(`${name}@example.com`, name), ['supervisor']);
  }
  supervisor = await bank.signIn('sam@example.com');
});
afterAll(() => bank.close());

const SOON = { timeout: 10_000 };

interface Saga {
  readonly id: string;
  readonly status: string;
  readonly subject: string;
}

async function sagaOf(userId: string): Promise<Saga | undefined> {
  const { body } = await bank.call(supervisor, 'GET', '/v1/sagas/users?limit=100');
  return (body['data'] as Saga[]).find(({ subject }) => subject === userId);
}
const noticesOf = async (token: string) => {
  const { body } = await bank.call(token, 'GET', '/v1/notifications');
  return { kinds: (body['data'] as { kind: string }[]).map(({ kind }) => kind), unread: body['unreadCount'] };
};

test('who signs up has an account in the ledger and a welcome, and staff see how that came about (E8)', async () => {
  const userId = await bank.signUp('nova@example.com', 'Nova Newcomer');
  const nova = await bank.signIn('nova@example.com');
  const { id, iban } = await bank.firstAccount(nova);
  await expect.poll(async () => (await noticesOf(nova)).kinds, SOON).toEqual(['welcome']);
  await expect.poll(async () => (await sagaOf(userId))?.status, SOON).toBe('completed');

  const saga = await sagaOf(userId);
  const detail = (await bank.call(supervisor, 'GET', `/v1/sagas/users/${saga?.id}`)).body;
  const timeline = detail['timeline'] as { seq: number; kind: string; step?: string; detail?: string }[];
  expect(timeline.map(({ seq, kind, step = '' }) => `${seq} ${kind} ${step}`.trim())).toEqual([
    '1 begun',
    '2 heard signed-up',
    '3 heard account-open',
    '4 heard welcomed',
    '5 completed',
  ]);
  // Each names the one it follows from, back to the sign-up.
  expect(timeline[1]?.detail).toContain(` ${userId}`);
  expect(timeline[2]?.detail).toContain(` ${id}:1, after ${userId}`);
  expect(timeline[3]?.detail).toMatch(new RegExp(`, after ${id}:1$`));

  const dashboard = await bank.call(nova, 'GET', '/v1/dashboard');
  expect(dashboard.body).toMatchObject({ accounts: [{ id, iban }], unread: 1, missing: [] });
  // The ledger takes money for it, under the name that was signed up with.
  await bank.setRoles(await bank.signUp('tessa@example.com', 'Tessa'), ['teller']);
  const teller = await bank.signIn('tessa@example.com');
  const deposit = { accountId: id, amount: { amount: '10.00', currency: 'EUR' }, reference: 'Opening' };
  expect((await bank.call(teller, 'POST', '/v1/deposits', deposit)).status).toBe(201);
  await bank.signUp('otto@example.com', 'Otto');
  const otto = await bank.signIn('otto@example.com');
  const check = await bank.call(otto, 'POST', '/v1/payee-checks', { iban, name: 'Nova Newcomer' });
  expect(check.body).toMatchObject({ result: 'match' });
});

test('money that comes is told to whom it comes, once, also across a restart', async () => {
  const [payer, payee] = await Promise.all(
    ['pia', 'paul'].map(async (name) => {
      await bank.signUp(`${name}@example.com`, name);
      const token = await bank.signIn(`${name}@example.com`);
      return { token, ...(await bank.firstAccount(token)) };
    }),
  );
  if (payer === undefined || payee === undefined) throw new Error('two people signed up');
  await bank.setRoles(await bank.signUp('tom@example.com', 'Tom'), ['teller']);
  const teller = await bank.signIn('tom@example.com');
  const amount = { amount: '12.50', currency: 'EUR' };
  await bank.call(teller, 'POST', '/v1/deposits', { accountId: payer.id, amount, reference: 'Opening' });
  const transfer = { fromAccountId: payer.id, toIban: payee.iban, amount, reference: 'Lunch' };
  expect((await bank.call(payer.token, 'POST', '/v1/transfers', transfer)).status).toBe(201);
  await expect.poll(() => noticesOf(payee.token), SOON).toEqual({ kinds: ['money-received', 'welcome'], unread: 2 });
  await bank.restart();
  expect(await noticesOf(payee.token)).toEqual({ kinds: ['money-received', 'welcome'], unread: 2 });
  expect((await noticesOf(payer.token)).kinds).toEqual(['welcome']);
});

test('begun once more by two of the staff, it does what is missing, and opens and tells nothing twice', async () => {
  const userId = await bank.signUp('nell@example.com', 'Nell');
  const nell = await bank.signIn('nell@example.com');
  const { id } = await bank.firstAccount(nell);
  await expect.poll(async () => (await sagaOf(userId))?.status, SOON).toBe('completed');
  const saga = await sagaOf(userId);
  const path = `/v1/sagas/users/${saga?.id}/actions`;
  const wanted = { action: 'retry', attentionSeq: 4, reason: 'The welcome was lost' };
  const over = await bank.call(supervisor, 'POST', path, wanted);
  expect([over.status, over.body['code']]).toEqual([409, 'saga-moved-on']);
  expect((await bank.call(nell, 'GET', '/v1/sagas/users')).status).toBe(403);

  // As if notifications had lost its part, and the deadline had passed.
  await bank.harm('notifications', 'DELETE FROM notice WHERE owner = $1', [userId]);
  await bank.harm('users', 'DELETE FROM choreography_event WHERE choreography_id = $1 AND seq > 3', [saga?.id ?? '']);
  await bank.harm('users', "UPDATE choreography SET status = 'stuck', ended_at = NULL WHERE id = $1", [saga?.id ?? '']);
  await bank.harm(
    'users',
    "INSERT INTO choreography_event (choreography_id, seq, kind, data) VALUES ($1, 4, 'stuck', '{}')",
    [saga?.id ?? ''],
  );
  expect(await sagaOf(userId)).toMatchObject({ status: 'needs_attention', step: 'welcomed', attentionSeq: 4 });

  const asked = await bank.call(supervisor, 'POST', path, wanted);
  const second = await bank.signIn('sue@example.com');
  const approve = `/v1/sagas/users/actions/${asked.body['id']}/approve`;
  expect((await bank.call(supervisor, 'POST', approve)).body['code']).toBe('second-person-required');
  expect((await bank.call(second, 'POST', approve)).status).toBe(200);
  await expect.poll(async () => (await sagaOf(userId))?.status, SOON).toBe('completed');
  expect((await noticesOf(nell)).kinds).toEqual(['welcome']);
  const accounts = (await bank.call(nell, 'GET', '/v1/accounts')).body['data'] as { id: string }[];
  expect(accounts.map((account) => account.id)).toEqual([id]);
});
