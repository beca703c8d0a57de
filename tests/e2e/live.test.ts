import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedBank, startTestBank } from './started-bank.ts';

let bank: StartedBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(() => bank.close());

async function customer(login: string): Promise<{ token: string; accountId: string; iban: string }> {
  await bank.signUp(`${login}@example.com`, login);
  const token = await bank.signIn(`${login}@example.com`);
  const { id, iban } = await bank.firstAccount(token);
  return { token, accountId: id, iban };
}

async function payIn(accountId: string, amount: string): Promise<void> {
  await bank.signUp(`teller-of-${accountId}@example.com`, 'Teller').then((id) => bank.setRoles(id, ['teller']));
  const teller = await bank.signIn(`teller-of-${accountId}@example.com`);
  const deposit = { accountId, amount: { amount, currency: 'EUR' }, reference: 'Opening' };
  expect((await bank.call(teller, 'POST', '/v1/deposits', deposit)).status).toBe(201);
}

test('both sides of a transfer see it happen, each their own side; a restart loses nothing and holds nobody up', async () => {
  const [ann, ben] = [await customer('ann'), await customer('ben')];
  await payIn(ann.accountId, '100.00');
  const balance = () => bank.call(ann.token, 'GET', `/v1/accounts/${ann.accountId}/balance`);
  await expect.poll(balance).toMatchObject({ body: { posted: { amount: '100.00' } } });
  const [hers, his] = [await bank.listen(ann.token), await bank.listen(ben.token)];
  expect([await hers.next(), await his.next()]).toMatchObject([{ event: 'ready' }, { event: 'ready' }]);
  const pay = (reference: string) =>
    bank.call(ann.token, 'POST', '/v1/transfers', {
      fromAccountId: ann.accountId,
      toIban: ben.iban,
      amount: { amount: '12.50', currency: 'EUR' },
      reference,
    });
  expect((await pay('Coffee')).status).toBe(201);
  expect(await hers.next()).toMatchObject({
    data: {
      accountId: ann.accountId,
      balance: { posted: { amount: '87.50' } },
      transactions: [{ amount: { amount: '-12.50' }, category: 'eating-out' }],
    },
  });
  const told = await his.next();
  expect(told).toMatchObject({ data: { accountId: ben.accountId, transactions: [{ amount: { amount: '12.50' } }] } });

  // Ended, at once and in good order. Cut off, after the four seconds that answers under way are given, these would reject.
  await bank.restart();
  expect([await hers.next(), await his.next()]).toEqual([undefined, undefined]);

  expect((await pay('Cinema')).status).toBe(201);
  const again = await bank.listen(ben.token, told?.id);
  expect(await again.next()).toMatchObject({ data: { transactions: [{ reference: 'Cinema' }] } });
});

test('a listener whose session was ended is not let in again', async () => {
  const { token } = await customer('cleo');
  const stream = await bank.listen(token);
  const ready = await stream.next();
  const other = await bank.signIn('cleo@example.com');
  const sessions = (await bank.call(other, 'GET', '/v1/me/sessions')).body['data'] as {
    id: string;
    current: boolean;
  }[];
  for (const { id } of sessions.filter((session) => !session.current)) {
    expect((await bank.call(other, 'DELETE', `/v1/me/sessions/${id}`)).status).toBe(204);
  }
  await expect.poll(async () => (await bank.listen(token, ready?.id)).status, { timeout: 10_000 }).toBe(401);
  expect((await bank.listen(other, ready?.id)).status).toBe(200);
});
