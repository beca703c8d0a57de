import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sagaMigrations } from '../saga-migrations.ts';
import { createAction, decideAction, listActions } from './pending-action-rows.ts';

let opened: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  opened = await testDatabase([sagaMigrations]);
});
afterAll(async () => opened.close());

const create = (sagaId = newId(0), maker = 'sam') =>
  opened.database.transaction((tx) =>
    createAction(tx, {
      id: newId(0),
      sagaId,
      action: 'retry',
      attentionSeq: 7,
      reason: 'It hangs',
      evidence: null,
      maker,
    }),
  );
const decide = (id: string, checker: string, status: 'approved' | 'rejected' = 'approved') =>
  opened.database.transaction((tx) => decideAction(tx, { id, checker, status }));
const page = { status: undefined, beforeId: undefined, limit: 100 };

it('is decided once, by somebody else', async () => {
  const action = await create();
  expect(action).toMatchObject({ attentionSeq: 7, status: 'pending', checker: null, decidedAtMs: null });
  const id = action?.id ?? '';
  expect(await decide(id, 'sam')).toMatchObject({ ok: false, failure: { code: 'second-person-required' } });
  expect(await decide(id, 'sue')).toMatchObject({ ok: true, value: { status: 'approved', checker: 'sue' } });
  expect(await decide(id, 'tim', 'rejected')).toMatchObject({ ok: false, failure: { code: 'action-decided' } });
  expect(await decide(newId(0), 'sue')).toMatchObject({ ok: false, failure: { code: 'action-not-found' } });
});

it('the database refuses one person for both, whatever the code does', async () => {
  const action = await create();
  const forced = opened.database.execute(sql`
    UPDATE pending_action SET status = 'approved', checker = maker, decided_at = now() WHERE id = ${action?.id}`);
  await expect(forced).rejects.toMatchObject({ constraint: 'pending_action_second_person' });
});

it('two who decide at the same moment: one does', async () => {
  const action = await create();
  const outcomes = await Promise.all(['sue', 'tim', 'uma'].map((checker) => decide(action?.id ?? '', checker)));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
});

it('is one at a time for a saga, also when two ask at the same moment', async () => {
  const sagaId = newId(0);
  const made = (await Promise.all([create(sagaId), create(sagaId, 'sue')])).filter((one) => one !== undefined);
  expect(made).toHaveLength(1);
  await decide(made[0]?.id ?? '', 'tim', 'rejected');
  expect(await create(sagaId)).toBeDefined();
});

it('is listed by what became of it, the newest first, in pages', async () => {
  const all = await listActions(opened.database, page);
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .toSorted()
      .reverse(),
  );
  const rest = await listActions(opened.database, { ...page, beforeId: all[1]?.id, limit: 2 });
  expect(rest).toEqual(all.slice(2, 4));
  const approved = await listActions(opened.database, { ...page, status: 'approved' });
  expect(approved.length).toBeGreaterThan(0);
  expect(approved).toEqual(all.filter(({ status }) => status === 'approved'));
});
