import { sql } from '@florin/postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readOutcome } from './outcome.ts';
import {
  beginning,
  commitStart,
  openTrips,
  participate,
  start,
  type Trips,
  transports,
  until,
} from './testing/trips.ts';
import type { DirectTransport } from './transport.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

const APPROVAL = { by: 'tessa', approvedBy: 'sam', reason: 'seen to', evidence: 'letter 7' } as const;

test('O9: a saga that can not be decided is set aside, and the others go on', async () => {
  let poisoned = '';
  const runner = await trips.run({
    outbox({ saga }) {
      if (saga.id === poisoned && saga.status === 'running' && saga.stepIndex === 2) throw new Error('no such hotel');
      return [];
    },
  });
  const begun = Array.from({ length: 10 }, () => beginning(runner));
  poisoned = begun[4]?.saga.id ?? '';
  await commitStart(trips.db, runner, ...begun);
  for (const transition of begun) runner.started(transition);
  for (const { saga } of begun) {
    const { status, attention } = await until(runner, saga.id);
    expect(status).toBe(saga.id === poisoned ? 'needs_attention' : 'completed');
    if (saga.id === poisoned) expect(attention).toBe('no such hotel');
  }
  poisoned = '';
  const attentionSeq = (await runner.find(begun[4]?.saga.id ?? ''))?.saga.attentionSeq ?? 0;
  expect(await runner.act(begun[4]?.saga.id ?? '', { kind: 'retry', attentionSeq, ...APPROVAL })).toMatchObject({
    ok: true,
  });
  expect(await until(runner, begun[4]?.saga.id ?? '')).toMatchObject({ status: 'completed' });
});

test('O9: an answer that the database can not hold sets its own saga aside, and not those of its group', async () => {
  let ids: readonly string[] = [];
  // All at once, so that they are written as a group: the text of one holds a character that PostgreSQL has none for.
  const everybody = Promise.withResolvers<void>();
  let waiting = 0;
  const flight: DirectTransport = async (command) => {
    const outcome = await participate(trips.db, command);
    waiting += 1;
    if (waiting === 20) everybody.resolve();
    if (waiting <= 20) await everybody.promise;
    return command.sagaId === ids[7] ? { kind: 'applied', output: { seat: 'a\u0000b' } } : outcome;
  };
  const runner = await trips.run({ transports: transports(trips.db, { flight }) });
  const begun = Array.from({ length: 20 }, () => beginning(runner));
  ids = begun.map(({ saga }) => saga.id);
  await commitStart(trips.db, runner, ...begun);
  for (const transition of begun) runner.started(transition);
  for (const id of ids) {
    const { status, attention } = await until(runner, id);
    expect(status).toBe(id === ids[7] ? 'needs_attention' : 'completed');
    if (id === ids[7]) expect(attention).toBe('the database refused it (SQLSTATE 22P05)');
  }
});

test('O9: a text that jsonb can not hold is cut to what it can, and stops nothing', async () => {
  const detail = `${'x'.repeat(499)}\u{1f3e6}\0`;
  const payment: DirectTransport = async () => readOutcome({ kind: 'rejected', code: 'sold\0-out', detail });
  const runner = await trips.run({ transports: transports(trips.db, { payment }) });
  const id = await start(trips.db, runner);
  expect(await until(runner, id)).toMatchObject({
    status: 'compensated',
    failure: { code: 'sold-out', detail: `${'x'.repeat(499)}\ufffd` },
  });
});

test('O9: what people ask for with such a text is refused, and stops nothing', async () => {
  const letGo = Promise.withResolvers<void>();
  const flight: DirectTransport = async (command) => {
    await letGo.promise;
    return participate(trips.db, command);
  };
  const runner = await trips.run({ transports: transports(trips.db, { flight }) });
  const id = await start(trips.db, runner);
  await expect(runner.cancel(id, 'alice', 'a\0b')).rejects.toMatchObject({ code: '22P05' });
  letGo.resolve();
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
});

test('O9: a state that no code of ours wrote is set aside too', async () => {
  const stuck = Promise.withResolvers<null>();
  const runner = await trips.run({ transports: transports(trips.db, { hotel: () => stuck.promise }) });
  const id = await start(trips.db, runner);
  await until(runner, id, (saga) => saga.stepIndex === 2);
  await trips.db.execute(
    sql`update saga set state = state || '{"stepIndex": 99}', next_run_at = now() where id = ${id}`,
  );
  const other = await start(trips.db, runner);
  stuck.resolve(null);
  await expect.poll(async () => (await runner.find(id))?.saga.status, { timeout: 20_000 }).toBe('needs_attention');
  const [attention] = (await runner.timeline(id)).filter((event) => event.kind === 'attention');
  expect(attention).toMatchObject({ reason: expect.stringContaining('has no step 99') });
  expect(await runner.cancel(other, 'alice', 'another plan')).toMatchObject({ ok: true });
});
