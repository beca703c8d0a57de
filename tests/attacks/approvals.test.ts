import { setUserRoles } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectCleanLog, expectProblem } from './answers.ts';
import type { Seen } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { type Cast, castOf, firstAccount, type Person, person, settled } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
let sue: Person;
let adam: Person;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  [sue, adam] = await Promise.all([
    person(attacked, 'Sue Second', ['supervisor']),
    person(attacked, 'Adam Admin', ['admin']),
  ]);
});
afterAll(() => attacked.close());

/** A thing that needs two people, once asked for: where it is decided, by whom, and whether it has been done. */
interface Asked {
  readonly service: 'users' | 'accounts' | 'transactions';
  readonly id: string;
  readonly maker: Person;
  readonly checkers: readonly [Person, Person];
  times(): Promise<number>;
}

const post = (who: Person, path: string, body?: object): Promise<Seen> =>
  attacked.ask({ method: 'POST', path, token: who.token, key: newKey(), ...(body === undefined ? {} : { body }) });

async function balanceOf(accountId: string): Promise<number> {
  // What a stranger to the request reads may be a moment old.
  await settled(attacked);
  const path = `/v1/accounts/${accountId}/balance`;
  const { body } = await attacked.ask({ path, token: cast.staff.supervisor.token });
  return Number((body['posted'] as { amount: string }).amount);
}

let names = 0;
async function owner(): Promise<Person & { readonly accountId: string }> {
  names += 1;
  const someone = await person(attacked, `Olga Owner ${names}`, ['customer']);
  const { id } = await firstAccount(attacked, someone.token);
  return { ...someone, accountId: id };
}

const SUPERVISORS = (): readonly [Person, Person] => [cast.staff.supervisor, sue];

async function cash(): Promise<Asked> {
  const { accountId } = await owner();
  const maker = cast.staff.teller;
  const body = { accountId, amount: { amount: '5000.01', currency: 'EUR' }, reference: 'A suitcase' };
  const { status, body: asked } = await post(maker, '/v1/deposits', body);
  expect(status).toBe(202);
  const times = async () => (await balanceOf(accountId)) / 5000.01;
  return { service: 'transactions', id: String(asked['id']), maker, checkers: SUPERVISORS(), times };
}

async function reversal(): Promise<Asked> {
  const payer = await owner();
  const maker = cast.staff.teller;
  const amount = { amount: '20.00', currency: 'EUR' };
  expect((await post(maker, '/v1/deposits', { accountId: payer.accountId, amount })).status).toBe(201);
  const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount };
  const { body: sent } = await post(payer, '/v1/transfers', payment);
  const { status, body: asked } = await post(maker, `/v1/transfers/${sent['id']}/reversal`, { reason: 'Sent twice' });
  expect(status).toBe(202);
  const times = async () => (await balanceOf(payer.accountId)) / 20;
  return { service: 'transactions', id: String(asked['id']), maker, checkers: SUPERVISORS(), times };
}

async function unfreeze(): Promise<Asked> {
  const someone = await owner();
  expect((await post(someone, `/v1/accounts/${someone.accountId}/freeze`, { reason: 'Lost phone' })).status).toBe(200);
  const maker = cast.staff.teller;
  const answer = await post(maker, `/v1/accounts/${someone.accountId}/unfreeze`, { reason: 'Identified' });
  expect(answer.status).toBe(202);
  const read = () => attacked.ask({ path: `/v1/accounts/${someone.accountId}`, token: someone.token });
  const times = async () => ((await read()).body['status'] === 'active' ? 1 : 0);
  return { service: 'accounts', id: String(answer.body['id']), maker, checkers: SUPERVISORS(), times };
}

async function higherLimit(): Promise<Asked> {
  const { accountId, token } = await owner();
  const maker = cast.staff.teller;
  const path = `/v1/accounts/${accountId}`;
  const limitIs = async () => (await attacked.ask({ path, token })).body['dailyLimit'] as { amount: string };
  const body = { dailyLimit: { amount: '20000.00', currency: 'EUR' }, reason: 'Buys a car' };
  const asked = await attacked.ask({ method: 'PATCH', path, token: maker.token, body });
  expect(asked.status).toBe(202);
  const times = async () => ((await limitIs()).amount === '20000.00' ? 1 : 0);
  return { service: 'accounts', id: String(asked.body['id']), maker, checkers: SUPERVISORS(), times };
}

async function closing(): Promise<Asked> {
  const { accountId, token } = await owner();
  const maker = cast.staff.teller;
  const path = `/v1/accounts/${accountId}`;
  const asked = await post(maker, `${path}/close`, { reason: 'Asked for by letter' });
  expect(asked.status).toBe(202);
  const times = async () => ((await attacked.ask({ path, token })).body['status'] === 'closed' ? 1 : 0);
  return { service: 'accounts', id: String(asked.body['id']), maker, checkers: SUPERVISORS(), times };
}

async function role(): Promise<Asked> {
  names += 1;
  const someone = await person(attacked, `Petra Promoted ${names}`, ['loan-officer']);
  const third = await person(attacked, `Anna Admin ${names}`, ['admin']);
  const { admin: maker } = cast.staff;
  const { body } = await post(maker, `/v1/users/${someone.id}/roles`, { role: 'teller', reason: 'Starts on Monday' });
  const id = String(body['id']);
  const read = () => attacked.ask({ path: `/v1/approvals/users/${id}`, token: maker.token });
  const times = async () =>
    String((((await read()).body['current'] as { roles: string }) ?? { roles: '' }).roles).includes('teller') ? 1 : 0;
  return { service: 'users', id, maker, checkers: [adam, third], times };
}

const decide = (who: Person, { service, id }: Asked, decision: 'approve' | 'reject' = 'approve'): Promise<Seen> =>
  post(
    who,
    `/v1/approvals/${service}/${id}/${decision}`,
    decision === 'reject' ? { reason: 'Not like this' } : undefined,
  );

describe.each([
  ['cash above the limit of one person', cash],
  ['a reversal', reversal],
  ['the freeze of an account', unfreeze],
  ['a higher limit', higherLimit],
  ['the closing of an account by staff', closing],
  ['a role', role],
])('T35: %s', (_, ask) => {
  it('T35: is not decided by who asked, nor done before anybody did', async () => {
    const asked = await ask();
    const { maker } = asked;
    const refused = await decide(maker, asked);
    expect([403, 422]).toContain(refused.status);
    expect(['forbidden', 'second-person-required']).toContain(refused.body['code']);
    expect(await asked.times()).toBe(0);
  });

  it('T35: is done once, whoever approves at the same moment', async () => {
    const asked = await ask();
    const answers = await Promise.all([...asked.checkers, ...asked.checkers].map((who) => decide(who, asked)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect(await asked.times()).toBe(1);
    expectProblem(await decide(asked.checkers[1], asked), 409, 'approval-decided');
    expectProblem(await decide(asked.checkers[1], asked, 'reject'), 409, 'approval-decided');
    expect(await asked.times()).toBe(1);
  });

  it('T35: is never done once it was rejected', async () => {
    const asked = await ask();
    expect((await decide(asked.checkers[0], asked, 'reject')).body['status']).toBe('rejected');
    expectProblem(await decide(asked.checkers[1], asked), 409, 'approval-decided');
    expect(await asked.times()).toBe(0);
  });

  it('T35: is no business of other roles, of services, or of the maker past the gateway', async () => {
    const asked = await ask();
    const { service, id, maker, checkers } = asked;
    const ofCheckers = new Set(checkers.map((one) => one.id));
    for (const who of Object.values(cast.staff)) {
      if (who.id === maker.id || ofCheckers.has(who.id)) continue;
      expectProblem(await decide(who, asked), 403, 'forbidden');
    }
    const path = `/v1/approvals/${service}/${id}/approve`;
    const machine = { subject: 'service:gateway', kind: 'service', roles: [] } as const;
    const straight = async (principal: Parameters<typeof attacked.bank.tokens.mint>[0]) =>
      attacked.askService(service)({
        method: 'POST',
        path,
        token: await attacked.bank.tokens.mint(principal, service),
      });
    expectProblem(await straight(machine), 403, 'forbidden');
    // Somebody who asked, and has become one who decides since.
    const roles = [service === 'users' ? 'admin' : 'supervisor'] as const;
    expectProblem(await straight({ subject: maker.id, kind: 'person', roles }), 422, 'second-person-required');
    expect(await asked.times()).toBe(0);
  });
});

describe('T35: a second person of one’s own', () => {
  it('T35: who owns the account does not approve what is done to it', async () => {
    const clever = await person(attacked, 'Clara Clever', ['customer', 'supervisor']);
    const { id: accountId } = await firstAccount(attacked, clever.token);
    const amount = { amount: '9000.00', currency: 'EUR' };
    const asked = await post(cast.staff.teller, '/v1/deposits', { accountId, amount });
    const path = (service: string, id: unknown) => `/v1/approvals/${service}/${id}/approve`;
    expectProblem(await post(clever, path('transactions', asked.body['id'])), 403, 'own-account');
    await post(clever, `/v1/accounts/${accountId}/freeze`, { reason: 'Lost phone' });
    const lift = await post(cast.staff.teller, `/v1/accounts/${accountId}/unfreeze`, { reason: 'Found it' });
    expectProblem(await post(clever, path('accounts', lift.body['id'])), 403, 'own-account');
    expect(await balanceOf(accountId)).toBe(0);
  });

  it('T35: a role that was lost approves nothing, through the gateway or past it', async () => {
    const lost = await person(attacked, 'Lotte Lost', ['admin']);
    const asked = await role();
    const { bank } = attacked;
    const service = await bank.tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, 'users');
    const { method, path: rolesPath } = setUserRoles;
    const body = { roles: ['loan-officer'] };
    await bank.calls.call({ service: 'users', method, path: rolesPath.replace('{id}', lost.id), token: service, body });
    // What is revoked is heard of within moments.
    await vi.waitUntil(async () => (await decide(lost, asked)).status === 401, { timeout: 10_000, interval: 20 });
    const token = await bank.tokens.mint({ subject: lost.id, kind: 'person', roles: ['admin'] }, 'users');
    const path = `/v1/approvals/users/${asked.id}/approve`;
    expectProblem(await attacked.askService('users')({ method: 'POST', path, token }), 409, 'approval-unfounded');
    expect(await asked.times()).toBe(0);
  });

  it('T35: as much as one person moves alone is moved at once, and a cent more waits', async () => {
    const { accountId } = await owner();
    const pay = (amount: string, currency = 'EUR') =>
      post(cast.staff.teller, '/v1/deposits', { accountId, amount: { amount, currency } });
    expect((await pay('5000.00')).status).toBe(201);
    expect((await pay('5000.01')).status).toBe(202);
    expect(await balanceOf(accountId)).toBe(5000);
    // No limit is known for it: nobody moves it alone.
    expect((await pay('0.01', 'SEK')).status).toBe(202);
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
