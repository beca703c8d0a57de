import type { ReceivedEvent } from '@florin/messaging';
import { openSession, sql } from '@florin/postgres';
import { newId, ok } from '@florin/primitives';
import { TOMBSTONE } from '@florin/saga';
import { prepareBranch } from '@florin/two-phase-commit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SAGA_SCOPE } from '../repositories/commands.ts';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

/** Two shards: buckets below 128 are in the first, the others in the second. */
const FIRST = 5;
const SECOND = 200;
const SAGAS = '/v1/sagas/transactions';
const SOON = { timeout: 15_000 };

interface Saga {
  readonly id: string;
  readonly status: string;
  readonly attentionSeq: number;
  readonly steps: readonly { readonly name: string; readonly state: string; readonly attempts: number }[];
  readonly timeline: readonly { readonly seq: number; readonly kind: string; readonly reason?: string }[];
  readonly [field: string]: unknown;
}

let bank: TestService;
const heard: ReceivedEvent[] = [];
beforeAll(async () => {
  bank = await startTestService(undefined, 2);
  bank.broker.subscribe({
    group: 'others',
    topics: ['audit.action.v1', 'transactions.transfer-completed.v1'],
    async handle(events) {
      heard.push(...events);
    },
  });
});
afterAll(() => bank.close());

type Who = Parameters<TestService['call']>[0];
const get = (who: Who, path: string) => bank.call(who, 'GET', path, { key: null });
const post = (who: Who, path: string, body?: object): Promise<Answer> =>
  bank.call(who, 'POST', path, { key: null, ...(body === undefined ? {} : { body }) });
const sagaAt = async (id: string) => (await get('amir', `${SAGAS}/${id}`)).body as unknown as Saga;
const codeOf = ({ status, body }: Answer) => [status, body.code];

/** What the payee's ledger has on record of a step before it comes. */
const CALLED_OFF = { fingerprint: TOMBSTONE.fingerprint, status: 422, body: JSON.stringify(TOMBSTONE.outcome) };
/** As of another saga under the same id: the ledger does not know what became of the step, and says so. */
const SOMEBODY_ELSES = { fingerprint: 'of something else', status: 200, body: '{"kind":"applied","output":{}}' };

/** A transfer from one shard to the other that is stuck past its pivot: the payee's ledger has something else on record. */
async function stuck(record: typeof CALLED_OFF, [from, to] = [FIRST, SECOND]): Promise<Saga> {
  const alice = await bank.open('alice', '100.00', { bucket: from });
  const bob = await bank.open('bob', '0', { bucket: to });
  const ledger = to === FIRST ? bank.own?.database : bank.further[0]?.database;
  // While the payee's account is locked, nothing arrives.
  const id = await ledger?.transaction(async (tx) => {
    await tx.query(sql`SELECT FROM account WHERE id = ${bob} FOR UPDATE`);
    const sent = await bank.transfer('alice', alice, bob, '7.00');
    await tx.execute(sql`
      INSERT INTO command (scope, key, fingerprint, status, body) VALUES
        (${SAGA_SCOPE}, ${`${sent.body.id}:receive:do`}, ${record.fingerprint}, ${record.status}, ${record.body})`);
    return sent.body.id;
  });
  await expect.poll(async () => (await sagaAt(id ?? '')).status, SOON).toBe('needs_attention');
  return sagaAt(id ?? '');
}

const mend = (id: string) =>
  bank.further[0]?.database.execute(sql`DELETE FROM command WHERE key = ${`${id}:receive:do`}`);

function wantedAbout({ attentionSeq }: Saga, more: object = {}) {
  return { action: 'resolve', attentionSeq, reason: 'Booked by hand', evidence: 'Journal 17', ...more };
}

describe('staff', () => {
  it('find what is stuck by its status and type, and read everything that happened to it', async () => {
    const { id } = await stuck(CALLED_OFF);
    const list = await get('sam', `${SAGAS}?status=needs_attention&type=crossing-transfer`);
    const listed = (list.body['data'] as Saga[]).find((one) => one.id === id);
    const saga = await sagaAt(id);
    const { steps, timeline, ...summary } = saga;
    expect(listed).toEqual(summary);
    expect(summary).toMatchObject({
      type: 'crossing-transfer',
      coordination: 'orchestrated',
      step: 'receive',
      subject: id,
      attention: 'receive was refused: called-off',
    });
    expect(steps.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'set-aside applied',
      'post-debit applied',
      'receive rejected',
    ]);
    expect(timeline.map(({ seq }) => seq)).toEqual(timeline.map((_, index) => index + 1));
    const kinds = timeline.map(({ kind }) => kind);
    expect(kinds.slice(0, 4)).toEqual(['started', 'sent', 'answered', 'advanced']);
    expect(kinds.slice(-2)).toEqual(['answered', 'attention']);
    expect(timeline.at(-1)).toMatchObject({ seq: saga.attentionSeq, reason: summary['attention'] });
    const others = await get('sam', `${SAGAS}?status=compensated&type=crossing-transfer`);
    expect((others.body['data'] as Saga[]).map((one) => one.id)).not.toContain(id);
    expect((await get('sam', `${SAGAS}?type=no-such`)).body).toEqual({ data: [], nextCursor: null });
  });

  it('read the sagas of all shards as one list, in pages, each once', async () => {
    const made = [
      await stuck(CALLED_OFF),
      await stuck(CALLED_OFF, [SECOND, FIRST]),
      await stuck(CALLED_OFF),
      await stuck(CALLED_OFF, [SECOND, FIRST]),
    ].map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const place: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await get('amir', `${SAGAS}?limit=3&status=needs_attention${place}`);
      const data = body['data'] as Saga[];
      expect(data.length).toBeLessThanOrEqual(3);
      seen.push(...data.map(({ id }) => id));
      cursor = body['nextCursor'] as string | null;
    }
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen.slice(0, 4)).toEqual(made.toReversed());
  });

  it('have it tried again once it is mended: one asks, another decides, and all of it is on record', async () => {
    const saga = await stuck(SOMEBODY_ELSES);
    const path = `${SAGAS}/${saga.id}/actions`;
    const wanted = { action: 'retry', attentionSeq: saga.attentionSeq, reason: 'The record is put right' };
    const asked = await post('sam', path, wanted);
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ ...wanted, sagaId: saga.id, status: 'pending', maker: 'sam', evidence: null });
    expect(codeOf(await post('sue', path, wanted))).toEqual([409, 'action-pending']);
    expect(codeOf(await post('sam', `${SAGAS}/actions/${asked.body.id}/approve`))).toEqual([
      422,
      'second-person-required',
    ]);
    // It went on trying meanwhile: that is no news, and the number still names what was looked at.
    await expect.poll(async () => (await sagaAt(saga.id)).timeline.length, SOON).toBeGreaterThan(saga.attentionSeq + 1);
    expect((await sagaAt(saga.id)).attentionSeq).toBe(saga.attentionSeq);
    await mend(saga.id);
    const approvals = await Promise.all(
      (['sue', 'tim'] as const).map((who) => post(who, `${SAGAS}/actions/${asked.body.id}/approve`)),
    );
    expect(approvals.map(({ status }) => status).sort()).toEqual([200, 409]);
    await expect.poll(async () => (await sagaAt(saga.id)).status, SOON).toBe('completed');
    const retried = (await sagaAt(saga.id)).timeline.filter(({ kind }) => kind === 'retried');
    expect(retried).toMatchObject([{ actor: 'sam', reason: wanted.reason }]);
    const transfer = await get('sam', `/v1/transfers/${saga.id}`);
    expect(transfer.body.status).toBe('completed');
    await expect
      .poll(
        () =>
          heard
            .filter(({ subject }) => subject === saga.id)
            .map(labelOf)
            .sort(),
        SOON,
      )
      .toEqual([
        'audit.action.v1 sagas.approved-retry',
        'audit.action.v1 sagas.ask-retry',
        'transactions.transfer-completed.v1 ',
      ]);
    const actions = await get('amir', `${SAGAS}/actions?status=approved`);
    expect((actions.body['data'] as { id: string }[]).map(({ id }) => id)).toContain(asked.body.id);
  });

  it('take a step for done with evidence, and not without', async () => {
    const saga = await stuck(CALLED_OFF);
    const path = `${SAGAS}/${saga.id}/actions`;
    const bare = await post('sam', path, wantedAbout(saga, { evidence: undefined }));
    expect(codeOf(bare)).toEqual([422, 'evidence-required']);
    const asked = await post('sam', path, wantedAbout(saga));
    expect((await post('sue', `${SAGAS}/actions/${asked.body.id}/approve`)).body.status).toBe('approved');
    const { status, timeline } = await sagaAt(saga.id);
    expect(status).toBe('completed');
    const resolved = timeline.find(({ kind }) => kind === 'resolved');
    expect(resolved).toMatchObject({ step: 'receive', actor: 'sam', detail: 'approved by sue; Journal 17' });
    expect(codeOf(await post('sam', path, wantedAbout(saga)))).toEqual([409, 'saga-moved-on']);
    expect(codeOf(await post('sue', `${SAGAS}/actions/${asked.body.id}/approve`))).toEqual([409, 'action-decided']);
  });

  it('settle nothing with what they say late: it was tried again, and was refused again', async () => {
    const saga = await stuck(CALLED_OFF);
    const path = `${SAGAS}/${saga.id}/actions`;
    const retry = wantedAbout(saga, { action: 'retry', evidence: undefined });
    const asked = await post('sam', path, retry);
    await post('sue', `${SAGAS}/actions/${asked.body.id}/approve`);
    await expect.poll(async () => (await sagaAt(saga.id)).status, SOON).toBe('needs_attention');
    const again = await sagaAt(saga.id);
    expect(again.attentionSeq).toBeGreaterThan(saga.attentionSeq);
    expect(codeOf(await post('sam', path, wantedAbout(saga)))).toEqual([409, 'saga-moved-on']);
    expect((await post('sam', path, wantedAbout(again))).status).toBe(202);
  });

  it('leave it as it is when the second person says no', async () => {
    const saga = await stuck(CALLED_OFF);
    const asked = await post('sam', `${SAGAS}/${saga.id}/actions`, wantedAbout(saga));
    expect((await post('sue', `${SAGAS}/actions/${asked.body.id}/reject`)).body).toMatchObject({
      status: 'rejected',
      checker: 'sue',
    });
    expect(await sagaAt(saga.id)).toEqual(saga);
  });

  it.each([
    ['without a reason', { action: 'retry', attentionSeq: 1 }, 400, 'invalid-request'],
    ['with blanks for a reason', { action: 'retry', attentionSeq: 1, reason: ' \t ' }, 400, 'invalid-request'],
    ['about no attention', { action: 'retry', reason: 'It hangs' }, 400, 'invalid-request'],
    ['about attention 0', { action: 'retry', attentionSeq: 0, reason: 'It hangs' }, 400, 'invalid-request'],
    ['what nobody can do', { action: 'force', attentionSeq: 1, reason: 'It hangs' }, 400, 'invalid-request'],
    ['of a saga that is not there', { action: 'retry', attentionSeq: 1, reason: 'It hangs' }, 404, 'saga-not-found'],
  ])('ask nothing %s', async (_, body, status, code) => {
    expect(codeOf(await post('sam', `${SAGAS}/${newId(SECOND)}/actions`, body))).toEqual([status, code]);
  });

  it('are told what is not there', async () => {
    expect(codeOf(await get('amir', `${SAGAS}/${newId(SECOND)}`))).toEqual([404, 'saga-not-found']);
    expect(codeOf(await post('sam', `${SAGAS}/actions/${newId(FIRST)}/approve`))).toEqual([404, 'action-not-found']);
    expect(codeOf(await get('amir', `${SAGAS}?cursor=7`))).toEqual([400, 'invalid-cursor']);
    expect(codeOf(await get('amir', `${SAGAS}/actions?cursor=7`))).toEqual([400, 'invalid-cursor']);
    expect((await get('amir', `${SAGAS}?status=lost`)).status).toBe(400);
  });

  it.each([
    ['alice', 'GET', SAGAS, 403],
    ['tessa', 'GET', SAGAS, 403],
    ['nobody', 'GET', SAGAS, 401],
    ['amir', 'POST', `${SAGAS}/${newId(FIRST)}/actions`, 403],
    ['amir', 'POST', `${SAGAS}/actions/${newId(FIRST)}/approve`, 403],
    ['tessa', 'GET', '/v1/two-phase/in-doubt', 403],
    ['alice', 'GET', '/v1/two-phase/attention', 403],
  ] as const)('%s may not %s %s', async (who, method, path, status) => {
    const body = method === 'POST' ? { action: 'retry', attentionSeq: 1, reason: 'It hangs' } : undefined;
    expect((await bank.call(who, method, path, { key: null, body })).status).toBe(status);
  });
});

function labelOf(event: ReceivedEvent): string {
  const { action = '' } = event.data as { action?: string };
  return `${event.type} ${action}`;
}

describe('what is in doubt', () => {
  const inDoubt = async () => (await get('amir', '/v1/two-phase/in-doubt')).body['data'] as { gid: string }[];

  it('is shown with the shard that holds it and what the log says, until it is resolved', async () => {
    expect(await inDoubt()).toEqual([]);
    const gid = newId(FIRST);
    const [second] = bank.further;
    const session = openSession({ url: second?.url ?? '', applicationName: 'florin-test' });
    expect(await prepareBranch(session, { gid, branch: 'shard-1' }, async () => ok(null))).toEqual({ vote: 'yes' });
    await session.close();
    expect(await inDoubt()).toMatchObject([
      { name: `florin:${gid}:shard-1`, gid, shard: 'shard-1', logSays: 'undecided', ageMs: expect.any(Number) },
    ]);
    // Nobody decided: after a while the log says no, and the shard is told.
    await expect.poll(inDoubt, SOON).toEqual([]);
  }, 20_000);

  it('and can not be carried out is listed with the reason, the oldest first, from the logs of all shards', async () => {
    const [one, other] = [newId(FIRST), newId(SECOND)];
    for (const [gid, database] of [
      [other, bank.further[0]?.database],
      [one, bank.own?.database],
    ] as const) {
      await database?.execute(sql`
        INSERT INTO two_phase_decision (gid, outcome, branches, attention, tried_at)
        VALUES (${gid}, 'commit', ARRAY['shard-0', 'shard-1'], 'shard-1 has rolled back', now() + interval '1 hour')`);
    }
    const { body } = await get('sam', '/v1/two-phase/attention');
    expect(body['data']).toMatchObject([
      { gid: other, outcome: 'commit', shards: ['shard-0', 'shard-1'], attention: 'shard-1 has rolled back' },
      { gid: one },
    ]);
  });
});
