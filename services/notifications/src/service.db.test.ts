import { randomUUID } from 'node:crypto';
import type { Role } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderEvent, startTestNotifications, statusEvent, transferEvent } from './testing.fixture.ts';

let bank: Awaited<ReturnType<typeof startTestNotifications>>;
beforeAll(async () => {
  bank = await startTestNotifications();
});
afterAll(() => bank.close());

const say = (...events: Parameters<typeof bank.broker.publish>[0]) => bank.broker.publish(events);
const kindsOf = async (owner: string) => (await bank.list(owner)).data.map(({ kind }) => kind);
const heardOf = (owner: string) => bank.heard.filter(({ subject }) => subject === owner);

/** Somebody with an account, and their welcome. */
async function customer() {
  const [owner, accountId] = [randomUUID(), newId(0)];
  await say(statusEvent({ accountId, status: 'active', owners: [owner] }));
  return { owner, accountId };
}

describe('the inbox', () => {
  it('tells of a first account, of money, of orders that failed, and of what becomes of the account', async () => {
    const [ann, ben] = [await customer(), await customer()];
    await say(transferEvent(ben.accountId, ann.accountId));
    await say(
      orderEvent(ann.owner, 'will-retry'),
      orderEvent(ann.owner, 'completed'),
      orderEvent(ann.owner, 'failed', 3),
    );
    for (const [version, status] of [
      [2, 'frozen'],
      [3, 'active'],
      [4, 'closed'],
    ] as const) {
      await say(statusEvent({ accountId: ann.accountId, status, owners: [ann.owner] }, version));
    }
    const { data, unreadCount, nextCursor } = await bank.list(ann.owner);
    expect(data.map(({ kind }) => kind)).toEqual([
      'account-closed',
      'account-unfrozen',
      'account-frozen',
      'standing-order-failed',
      'money-received',
      'welcome',
    ]);
    expect([unreadCount, nextCursor]).toEqual([6, null]);
    expect(data[4]?.parameters).toMatchObject({
      accountId: ann.accountId,
      amount: { amount: '12.50', currency: 'EUR' },
      reference: 'Lunch',
    });
    expect(data[3]?.parameters).toMatchObject({
      payeeName: 'Kanaal Housing',
      amount: { amount: '985.00', currency: 'EUR' },
      dueDate: '2026-06-01',
      problemCode: 'insufficient-funds',
    });
    expect(await kindsOf(ben.owner)).toEqual(['welcome']);
  });

  it('comes in pages, the newest first, each notice once', async () => {
    const [ann, ben] = [await customer(), await customer()];
    for (let count = 0; count < 6; count += 1) await say(transferEvent(ben.accountId, ann.accountId, `Lunch ${count}`));
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await bank.list(ann.owner, `?limit=3${cursor && `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(3);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(await bank.call(ann.owner, 'GET', '/v1/notifications?cursor=12')).toMatchObject({
      status: 400,
      body: { code: 'invalid-cursor' },
    });
    expect((await bank.call(ann.owner, 'GET', '/v1/notifications?unread=true')).status).toBe(400);
    expect((await bank.call(ann.owner, 'GET', '/v1/notifications', ['teller'])).status).toBe(403);
  });

  it("is read once, by whose it is; somebody else's answers as one that is not there", async () => {
    const [ann, ben] = [await customer(), await customer()];
    await say(transferEvent(ben.accountId, ann.accountId));
    const [newest] = (await bank.list(ann.owner)).data;
    const path = `/v1/notifications/${newest?.id}/read`;
    const notBens = await bank.call(ben.owner, 'POST', path);
    const nobodys = await bank.call(ben.owner, 'POST', `/v1/notifications/${randomUUID()}/read`);
    expect([notBens.status, notBens.body['code']]).toEqual([404, 'notice-not-found']);
    expect({ ...notBens.body, traceId: '' }).toEqual({ ...nobodys.body, traceId: '' });
    expect((await bank.list(ann.owner)).unreadCount).toBe(2);

    const first = await bank.call(ann.owner, 'POST', path);
    expect([first.status, first.body['id']]).toEqual([200, newest?.id]);
    expect((await bank.call(ann.owner, 'POST', path)).body).toEqual(first.body);
    expect((await bank.list(ann.owner)).unreadCount).toBe(1);
    expect(await bank.call(ann.owner, 'POST', '/v1/notifications/read-all')).toEqual({
      status: 200,
      body: { read: 1 },
    });
    expect(await bank.call(ann.owner, 'POST', '/v1/notifications/read-all')).toEqual({
      status: 200,
      body: { read: 0 },
    });
    expect([(await bank.list(ann.owner)).unreadCount, (await bank.list(ben.owner)).unreadCount]).toEqual([0, 1]);
    const [kept] = (await bank.list(ann.owner)).data;
    expect(kept?.readAt).toBe(first.body['readAt']);
  });
});

describe('events', () => {
  it('E1, E8: a notice and its announcement are one transaction, and say what they follow from', async () => {
    const [owner, accountId] = [randomUUID(), newId(0)];
    await say(statusEvent({ accountId, status: 'active', owners: [owner] }, 1, { correlationid: owner }));
    const [notice] = (await bank.list(owner)).data;
    await expect.poll(() => heardOf(owner)).toHaveLength(1);
    expect(heardOf(owner)[0]).toMatchObject({
      id: notice?.id,
      correlationid: owner,
      causationid: `${accountId}:1`,
      data: { noticeId: notice?.id, owner, kind: 'welcome' },
    });
  });

  it('E2: what comes again, also at the same moment, tells nobody anything', async () => {
    const [ann, ben] = [await customer(), await customer()];
    const events = [
      transferEvent(ben.accountId, ann.accountId),
      statusEvent({ accountId: ann.accountId, status: 'frozen', owners: [ann.owner] }, 2),
    ];
    await Promise.all([say(...events), say(...events), say(...events.toReversed()), say(...events, ...events)]);
    expect((await kindsOf(ann.owner)).sort()).toEqual(['account-frozen', 'money-received', 'welcome']);
    // A late copy of the opening is not an unfreezing.
    await say(statusEvent({ accountId: ann.accountId, status: 'active', owners: [ann.owner] }, 1));
    expect(await kindsOf(ann.owner)).toHaveLength(3);
    await expect.poll(() => heardOf(ann.owner)).toHaveLength(3);
  });

  it('E3: money that comes before anybody says whose the account is waits for that', async () => {
    const [owner, accountId] = [randomUUID(), newId(0)];
    const { accountId: from } = await customer();
    await say(transferEvent(from, accountId));
    expect(await kindsOf(owner)).toEqual([]);
    await say(statusEvent({ accountId, status: 'active', owners: [owner] }));
    await expect.poll(() => kindsOf(owner), { timeout: 5_000 }).toEqual(['money-received', 'welcome']);
    expect(
      await bank.database.database.query(sql`SELECT 1 FROM waiting_transfer WHERE to_account_id = ${accountId}`),
    ).toEqual([]);
  });

  it('E4: an event that cannot be read is put aside, and stops nobody else', async () => {
    const { owner, accountId } = await customer();
    const { accountId: from } = await customer();
    const good = transferEvent(from, accountId);
    const broken = {
      ...good,
      id: 'broken',
      subject: 'broken',
      data: { ...(good.data as object), amountMinor: 'much' },
    };
    await say(broken, good);
    expect(await kindsOf(owner)).toEqual(['money-received', 'welcome']);
    expect(await bank.database.database.query(sql`SELECT event_id FROM dead_letter`)).toEqual([{ event_id: 'broken' }]);
  });

  it('shows operators what it could not take, and takes it once when it is mended', async () => {
    const { owner, accountId } = await customer();
    const { accountId: from } = await customer();
    const good = transferEvent(from, accountId);
    const broken = {
      ...good,
      id: 'unread',
      subject: 'unread',
      data: { ...(good.data as object), amountMinor: 'plenty' },
    };
    const behind = { ...transferEvent(from, accountId), subject: 'unread' };
    await say(broken, behind);
    const letters = async (roles: Role[] = ['supervisor']) =>
      bank.call('sam', 'GET', '/v1/dead-letters/notifications?limit=100', roles);
    const retry = () => bank.call('sam', 'POST', '/v1/dead-letters/notifications/retry', ['supervisor']);
    const ofKey = ((await letters()).body['data'] as { key: string; eventId: string }[]).filter(
      ({ key }) => key === 'unread',
    );
    expect(ofKey).toMatchObject([
      { group: 'notifications.news', topic: good.type, eventId: 'unread', attempts: 1 },
      { eventId: behind.id },
    ]);
    expect(JSON.stringify((await letters()).body)).not.toContain('plenty');
    expect((await letters(['customer'])).status).toBe(403);
    expect((await letters(['auditor'])).status).toBe(403);
    expect((await retry()).body).toMatchObject({ handled: 0, freed: 0 });
    expect(await kindsOf(owner)).toEqual(['welcome']);
    await bank.database.database.execute(sql`UPDATE dead_letter SET event = replace(event, '"plenty"', '"100"')`);
    expect((await retry()).body).toMatchObject({ handled: 2, freed: 1 });
    expect(await kindsOf(owner)).toEqual(['money-received', 'money-received', 'welcome']);
    // The next of its key is taken as it comes, and what comes again is known.
    await say({ ...broken, data: good.data }, { ...transferEvent(from, accountId), subject: 'unread' });
    expect(await kindsOf(owner)).toEqual(['money-received', 'money-received', 'money-received', 'welcome']);
    expect((await retry()).body).toMatchObject({ handled: 0, freed: 0 });
    await expect
      .poll(() => heardOf('dead-letters:notifications').map(({ data }) => data))
      .toContainEqual(expect.objectContaining({ actor: 'sam', roles: ['supervisor'], action: 'dead-letters.retry' }));
  });

  it('welcomes nobody twice, and announces the welcome again to a sign-up that asks again', async () => {
    const { owner, accountId } = await customer();
    await say(statusEvent({ accountId: newId(0), status: 'active', owners: [owner] }));
    await say(statusEvent({ accountId, status: 'active', owners: [owner], restated: true }, '1:again'));
    expect(await kindsOf(owner)).toEqual(['welcome']);
    await say(
      statusEvent({ accountId, status: 'active', owners: [owner], restated: true }, '1:asked', {
        correlationid: owner,
      }),
    );
    expect(await kindsOf(owner)).toEqual(['welcome']);
    await expect.poll(() => heardOf(owner)).toHaveLength(2);
    const [first, again] = heardOf(owner);
    expect(again).toMatchObject({ id: `${first?.id}:${accountId}:1:asked`, correlationid: owner, data: first?.data });
  });

  it('knows accounts of before its time from what is said again, and tells nobody that they are new', async () => {
    const [owner, accountId] = [randomUUID(), newId(0)];
    await say(statusEvent({ accountId, status: 'frozen', owners: [owner], restated: true }, '2:again'));
    await say(transferEvent(newId(0), accountId));
    await say(statusEvent({ accountId, status: 'active', owners: [owner] }, 3));
    expect(await kindsOf(owner)).toEqual(['account-unfrozen', 'money-received']);
  });
});
