import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { expectCleanLog } from './answers.ts';
import type { Seen } from './asking.ts';
import { type AttackedBank, emailOf, newKey, PASSWORD, startAttackedBank } from './attacked-bank.ts';
import { type Cast, castOf, type Person, person, settled } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
let adam: Person;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  adam = await person(attacked, 'Adam Admin', ['admin']);
});
afterAll(() => attacked.close());

const SERVICES = ['users', 'accounts', 'transactions', 'notifications'] as const;
const SOON = { timeout: 20_000, interval: 100 };

const post = (who: Person, path: string, body: object = {}): Promise<Seen> =>
  attacked.ask({ method: 'POST', path, token: who.token, key: newKey(), body });
const bodiless = (who: Person, path: string): Promise<Seen> =>
  attacked.ask({ method: 'POST', path, token: who.token, key: newKey() });
const get = (who: Person, path: string): Promise<Seen> => attacked.ask({ path, token: who.token });

/** The tables that say something in the clear, as `service.table`. */
async function tablesWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const service of SERVICES) {
    const tables = (await attacked.stores.harm(
      service,
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    )) as { name: string }[];
    for (const { name } of tables) {
      const statement = `SELECT 1 FROM public."${name}" t WHERE strpos(lower(t::text), lower($1)) > 0 LIMIT 1`;
      if ((await attacked.stores.harm(service, statement, [text])).length > 0) found.push(`${service}.${name}`);
    }
  }
  return found.sort();
}

async function empty(owner: Person, accountId: string): Promise<void> {
  const { body } = await get(owner, `/v1/accounts/${accountId}/balance`);
  const amount = body['available'];
  const sent = await post(owner, '/v1/transfers', { fromAccountId: accountId, toIban: cast.carol.iban, amount });
  expect([sent.status, sent.text]).toEqual([201, expect.anything()]);
  expect((await bodiless(owner, `/v1/accounts/${accountId}/close`)).status).toBe(200);
}

it('a customer who is erased is nowhere to be read, and the books are as they were', async () => {
  const { alice, carol, staff } = cast;
  const email = emailOf(alice.name);
  const path = `/v1/users/${alice.id}/erasure`;
  const wanted = { reason: 'They asked for it in a letter' };
  expect((await post(staff.admin, path, wanted)).body['code']).toBe('accounts-open');
  for (const accountId of [alice.accountId, alice.secondAccountId]) await empty(alice, accountId);
  await settled(attacked);
  expect(await tablesWith(alice.name)).toEqual(expect.arrayContaining(['accounts.account', 'transactions.account']));
  const trialBalance = (await get(staff.supervisor, '/v1/ledger/trial-balance')).body;
  const heldBefore = (await get(carol, `/v1/accounts/${carol.accountId}/transactions`)).body['data'] as object[];

  const asked = await post(staff.admin, path, wanted);
  expect([asked.status, asked.body['status']]).toEqual([202, 'pending']);
  const decision = `/v1/approvals/users/${asked.body['id']}/approve`;
  expect((await bodiless(staff.admin, decision)).body['code']).toBe('second-person-required');
  expect((await get(staff.teller, `/v1/customers/${alice.id}`)).status).toBe(200);
  expect((await bodiless(adam, decision)).body).toMatchObject({ status: 'done', failure: null });
  await settled(attacked);

  // What she is called in the books of others is part of those, and the answers kept for repeats are for two days.
  expect((await tablesWith(alice.name)).filter((table) => !table.endsWith('.command'))).toEqual(['accounts.history']);
  expect(await tablesWith(email)).toEqual([]);

  const proof = await post(staff.supervisor, '/v1/ledger/reconciliations', { mode: 'full' });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  expect((await get(staff.supervisor, '/v1/ledger/trial-balance')).body).toEqual(trialBalance);
  const held = (await get(carol, `/v1/accounts/${carol.accountId}/transactions`)).body['data'];
  expect(held).toEqual(heldBefore);

  for (const gone of ['/v1/me', '/v1/accounts', '/v1/payees', '/v1/notifications', '/v1/standing-orders']) {
    expect([gone, (await get(alice, gone)).status]).toEqual([gone, 401]);
  }
  await expect(attacked.signIn(email)).rejects.toThrow();
  expect((await get(staff.teller, `/v1/customers/${alice.id}`)).status).toBe(404);
  const looked = await get(staff.teller, `/v1/account-lookup?iban=${alice.iban}`);
  expect(looked.body).toMatchObject({ holderName: 'Erased customer', status: 'closed' });
  expect((await get(staff.teller, `/v1/customers/${alice.id}/accounts`)).status).toBe(200);
  expect((await get(staff.teller, `/v1/transfers/${alice.transferId}`)).status).toBe(200);

  const anew = await attacked.ask({
    method: 'POST',
    path: '/v1/users',
    body: { email, password: PASSWORD, name: 'Ann Other' },
  });
  expect(anew.status).toBe(201);
  expect(anew.body['id']).not.toBe(alice.id);
  const { accessToken } = await vi.waitUntil(() => attacked.signIn(email), SOON);
  expect((await attacked.ask({ path: '/v1/payees', token: accessToken })).body['data']).toEqual([]);
  expectCleanLog(attacked);
}, 120_000);
