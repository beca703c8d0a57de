import { sql } from '@florin/postgres';
import { invariant, newId } from '@florin/primitives';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { local } from '../local-transport.ts';
import { findAction } from '../pending-actions/pending-action-rows.ts';
import type { SagaRunner } from '../runner.ts';
import type { RunnerLimits } from '../runner-limits.ts';
import { openTrips, participate, start, type Trips, transports, tripWith, until } from '../testing/trips.ts';
import { askForAction, decideAsked, type SagaDesk } from './saga-desk.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

const AT_MS = Date.parse('2026-06-01T10:00:00Z');
const SAM = { subject: 'sam', roles: ['supervisor'], traceId: '0'.repeat(32) };
const SUE = { ...SAM, subject: 'sue' };
/** Its hotel is given up on soon, so that the lease of what nobody went on with ends soon. */
const IMPATIENT = tripWith(
  {},
  { hotel: { retry: { attemptsMax: 10, answerMs: 200, firstPauseMs: 2, factor: 2, pauseMsMax: 20 } } },
);

/** A trip that is stuck because its hotel can not be undone, a question about it, and the desk. */
async function asked(limits: Partial<RunnerLimits> = {}) {
  let isMended = false;
  const hotel = local(async (command) =>
    command.op === 'undo' && !isMended
      ? { kind: 'cannot_compensate', detail: 'It is spent.' }
      : participate(trips.db, command),
  );
  const runner = await trips.run({ definitions: [IMPATIENT], transports: transports(trips.db, { hotel }), limits });
  await trips.stock('payment', 0);
  const id = await start(trips.db, runner, IMPATIENT);
  const { attentionSeq } = await until(runner, id);
  const desk = deskOf(runner);
  const wanted = {
    action: 'retry',
    attentionSeq: attentionSeq ?? 0,
    reason: 'The hotel is back',
    evidence: undefined,
  } as const;
  const action = await askForAction(desk, SAM, id, wanted);
  invariant(action.ok, 'it is asked');
  return {
    runner,
    id,
    desk,
    wanted,
    actionId: action.value.id,
    mend() {
      isMended = true;
    },
  };
}

function deskOf(runner: SagaRunner | SagaDesk['hosts'][number]['runner'], clock = () => AT_MS): SagaDesk {
  const host = { runner, db: trips.db };
  return { hosts: [host], hostOf: () => host, source: 'trips', clock, newId };
}

async function audited(): Promise<string[]> {
  const rows = await trips.db.query<{ events: { type: string; data: { action: string; actor: string } }[] }>(sql`
    select events::jsonb as events from outbox order by id`);
  const events = rows.flatMap((row) => row.events).filter(({ type }) => type === 'audit.action.v1');
  return events.map(({ data }) => `${data.actor} ${data.action}`);
}

test('a yes, what comes of it and the record of it are one: when one can not be written, none is', async () => {
  const { runner, id, desk, actionId, mend } = await asked();
  mend();
  const broken = deskOf(runner, () => {
    throw new Error('no time');
  });
  await expect(decideAsked(broken, SUE, actionId, 'approved')).rejects.toThrow('no time');
  expect((await findAction(trips.db, actionId))?.status).toBe('pending');
  expect((await runner.find(id))?.saga.status).toBe('needs_attention');
  expect(await audited()).toEqual(['sam sagas.ask-retry']);
  expect(await decideAsked(desk, SUE, actionId, 'approved')).toMatchObject({ ok: true });
  expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
  expect(await audited()).toEqual(['sam sagas.ask-retry', 'sue sagas.approved-retry']);
});

test('what a yes sends goes out at once: nobody has to come by and look for it', async () => {
  const { runner, id, desk, actionId, mend } = await asked({ pollMs: 3_600_000 });
  mend();
  expect(await decideAsked(desk, SUE, actionId, 'approved')).toMatchObject({ ok: true });
  expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
});

test('whoever dies between a yes and what it sends is replaced: the saga is taken up at the end of its lease', async () => {
  const { runner, id, actionId, mend } = await asked();
  mend();
  const dying = deskOf({
    ...runner,
    async actWithin(...given) {
      const acted = await runner.actWithin(...given);
      return acted.ok ? { ...acted, value: { ...acted.value, committed: () => {} } } : acted;
    },
  });
  expect(await decideAsked(dying, SUE, actionId, 'approved')).toMatchObject({ ok: true });
  expect((await runner.find(id))?.saga).toMatchObject({ status: 'compensating', phase: 'sent' });
  expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
});

test('of several who decide at the same moment one does, and of a yes and a no one counts', async () => {
  const { runner, id, desk, actionId, mend } = await asked();
  mend();
  const deciders = ['sue', 'tim', 'uma'].map((subject) => ({ ...SUE, subject }));
  const outcomes = await Promise.all(
    deciders.flatMap((who) => [
      decideAsked(desk, who, actionId, 'approved'),
      decideAsked(desk, who, actionId, 'rejected'),
    ]),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  for (const outcome of outcomes) if (!outcome.ok) expect(outcome.failure.code).toBe('action-decided');
  const status = (await findAction(trips.db, actionId))?.status;
  const { saga } = (await runner.find(id)) ?? {};
  if (status === 'rejected') expect(saga?.status).toBe('needs_attention');
  else expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
});

test('a yes that comes when the saga has gone on settles nothing, and the question stays to be rejected', async () => {
  const { runner, id, desk, actionId, wanted } = await asked();
  const approval = { by: 'tim', approvedBy: 'uma', reason: 'given back by hand', evidence: 'letter 7' };
  // The hotel still is: the saga is stuck again, for the same reason, at another time.
  await runner.act(id, { kind: 'retry', attentionSeq: wanted.attentionSeq, ...approval });
  const again = await until(runner, id);
  expect(again).toMatchObject({ status: 'needs_attention' });
  expect(again.attentionSeq).toBeGreaterThan(wanted.attentionSeq);
  expect(await decideAsked(desk, SUE, actionId, 'approved')).toMatchObject({ failure: { code: 'saga-moved-on' } });
  expect((await runner.find(id))?.saga).toEqual(again);
  expect(await askForAction(desk, SUE, id, wanted)).toMatchObject({ failure: { code: 'saga-moved-on' } });
  expect(await decideAsked(desk, SUE, actionId, 'rejected')).toMatchObject({ ok: true });
  const attentionSeq = again.attentionSeq ?? 0;
  expect(await askForAction(desk, SUE, id, { ...wanted, attentionSeq })).toMatchObject({ ok: true });
});
