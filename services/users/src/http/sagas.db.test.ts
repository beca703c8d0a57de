import { userRegistered } from '@florin/contracts';
import type { ReceivedEvent } from '@florin/messaging';
import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMIR, followedUsers, noticed, opened, type Saga } from '../../fixtures/followed-users.fixture.ts';

let bank: Awaited<ReturnType<typeof followedUsers>>;
/** Registrations as other services hear of them. */
const registered: ReceivedEvent[] = [];
beforeAll(async () => {
  bank = await followedUsers();
  bank.users.broker.subscribe({
    group: 'others',
    topics: [userRegistered.topic],
    async handle(events) {
      registered.push(...events);
    },
  });
});
afterAll(() => bank.close());

const SAM = `person:${newId(0)}:supervisor`;
const SUE = `person:${newId(0)}:supervisor`;

describe('staff', () => {
  it('list sign-ups by how they stand, the newest first, in pages', async () => {
    await bank.stuck();
    await bank.stuck();
    const seen: Saga[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await bank.call(AMIR, 'GET', `/v1/sagas/users?limit=1&status=needs_attention&type=welcome${query}`))
        .body;
      seen.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set(['needs_attention']));
    const ids = seen.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().reverse());
    expect((await bank.call(SAM, 'GET', '/v1/sagas/users?status=compensated')).body).toEqual({
      data: [],
      nextCursor: null,
    });
    expect((await bank.call(SAM, 'GET', '/v1/sagas/users?type=transfer')).body).toEqual({ data: [], nextCursor: null });
  });

  it.each([
    ['a customer', `person:${newId(0)}:customer`, 'GET', '/v1/sagas/users', 403],
    ['a teller', `person:${newId(0)}:teller`, 'GET', '/v1/sagas/users', 403],
    ['an auditor who acts', AMIR, 'POST', `/v1/sagas/users/${newId(0)}/actions`, 403],
    ['a cursor of another list', SAM, 'GET', '/v1/sagas/users?cursor=7', 400],
    ['an unknown status', SAM, 'GET', '/v1/sagas/users?status=lost', 400],
    ['an unknown id', SAM, 'GET', `/v1/sagas/users/${newId(0)}`, 404],
    ['no id', SAM, 'GET', '/v1/sagas/users/seven', 404],
  ] as const)('refuses %s', async (_who, token, method, path, status) => {
    expect(
      (
        await bank.call(
          token,
          method,
          path,
          method === 'POST' ? { action: 'retry', attentionSeq: 1, reason: 'Why not' } : undefined,
        )
      ).status,
    ).toBe(status);
  });

  it('have a stuck sign-up begun once more: one asks, another decides, and both are on record', async () => {
    const { subject, id, attentionSeq } = await bank.stuck();
    const asked = await bank.call(SAM, 'POST', `/v1/sagas/users/${id}/actions`, {
      action: 'retry',
      attentionSeq,
      reason: 'The broker was away',
    });
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ sagaId: id, status: 'pending', checker: null, evidence: null });
    expect((await bank.sagaOf(subject)).status).toBe('needs_attention');
    const path = `/v1/sagas/users/actions/${asked.body.id}`;
    const own = await bank.call(SAM, 'POST', `${path}/approve`);
    expect([own.status, own.body.code]).toEqual([422, 'second-person-required']);
    const approved = await bank.call(SUE, 'POST', `${path}/approve`);
    expect([approved.status, approved.body.status]).toEqual([200, 'approved']);
    const twice = await bank.call(SUE, 'POST', `${path}/reject`);
    expect([twice.status, twice.body.code]).toEqual([409, 'action-decided']);
    await bank.users.service.idle();
    const records = bank.users.published.filter(({ data }) => data['resource'] === id);
    expect(records.map(({ data }) => [data['actor'], data['action'], data['operationId']])).toEqual([
      [SAM.split(':')[1], 'sagas.ask-retry', 'askForSagaActionOfUsers'],
      [SUE.split(':')[1], 'sagas.approved-retry', 'approveSagaActionOfUsers'],
    ]);

    // The same fact, as an event of its own: those who did their part do nothing, those who did not do it now.
    await expect
      .poll(() => registered.map((event) => event.id).filter((one) => one.startsWith(subject)))
      .toEqual([subject, `${subject}:2`]);
    expect(registered.at(-1)).toMatchObject({ subject, correlationid: subject, causationid: subject });
    await expect.poll(async () => (await bank.sagaOf(subject)).steps[0]?.attempts).toBe(2);
    expect(await bank.sagaOf(subject)).toMatchObject({ status: 'running', attempt: 2 });
    const retried = (await bank.sagaOf(subject)).timeline.find(({ kind }) => kind === 'retried');
    const [sam, sue] = [SAM.split(':')[1], SUE.split(':')[1]];
    expect(retried).toMatchObject({ actor: sam, reason: 'The broker was away' });
    expect(retried?.detail).toContain(sue);
    await bank.users.broker.publish([opened(subject), noticed(subject)]);
    expect((await bank.sagaOf(subject)).status).toBe('completed');
  });

  it('settle nothing with what they say late: it was begun once more, and is stuck again', async () => {
    const { id, subject, attentionSeq } = await bank.stuck();
    const path = `/v1/sagas/users/${id}/actions`;
    const wanted = { action: 'resolve', attentionSeq, reason: 'Opened by hand', evidence: 'Letter 17 of the branch' };
    const asked = (await bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq, reason: 'It hangs' })).body;
    expect(asked).toMatchObject({ attentionSeq });
    await bank.call(SUE, 'POST', `/v1/sagas/users/actions/${asked.id}/approve`);
    expect(await bank.sagaOf(subject)).toMatchObject({ status: 'running', attentionSeq: null });
    const whileRunning = await bank.call(SAM, 'POST', path, wanted);
    expect([whileRunning.status, whileRunning.body.code]).toEqual([409, 'saga-moved-on']);
    await bank.overdue(subject);
    const again = await bank.sagaOf(subject);
    expect(again.attentionSeq).toBeGreaterThan(attentionSeq);
    const late = await bank.call(SAM, 'POST', path, wanted);
    expect([late.status, late.body.code]).toEqual([409, 'saga-moved-on']);
    expect((await bank.call(SAM, 'POST', path, { ...wanted, attentionSeq: again.attentionSeq })).status).toBe(202);
  });

  it('take one for done with evidence, and leave one alone when the second person says no', async () => {
    const { subject, id, attentionSeq } = await bank.stuck();
    const path = `/v1/sagas/users/${id}/actions`;
    const bare = await bank.call(SAM, 'POST', path, { action: 'resolve', attentionSeq, reason: 'Opened by hand' });
    expect([bare.status, bare.body.code]).toEqual([422, 'evidence-required']);
    const wanted = { action: 'resolve', attentionSeq, reason: 'Opened by hand', evidence: 'Letter 17 of the branch' };
    const first = await bank.call(SAM, 'POST', path, wanted);
    const second = await bank.call(SUE, 'POST', path, wanted);
    expect([second.status, second.body.code]).toEqual([409, 'action-pending']);
    expect((await bank.call(SUE, 'POST', `/v1/sagas/users/actions/${first.body.id}/reject`)).body.status).toBe(
      'rejected',
    );
    expect((await bank.sagaOf(subject)).status).toBe('needs_attention');
    const again = await bank.call(SUE, 'POST', path, wanted);
    expect((await bank.call(SAM, 'POST', `/v1/sagas/users/actions/${again.body.id}/approve`)).status).toBe(200);
    const saga = await bank.sagaOf(subject);
    expect(saga).toMatchObject({ status: 'completed', step: null });
    expect(saga.timeline.at(-1)).toMatchObject({ kind: 'resolved', reason: 'Opened by hand' });
    expect(saga.timeline.at(-1)?.detail).toContain('Letter 17');
    const over = await bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq, reason: 'Once more' });
    expect([over.status, over.body.code]).toEqual([409, 'saga-moved-on']);
  });

  it('approve nothing about what came to its end meanwhile; the question stays, to be rejected', async () => {
    const { subject, id, attentionSeq } = await bank.stuck();
    const asked = await bank.call(SAM, 'POST', `/v1/sagas/users/${id}/actions`, {
      action: 'retry',
      attentionSeq,
      reason: 'It hangs',
    });
    await bank.users.broker.publish([opened(subject), noticed(subject)]);
    const late = await bank.call(SUE, 'POST', `/v1/sagas/users/actions/${asked.body.id}/approve`);
    expect([late.status, late.body.code]).toEqual([409, 'saga-moved-on']);
    const pending = (await bank.call(AMIR, 'GET', '/v1/sagas/users/actions?status=pending')).body.data as {
      id: string;
    }[];
    expect(pending.map((action) => action.id)).toContain(asked.body.id);
    expect((await bank.call(SUE, 'POST', `/v1/sagas/users/actions/${asked.body.id}/reject`)).status).toBe(200);
  });

  it('see which news of sign-ups could not be taken, and have it taken when it is mended', async () => {
    const subject = await bank.signUp();
    await bank.untilHeard(subject);
    const unread = { ...opened(subject), data: null };
    await bank.users.broker.publish([unread]);
    const letters = await bank.call(SAM, 'GET', '/v1/dead-letters/users?limit=1');
    expect(letters.body).toMatchObject({ data: [{ group: 'users.welcome', key: unread.subject }], nextCursor: null });
    expect((await bank.call(AMIR, 'GET', '/v1/dead-letters/users')).status).toBe(403);
    expect((await bank.sagaOf(subject)).step).toBe('account-open');
    const retry = () => bank.call(SAM, 'POST', '/v1/dead-letters/users/retry');
    expect((await retry()).body).toEqual({ handled: 0, stillParked: 1, freed: 0 });
    await bank.database.database.execute(
      sql`UPDATE dead_letter SET event = replace(event, '"data":null', '"data":{"status":"active"}')`,
    );
    expect((await retry()).body).toEqual({ handled: 1, stillParked: 0, freed: 1 });
    expect((await bank.sagaOf(subject)).step).toBe('welcomed');
    expect((await retry()).body).toEqual({ handled: 0, stillParked: 0, freed: 0 });
  });

  it('say why, and name what is there', async () => {
    const { id, attentionSeq } = await bank.stuck();
    const path = `/v1/sagas/users/${id}/actions`;
    expect((await bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq })).status).toBe(400);
    expect((await bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq, reason: '  \t' })).status).toBe(400);
    expect((await bank.call(SAM, 'POST', path, { action: 'force', attentionSeq, reason: 'Because' })).status).toBe(400);
    const nowhere = await bank.call(SAM, 'POST', `/v1/sagas/users/${newId(0)}/actions`, {
      action: 'retry',
      attentionSeq,
      reason: 'It hangs',
    });
    expect([nowhere.status, nowhere.body.code]).toEqual([404, 'saga-not-found']);
    const nothing = await bank.call(SAM, 'POST', `/v1/sagas/users/actions/${newId(0)}/approve`);
    expect([nothing.status, nothing.body.code]).toEqual([404, 'action-not-found']);
  });

  it('who decide and ask at the same moment do not wait for each other in a circle', async () => {
    const { id, attentionSeq } = await bank.stuck();
    const path = `/v1/sagas/users/${id}/actions`;
    const asked = await bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq, reason: 'It hangs' });
    const outcomes = await Promise.all([
      bank.call(SUE, 'POST', `/v1/sagas/users/actions/${asked.body.id}/reject`),
      ...Array.from({ length: 6 }, () =>
        bank.call(SAM, 'POST', path, { action: 'retry', attentionSeq, reason: 'It hangs' }),
      ),
    ]);
    expect(outcomes[0]?.status).toBe(200);
    expect(outcomes.slice(1).every(({ status }) => status === 202 || status === 409)).toBe(true);
  });
});
