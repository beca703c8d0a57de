import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, type StartedBank, startTestBank } from './started-bank.ts';
import type { WebBrowser } from './web-browser.ts';

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

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';

const statusOf = async (browser: WebBrowser) => (await browser.send('GET', '/v1/me')).status;

test('a browser is led to the pages of the web client, and signs in with a cookie alone', async () => {
  await bank.signUp('wilma@example.com', 'Wilma Web');
  const browser = bank.openBrowser(FIREFOX);
  for (const screen of ['sign-in', 'sign-up']) {
    const { location } = await browser.open(`/session/login?screen=${screen}`);
    const interaction = (await browser.open(location)).location;
    const uid = interaction.split('/').at(-1);
    expect(await browser.open(interaction)).toMatchObject({ status: 303, location: `/${screen}/${uid}` });
    expect((await browser.send('GET', interaction)).body).toMatchObject({ uid, client: { name: 'Florin web' } });
    const wrong = await browser.send('POST', interaction, { login: 'wilma@example.com', password: 'wrong password' });
    expect([wrong.status, wrong.body['code']]).toEqual([401, 'wrong-credentials']);
  }
  expect(await browser.signIn('wilma@example.com', PASSWORD, '/accounts?x=1')).toBe('/accounts?x=1');
  expect((await browser.send('GET', '/v1/me')).body).toMatchObject({ name: 'Wilma Web' });
  const sessions = (await browser.send('GET', '/v1/me/sessions')).body['data'];
  expect(sessions).toEqual([
    expect.objectContaining({ clientId: 'florin-web', current: true, device: 'Firefox on Linux' }),
  ]);
});

test('a browser that is signed out from elsewhere is out at once, and no other is', async () => {
  await bank.signUp('vera@example.com', 'Vera Web');
  const [lost, kept] = [bank.openBrowser(FIREFOX), bank.openBrowser(FIREFOX)];
  for (const browser of [lost, kept]) await browser.signIn('vera@example.com', PASSWORD);
  // Both are in the gateway's memory now, which must not keep the lost one alive.
  expect([await statusOf(lost), await statusOf(kept)]).toEqual([200, 200]);
  const sessions = (await kept.send('GET', '/v1/me/sessions')).body['data'] as { id: string; current: boolean }[];
  const other = sessions.find((session) => !session.current);
  expect((await kept.send('DELETE', `/v1/me/sessions/${other?.id}`)).status).toBe(204);
  await expect.poll(() => statusOf(lost), { timeout: 10_000 }).toBe(401);
  expect((await lost.send('GET', '/session')).body['user']).toBeNull();
  expect(await statusOf(kept)).toBe(200);

  expect((await kept.send('POST', '/session/logout')).status).toBe(204);
  await expect.poll(() => statusOf(kept), { timeout: 10_000 }).toBe(401);
});

test('tellers find customers through the gateway, customers find nobody', async () => {
  const tellerId = await bank.signUp('theo@example.com', 'Theo Teller');
  await bank.setRoles(tellerId, ['teller']);
  const id = await bank.signUp('carla@example.com', 'Carla Čapek');
  const teller = await bank.signIn('theo@example.com');
  const found = await bank.call(teller, 'GET', '/v1/customers?q=capek');
  expect(found).toMatchObject({ status: 200, body: { data: [{ id, emailMasked: 'c•••@example.com' }] } });
  expect((await bank.call(teller, 'GET', `/v1/customers/${id}`)).body).toMatchObject({ name: 'Carla Čapek' });
  const customer = await bank.signIn('carla@example.com');
  expect((await bank.call(customer, 'GET', '/v1/customers?q=capek')).status).toBe(403);
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
