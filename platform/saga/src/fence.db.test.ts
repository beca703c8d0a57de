import { createLogger } from '@florin/observability';
import { sql } from '@florin/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FaultPoint } from './dispatch.ts';
import { local } from './local-transport.ts';
import {
  beginning,
  commitStart,
  eventually,
  openTrips,
  participate,
  patiently,
  start,
  TRIP,
  type Trips,
  transports,
  until,
} from './testing/trips.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await trips.empty();
});
afterAll(() => trips.close());

const IMPATIENT = patiently({ answerMs: 150, attemptsMax: 100 });
const EVERY_STEP = ['do flight', 'do hotel', 'do payment', 'do tickets'];

/** Holds whoever passes a point for the n-th time, until it is let go. */
function gate(point: FaultPoint, pass: number) {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  let passed = 0;
  return {
    reached: reached.promise,
    open: () => opened.resolve(),
    at(at: FaultPoint): undefined | Promise<void> {
      if (at !== point) return undefined;
      passed += 1;
      if (passed !== pass) return undefined;
      reached.resolve();
      return opened.promise;
    },
  };
}

describe.each(['before-dispatch', 'after-reply', 'before-state-commit'] as const)('O2: paused %s', (point) => {
  test.each([1, 3, 5])('at pass %i until after its lease, a runner changes nothing more', async (pass) => {
    const lines: string[] = [];
    const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const { at, reached, open } = gate(point, pass);
    const limits = { pollMs: 3_600_000, drainMs: 20_000 };
    const paused = await trips.run({ definitions: [IMPATIENT], at, logger, limits });
    const id = await start(trips.db, paused, IMPATIENT);
    await reached;
    const other = await trips.run({ definitions: [IMPATIENT] });
    await until(other, id);
    const before = await other.find(id);
    open();
    await paused.drain();
    expect(await other.find(id)).toEqual(before);
    expect(before?.saga.status).toBe('completed');
    expect(await trips.effects(id)).toEqual(EVERY_STEP);
    expect(lines.filter((line) => line.includes('somebody else has the saga'))).toHaveLength(1);
  });
});

test('O2: two runners that look at the same moment share what is due', async () => {
  const runners = await Promise.all([1, 2].map(() => trips.run({ definitions: [IMPATIENT], limits: { claimMax: 3 } })));
  const [runner] = runners;
  if (runner === undefined) throw new Error('there are two');
  const begun = Array.from({ length: 40 }, () => beginning(runner, IMPATIENT));
  await commitStart(trips.db, runner, ...begun);
  for (const { saga } of begun) {
    expect(await until(runner, saga.id)).toMatchObject({ status: 'completed' });
    expect(await trips.effects(saga.id)).toEqual(EVERY_STEP);
  }
  const holders = await trips.db.query(sql`
    select distinct holder from saga where id = any(${begun.map(({ saga }) => saga.id)}::uuid[])`);
  expect(holders).toHaveLength(2);
});

test('O3: answers that are stale, forged, repeated or too late change nothing', async () => {
  const stuck = Promise.withResolvers<null>();
  const runner = await trips.run({ transports: transports(trips.db, { hotel: () => stuck.promise }) });
  const id = await start(trips.db, runner);
  await until(runner, id, (saga) => saga.stepIndex === 2);
  const before = await runner.find(id);
  const reply = {
    sagaId: id,
    branch: 'hotel',
    op: 'do',
    attempt: 1,
    outcome: { kind: 'applied', output: {} },
  } as const;
  const wrong = [
    { ...reply, branch: 'flight' },
    { ...reply, branch: 'nowhere' },
    { ...reply, op: 'undo' as const },
    { ...reply, attempt: 2 },
    { ...reply, attempt: 0 },
    { ...reply, sagaId: '0198a000-0000-7012-8000-00000000000f' },
  ];
  for (const one of wrong) expect(await runner.deliver(one)).toBe('ignored');
  expect(await runner.find(id)).toEqual(before);
  const deliveries = await Promise.all(Array.from({ length: 5 }, () => runner.deliver(reply)));
  expect(deliveries.toSorted()).toEqual(['ignored', 'ignored', 'ignored', 'ignored', 'taken']);
  stuck.resolve(null);
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  expect(await runner.deliver(reply)).toBe('ignored');
});

test('O4: a participant that answers at once, within its commit, is not ahead of its saga', async () => {
  const seen: unknown[] = [];
  const here = local(async (command) => {
    const found = await runner.find(command.sagaId);
    seen.push(found?.saga.phase, found?.saga.attempt === command.attempt);
    return participate(trips.db, command);
  });
  const runner = await trips.run({
    transports: Object.fromEntries(TRIP.steps.map((step) => [step.participant, here])),
  });
  const id = await start(trips.db, runner);
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  expect(seen).toEqual(TRIP.steps.flatMap(() => ['sent', true]));
});

test('T3: who calls it off before the pivot is sent wins, and the pivot is not sent', async () => {
  const { at, reached, open } = gate('before-state-commit', 3);
  const runner = await trips.run({ at });
  const id = await start(trips.db, runner);
  await reached;
  expect(await runner.cancel(id, 'alice', 'another plan')).toMatchObject({ ok: true });
  open();
  expect(await until(runner, id)).toMatchObject({ status: 'compensated', failure: { code: 'cancelled' } });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
  const [turned] = (await runner.timeline(id)).filter((event) => event.kind === 'turned-back');
  expect(turned).toMatchObject({ actor: 'alice', detail: 'another plan' });
});

test('T3: who calls it off after the pivot was sent is told so', async () => {
  const { at, reached, open } = gate('after-state-commit', 3);
  const runner = await trips.run({ at });
  const id = await start(trips.db, runner);
  await reached;
  expect(await runner.cancel(id, 'alice', 'another plan')).toMatchObject({ failure: { code: 'past-no-return' } });
  open();
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  expect(await runner.cancel(id, 'alice', 'another plan')).toMatchObject({ failure: { code: 'already-final' } });
  const nowhere = await runner.cancel('0198a000-0000-7012-8000-00000000000f', 'alice', 'another plan');
  expect(nowhere).toMatchObject({ failure: { code: 'saga-not-found' } });
});

test('T3: called off while it runs, it ends one way or the other and never both', async () => {
  const runner = await trips.run();
  const ids = await Promise.all(Array.from({ length: 40 }, () => start(trips.db, runner)));
  const answers = await Promise.all(ids.map((id) => runner.cancel(id, 'alice', 'another plan')));
  for (const [index, id] of ids.entries()) {
    const { status } = await until(runner, id);
    expect(status).toBe(answers[index]?.ok === true ? 'compensated' : 'completed');
    expect((await trips.effects(id)).includes('do payment')).toBe(status === 'completed');
  }
});

test.each([3_600_000, -3_600_000])(
  'T5: the clock of this machine jumps by %i ms, and nothing comes of it',
  async (jumpMs) => {
    const runner = await trips.run();
    const { now } = Date;
    const beforeMs = now();
    vi.spyOn(Date, 'now').mockImplementation(() => now() + jumpMs);
    const id = await start(trips.db, runner);
    const saga = await until(runner, id);
    expect(saga).toMatchObject({ status: 'completed' });
    expect(saga.startedAtMs - beforeMs).toBeLessThan(60_000);
    expect(saga.startedAtMs).toBeGreaterThanOrEqual(beforeMs - 60_000);
  },
);

test('a saga is worked on although the database was restarted from under it', async () => {
  const { at, reached, open } = gate('after-reply', 2);
  const runner = await trips.run({ definitions: [IMPATIENT], at });
  const id = await start(trips.db, runner, IMPATIENT);
  await reached;
  await eventually(async () => {
    const gone = await trips.dropConnections();
    return gone > 0;
  });
  open();
  // A look of ours may meet a connection whose end this process has not heard of yet, and is refused then.
  await eventually(async () => (await runner.find(id).catch(() => undefined))?.saga.phase === 'stopped');
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  expect(await trips.effects(id)).toEqual(EVERY_STEP);
});
