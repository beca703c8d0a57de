import { accountStatusChanged } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMIR, followedUsers, kindsOf, noticed, opened } from '../../fixtures/followed-users.fixture.ts';
import { callApi, listenUsers, signUpPerson } from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let bank: Awaited<ReturnType<typeof followedUsers>>;
let count = 0;
beforeAll(async () => {
  bank = await followedUsers();
});
afterAll(() => bank.close());

describe('a sign-up', () => {
  it('is followed from its own transaction to the welcome, with what each event follows from (E8)', async () => {
    const subject = await bank.signUp();
    await bank.untilHeard(subject);
    const before = await bank.sagaOf(subject);
    expect(before).toMatchObject({
      type: 'welcome',
      coordination: 'choreographed',
      status: 'running',
      step: 'account-open',
      attempt: 1,
      subject,
      attention: null,
    });
    const account = opened(subject);
    await bank.users.broker.publish([account]);
    await bank.users.broker.publish([noticed(subject)]);
    const after = await bank.sagaOf(subject);
    expect(kindsOf(after)).toEqual(['begun', 'heard signed-up', 'heard account-open', 'heard welcomed', 'completed']);
    expect(after.timeline.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(after.timeline[2]?.detail).toBe(`${accountStatusChanged.topic} ${account.id}, after ${subject}`);
    expect(after).toMatchObject({ status: 'completed', step: null });
    expect(after.steps.map(({ state }) => state)).toEqual(['applied', 'applied', 'applied']);
  });

  it('E2 and E3: events that come twice count once, and in any order', async () => {
    const subject = await bank.signUp();
    await bank.untilHeard(subject);
    const [account, notice] = [opened(subject), noticed(subject)];
    await bank.users.broker.publish([notice, notice]);
    expect((await bank.sagaOf(subject)).status).toBe('running');
    await Promise.all([bank.users.broker.publish([account, notice]), bank.users.broker.publish([account, account])]);
    const saga = await bank.sagaOf(subject);
    expect(kindsOf(saga).filter((kind) => kind !== 'begun')).toEqual([
      'heard signed-up',
      'heard welcomed',
      'heard account-open',
      'completed',
    ]);
    expect(saga.timeline.map(({ seq }) => seq)).toEqual(saga.timeline.map((_, index) => index + 1));
  });

  it('takes nothing else for a step: another status, another notice, what is not of it', async () => {
    const subject = await bank.signUp();
    await bank.untilHeard(subject);
    const { correlationid: _, ...stray } = opened(subject);
    const strangers = newId(0);
    await bank.users.broker.publish([
      opened(subject, newId(0), 'frozen'),
      noticed(subject, 'account-frozen'),
      stray,
      opened(strangers),
    ]);
    expect(await bank.sagaOf(subject)).toMatchObject({ status: 'running', step: 'account-open' });
  });

  it('waits for nothing once it is of nobody who banks here', async () => {
    const subject = await bank.signUp();
    const body = { roles: ['teller'] };
    await callApi(bank.users.origin, 'PUT', `/internal/users/${subject}/roles`, { token: 'service', body });
    const saga = await bank.sagaOf(subject);
    expect([saga.status, kindsOf(saga).includes('not-needed')]).toEqual(['completed', true]);
  });

  it('of staff is followed by nobody, and they have their roles from the first moment', async () => {
    const body = {
      email: `staff${++count}@example.com`,
      password: 'lantern maple harbour',
      name: 'Tessa',
      roles: ['teller'],
    };
    const made = await callApi(bank.users.origin, 'POST', '/internal/users', { token: 'service', body });
    expect([made.status, made.body.roles]).toEqual([201, ['teller']]);
    expect(await bank.database.database.query(sql`SELECT 1 FROM choreography WHERE subject = ${made.body.id}`)).toEqual(
      [],
    );
    const holder = await callApi(bank.users.origin, 'GET', `/internal/users/${made.body.id}/holder`, {
      token: 'service',
    });
    expect(holder.body).toEqual({ name: 'Tessa', isCustomer: false });
    const conflict = { ...body, email: `staff${++count}@example.com`, roles: ['teller', 'supervisor'] };
    const refused = await callApi(bank.users.origin, 'POST', '/internal/users', { token: 'service', body: conflict });
    expect([refused.status, refused.body.code]).toEqual([422, 'roles-conflict']);
  });
});

describe('the deadline', () => {
  it('E6: is kept while nothing comes; what comes late completes it all the same', async () => {
    const { subject } = await bank.stuck();
    const saga = await bank.sagaOf(subject);
    expect(saga.attention).toBe('Nothing was heard of account-open and welcomed by its deadline.');
    expect(kindsOf(saga)).toEqual(['begun', 'heard signed-up', 'stuck']);
    await bank.users.broker.publish([opened(subject), noticed(subject)]);
    expect(await bank.sagaOf(subject)).toMatchObject({ status: 'completed', attention: null });
    expect(kindsOf(await bank.sagaOf(subject)).at(-1)).toBe('completed');
  });

  it('E6: is kept by the clock of the database while the broker delivers nothing at all, and what waited completes it', async () => {
    const alone = await testDatabase(usersMigrations);
    const silent = await listenUsers(alone.url, { isBrokerPaused: true, welcomeDeadlineMs: 300 });
    const subject = await signUpPerson(silent.origin, `nova${++count}@example.com`);
    const list = async () => (await callApi(silent.origin, 'GET', '/v1/sagas/users', { token: AMIR })).body.data;
    await expect.poll(async () => (await list())[0]?.status, { timeout: 8_000 }).toBe('needs_attention');
    expect((await list())[0]).toMatchObject({
      subject,
      step: 'signed-up',
      attention: 'Nothing was heard of signed-up and account-open and welcomed by its deadline.',
    });
    silent.broker.resume();
    await silent.broker.publish([opened(subject), noticed(subject)]);
    await expect.poll(async () => (await list())[0]?.status).toBe('completed');
    await silent.close();
    await alone.close();
  });

  it('is in the measures of whoever watches', async () => {
    await bank.stuck();
    await expect
      .poll(
        async () =>
          (await bank.users.service.metrics.registry.metrics()).match(/florin_choreographies_stuck\S* (\d+)/)?.[1],
      )
      .toMatch(/^[1-9]/);
  });
});
