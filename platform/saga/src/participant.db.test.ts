import { createLogger } from '@florin/observability';
import { sql } from '@florin/postgres';
import { newId, uuidInBucket } from '@florin/primitives';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { SAGA_AGE_MS_MAX, TOO_OLD } from './barrier.ts';
import { purgeBarrier } from './barrier-records.ts';
import type { Op, Outcome, SagaCommand } from './outcome.ts';
import { type Operation, runParticipant, takeCommand } from './participant.ts';
import { eventually, OPERATIONS, openTrips, participate, type Trips } from './testing/trips.ts';

let trips: Trips;
let sagaId: string;
beforeAll(async () => {
  trips = await openTrips();
});
beforeEach(() => {
  sagaId = newId(0);
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

function command(op: Op, more: Partial<SagaCommand> = {}): SagaCommand {
  return {
    sagaId,
    sagaType: 'trip',
    branch: 'hotel',
    op,
    attempt: 1,
    participant: 'hotel',
    operation: op === 'do' ? 'reserve' : 'release',
    payload: { input: { nights: 2, guest: { name: 'alice', age: 40 } }, outputs: {} },
    ...more,
  };
}

const send = (op: Op, more: Partial<SagaCommand> = {}) => participate(trips.db, command(op, more));

/** An operation that waits, inside its transaction, until it is let go. */
function held(operation: string) {
  const entered = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const wrapped: Operation = async (tx, payload, taken) => {
    const outcome = await OPERATIONS[operation]?.(tx, payload, taken);
    entered.resolve();
    await letGo.promise;
    return outcome ?? { kind: 'pending' };
  };
  return {
    operations: { ...OPERATIONS, [operation]: wrapped },
    entered: entered.promise,
    letGo: () => letGo.resolve(),
  };
}

test('P1: the same command, again and at the same time, is done once and answered the same', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, (_, attempt) => send('do', { attempt: attempt + 1 })));
  expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ kind: 'applied', output: { place: 'hotel 1' } })]),
  );
  expect(await trips.effects(sagaId)).toEqual(['do hotel']);
  const undone = await Promise.all(Array.from({ length: 8 }, () => send('undo')));
  expect(undone).toEqual(undone.map(() => ({ kind: 'applied', output: {} })));
  expect(await trips.effects(sagaId)).toEqual(['do hotel', 'undo hotel']);
});

test('P1: names of a payload may come in another order', async () => {
  await send('do');
  const payload = { outputs: {}, input: { guest: { age: 40, name: 'alice' }, nights: 2 } };
  expect(await send('do', { payload })).toMatchObject({ kind: 'applied' });
});

test('P2, P3: an undo of what never came does nothing and blocks it', async () => {
  expect(await send('undo')).toEqual({ kind: 'applied', output: {} });
  expect(await send('do')).toEqual({ kind: 'too_late' });
  expect(await send('undo')).toEqual({ kind: 'applied', output: {} });
  expect(await trips.effects(sagaId)).toEqual([]);
});

test('P2, P3: do and undo that race end with nothing done, whoever is first', async () => {
  for (let round = 0; round < 20; round += 1) {
    sagaId = newId(0);
    await Promise.all(round % 2 === 0 ? [send('do'), send('undo')] : [send('undo'), send('do')]);
    const effects = await trips.effects(sagaId);
    expect([[], ['do hotel', 'undo hotel']]).toContainEqual(effects);
  }
});

test('P4: an undo waits for the do that is under way, and then undoes it', async () => {
  const { operations, entered, letGo } = held('reserve');
  const doing = participate(trips.db, command('do'), operations);
  await entered;
  const undoing = runParticipant(trips.db, command('undo'), { operations, nowMs: Date.now(), lockTimeoutMs: 20_000 });
  await waiting();
  letGo();
  expect(await doing).toMatchObject({ kind: 'applied' });
  expect(await undoing).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel', 'undo hotel']);
});

test('P4: it waits no longer than the lock timeout, and then nobody knows', async () => {
  const { operations, entered, letGo } = held('reserve');
  const doing = participate(trips.db, command('do'), operations);
  await entered;
  expect(await send('undo')).toEqual({ kind: 'unknown', detail: 'others are at it' });
  letGo();
  await doing;
  expect(await send('undo')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel', 'undo hotel']);
});

async function waiting(): Promise<void> {
  await eventually(async () => {
    const rows = await trips.db.query(sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%saga_barrier%'`);
    return rows.length > 0;
  });
}

test('P5: what was committed and not answered is answered when it is asked again', async () => {
  await trips.stock('hotel', 1);
  await send('do');
  expect(await send('do', { attempt: 2 })).toEqual({ kind: 'applied', output: { place: 'hotel 1' } });
});

test('P5: what failed before its commit left nothing, and is done when it is asked again', async () => {
  const broken: Operation = async (tx, payload, taken) => {
    await OPERATIONS['reserve']?.(tx, payload, taken);
    throw new Error('a crash');
  };
  expect(await participate(trips.db, command('do'), { ...OPERATIONS, reserve: broken })).toMatchObject({
    kind: 'unknown',
  });
  expect(await trips.effects(sagaId)).toEqual([]);
  expect(await send('do', { attempt: 2 })).toMatchObject({ kind: 'applied' });
});

test('P6: a rejection is remembered, without what was written before it, and undone by nothing', async () => {
  await trips.stock('hotel', 0);
  expect(await send('do')).toMatchObject({ kind: 'rejected', code: 'sold-out' });
  await trips.stock('hotel', 5);
  expect(await send('do', { attempt: 2 })).toMatchObject({ kind: 'rejected', code: 'sold-out' });
  expect(await send('undo')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual([]);
});

test('P7: another payload under the same name is refused, logged, and changes nothing', async () => {
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  await send('do');
  const other = command('do', { payload: { input: { nights: 3 }, outputs: {} } });
  const outcome = await runParticipant(trips.db, other, { operations: OPERATIONS, nowMs: Date.now(), logger });
  expect(outcome).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('idempotency mismatch') });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', sagaId, branch: 'hotel' }]);
  expect(await send('do')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel']);
});

test('P8: what has begun goes on when it is asked again, keeps what it wrote, and can be undone', async () => {
  let asked = 0;
  const slow: Operation = async (tx, payload, taken) => {
    asked += 1;
    if (asked === 1) await OPERATIONS['reserve']?.(tx, payload, taken);
    return { kind: 'pending' };
  };
  const operations = { ...OPERATIONS, reserve: slow };
  expect(await participate(trips.db, command('do'), operations)).toEqual({ kind: 'pending' });
  expect(await participate(trips.db, command('do', { attempt: 2 }), operations)).toEqual({ kind: 'pending' });
  expect(asked).toBe(2);
  expect(await send('undo')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel', 'undo hotel']);
  expect(await participate(trips.db, command('do', { attempt: 3 }), operations)).toEqual({ kind: 'too_late' });
  expect(asked).toBe(2);
});

test('of several commands in one transaction the one that fails is taken back alone', async () => {
  const moody: Operation = async (tx, payload, taken) => {
    await OPERATIONS['reserve']?.(tx, payload, taken);
    if (taken.branch === 'car') await tx.execute(sql`insert into stock (place, free) values ('car', -1)`);
    return { kind: 'applied', output: {} };
  };
  const options = { operations: { reserve: moody }, nowMs: Date.now() };
  const outcomes = await trips.db.transaction(async (tx) => {
    const taken: Outcome[] = [];
    for (const branch of ['flight', 'car', 'hotel'])
      taken.push(await takeCommand(tx, command('do', { branch }), options));
    return taken;
  });
  expect(outcomes.map(({ kind }) => kind)).toEqual(['applied', 'unknown', 'applied']);
  expect(await trips.effects(sagaId)).toEqual(['do flight', 'do hotel']);
  expect(await send('do', { branch: 'car' })).toMatchObject({ kind: 'applied' });
});

test('P10: what can not be undone today may be tomorrow', async () => {
  await send('do');
  const spent: Operation = async () => ({ kind: 'cannot_compensate', detail: 'It is spent.' });
  const operations = { ...OPERATIONS, release: spent };
  expect(await participate(trips.db, command('undo'), operations)).toMatchObject({ kind: 'cannot_compensate' });
  expect(await send('undo')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel', 'undo hotel']);
});

test('P11: a command of a saga that is older than the memory of participants is not run', async () => {
  sagaId = uuidInBucket(0, Date.now() - SAGA_AGE_MS_MAX - 1_000, new Uint8Array(9));
  expect(await send('do')).toEqual(TOO_OLD);
  expect(await send('undo')).toEqual(TOO_OLD);
  expect(await trips.effects(sagaId)).toEqual([]);
});

test('P11: records are forgotten when they are a day older than that, so many at a time', async () => {
  await trips.db.execute(sql`delete from saga_barrier`);
  for (let count = 0; count < 3; count += 1) await send('do', { sagaId: newId(0) });
  await trips.db.execute(sql`update saga_barrier set created_at = now() - interval '8 days 1 minute'`);
  await send('do');
  expect(await purgeBarrier(trips.db, 2)).toBe(2);
  expect(await purgeBarrier(trips.db, 2)).toBe(1);
  expect(await send('do')).toMatchObject({ kind: 'applied' });
  expect(await trips.effects(sagaId)).toEqual(['do hotel']);
});

test('an operation that is not known here is unknown, and blocks nothing', async () => {
  expect(await send('do', { operation: 'reserve-two' })).toMatchObject({ kind: 'unknown' });
  expect(await send('do', { operation: 'constructor' })).toMatchObject({ kind: 'unknown' });
  expect(await send('do')).toMatchObject({ kind: 'applied' });
});

test('what an operation does with its transaction after a failed statement is unknown, and nothing of it stays', async () => {
  const swallowing: Operation = async (tx, payload, taken) => {
    await OPERATIONS['reserve']?.(tx, payload, taken);
    await tx.execute(sql`insert into stock (place, free) values ('hotel', -1)`).catch(() => 0);
    return { kind: 'applied', output: {} };
  };
  const outcome = await participate(trips.db, command('do'), { ...OPERATIONS, reserve: swallowing });
  expect(outcome).toMatchObject({ kind: 'unknown' });
  expect(await trips.effects(sagaId)).toEqual([]);
});
