import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userRegistered } from '@florin/contracts';
import type { CloudEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { bucketOf, bucketOfCustomer } from '@florin/primitives';
import type { Principal } from '@florin/security';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());
beforeEach(() => {
  bank.ledger.mode = 'well';
  bank.directory.isAway = false;
});

/** Somebody the users service knows. */
function newcomer(isCustomer = true): Principal {
  const who = person('customer');
  bank.directory.people.set(who.subject, { name: 'Nova Newcomer', isCustomer });
  return who;
}

const REGISTERED_AT = '2026-06-01T10:00:00.000Z';

function registered({ subject }: Principal, id = subject): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source: 'users',
    type: userRegistered.topic,
    subject,
    time: REGISTERED_AT,
    datacontenttype: 'application/json',
    data: { userId: subject, registeredAt: REGISTERED_AT },
    correlationid: subject,
  };
}

const accountsOf = async (who: Principal) =>
  (await bank.call(who, 'GET', '/v1/accounts')).body['data'] as { id: string; product: string; status: string }[];
const toldOf = ({ subject }: Principal) =>
  bank.published.filter(
    ({ type, data }) =>
      type === 'accounts.account-status-changed.v1' && (data as { owners: string[] }).owners.includes(subject),
  );
const isDone = async ({ subject }: Principal) => {
  const [row] = await bank.opened.database.query<{ outcome: string | null }>(sql`
    SELECT outcome FROM first_account WHERE customer_id = ${subject}`);
  return row?.outcome;
};
/** What waits for its next try is tried at the next look. */
const hurry = () => bank.opened.database.execute(sql`UPDATE first_account SET next_try_at = now()`);
const until = (who: Principal, outcome: string) => expect.poll(() => isDone(who), { timeout: 5_000 }).toBe(outcome);

describe('who signs up', () => {
  it('gets an account of their own name, and it is told what that follows from (E8)', async () => {
    const nova = newcomer();
    await bank.broker.publish([registered(nova)]);
    await until(nova, 'has-account');
    const [account, ...others] = await accountsOf(nova);
    expect(others).toEqual([]);
    expect(account).toMatchObject({ product: 'current-eur', status: 'active' });
    expect(bucketOf(account?.id ?? '')).toBe(bucketOfCustomer(nova.subject));
    const rows = await bank.opened.database.query(sql`SELECT holder_name FROM account WHERE id = ${account?.id}`);
    expect(rows).toEqual([{ holder_name: 'Nova Newcomer' }]);
    await expect.poll(() => toldOf(nova)).toHaveLength(1);
    expect(toldOf(nova)[0]).toMatchObject({
      id: `${account?.id}:1`,
      correlationid: nova.subject,
      causationid: nova.subject,
      data: { accountId: account?.id, status: 'active' },
    });
  });

  it('gets none as staff, nor as nobody', async () => {
    const [teller, nobody] = [newcomer(false), person('customer')];
    await bank.broker.publish([registered(teller), registered(nobody)]);
    await until(teller, 'no-customer');
    await until(nobody, 'no-customer');
    expect([await accountsOf(teller), await accountsOf(nobody)]).toEqual([[], []]);
  });
});

describe('once', () => {
  it('E2: the same event again, also at the same moment, opens nothing and tells nothing', async () => {
    const nova = newcomer();
    await Promise.all(Array.from({ length: 5 }, () => bank.broker.publish([registered(nova), registered(nova)])));
    await until(nova, 'has-account');
    await bank.broker.publish([registered(nova)]);
    await bank.deliver();
    expect(await accountsOf(nova)).toHaveLength(1);
    await expect.poll(() => toldOf(nova)).toHaveLength(1);
  });

  it('whoever opened one by hand has it already; it is told as theirs', async () => {
    const nova = newcomer();
    const { id } = await bank.open(nova, 'savings-eur');
    await bank.broker.publish([registered(nova)]);
    await until(nova, 'has-account');
    expect((await accountsOf(nova)).map((account) => account.id)).toEqual([id]);
    await expect.poll(() => toldOf(nova)).toHaveLength(2);
    expect(toldOf(nova)[1]).toMatchObject({
      id: `${id}:1:${nova.subject}`,
      correlationid: nova.subject,
      causationid: nova.subject,
      data: { accountId: id, status: 'active', restated: true },
    });
  });

  it('one that is opened by hand at the same moment is the first, or the second, and there is no third', async () => {
    for (let round = 0; round < 10; round += 1) {
      const nova = newcomer();
      const [, { id }] = await Promise.all([bank.broker.publish([registered(nova)]), bank.open(nova, 'savings-eur')]);
      await until(nova, 'has-account');
      const accounts = await accountsOf(nova);
      const byHand = accounts.filter((account) => account.id === id);
      const byTheBank = accounts.filter(({ product }) => product === 'current-eur');
      expect([byHand.length, byTheBank.length + 1]).toEqual([1, accounts.length]);
      expect(byTheBank.length).toBeLessThanOrEqual(1);
      // Whichever it was, the sign-up hears of one.
      const correlated = () => toldOf(nova).filter(({ correlationid }) => correlationid === nova.subject);
      await expect.poll(correlated).toHaveLength(1);
    }
  });

  it('another event of the same sign-up opens nothing, and tells again', async () => {
    const nova = newcomer();
    await bank.broker.publish([registered(nova)]);
    await until(nova, 'has-account');
    await bank.broker.publish([registered(nova, `${nova.subject}:1`)]);
    await expect.poll(() => toldOf(nova)).toHaveLength(2);
    const [{ id } = { id: '' }, ...others] = await accountsOf(nova);
    expect(others).toEqual([]);
    expect(toldOf(nova)[1]).toMatchObject({
      id: `${id}:1:${nova.subject}:1`,
      causationid: `${nova.subject}:1`,
      data: { restated: true },
    });
  });
});

describe('bad days', () => {
  it.each(['away', 'deaf'] as const)('a ledger that is %s delays it', async (mode) => {
    const nova = newcomer();
    bank.ledger.mode = mode;
    await bank.broker.publish([registered(nova)]);
    const chosen = () =>
      bank.opened.database.query(sql`
        SELECT 1 FROM first_account WHERE customer_id = ${nova.subject} AND account_id IS NOT NULL`);
    await expect.poll(chosen).toHaveLength(1);
    expect(await isDone(nova)).toBeNull();
    bank.ledger.mode = 'well';
    await expect.poll(() => hurry().then(() => isDone(nova)), { timeout: 10_000 }).toBe('has-account');
    expect(await accountsOf(nova)).toMatchObject([{ status: 'active' }]);
    await expect.poll(() => toldOf(nova)).toHaveLength(1);
  });

  it('nobody to ask for the name delays it, and holds up no other event of users', async () => {
    const [nova, ada] = [newcomer(), newcomer()];
    bank.directory.isAway = true;
    await bank.broker.publish([registered(nova), registered(ada)]);
    expect(await isDone(nova)).toBeNull();
    bank.directory.isAway = false;
    await expect.poll(() => hurry().then(() => isDone(nova)), { timeout: 10_000 }).toBe('has-account');
    await expect.poll(() => hurry().then(() => isDone(ada)), { timeout: 10_000 }).toBe('has-account');
  });

  it('E4: an event that names nobody is put aside, and an operator may retry it', async () => {
    const nova = newcomer();
    const key = randomUUID();
    const broken = { ...registered(nova), id: key, subject: key, data: { userId: 7 } };
    await bank.broker.publish([broken, registered(nova)]);
    await until(nova, 'has-account');
    const ada = person('admin');
    const { body } = await bank.call(ada, 'GET', '/v1/dead-letters/accounts');
    expect(body['data']).toMatchObject([{ group: 'accounts.newcomers', key, eventId: key }]);
    const other = newcomer();
    await bank.opened.database.execute(
      sql`UPDATE dead_letter SET event = replace(event, ${'"userId":7'}, ${`"userId":"${other.subject}"`})`,
    );
    // E5: what comes back from there has its effect once.
    expect((await bank.call(ada, 'POST', '/v1/dead-letters/accounts/retry')).body).toMatchObject({
      handled: 1,
      freed: 1,
    });
    await until(other, 'has-account');
    expect(await accountsOf(other)).toHaveLength(1);
  });
});

it('accounts of before are told once more, for readers that came later', async () => {
  const nova = person('customer');
  const { id } = await bank.open(nova);
  const migration = await readFile(new URL('../../migrations/0011_restate_accounts.sql', import.meta.url), 'utf8');
  await bank.opened.database.execute({ text: migration, values: [] });
  await expect.poll(() => toldOf(nova)).toHaveLength(2);
  expect(toldOf(nova)[1]).toMatchObject({
    id: `${id}:1:restated`,
    subject: id,
    data: { accountId: id, status: 'active', owners: [nova.subject], restated: true },
  });
  expect(toldOf(nova)[1]?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
