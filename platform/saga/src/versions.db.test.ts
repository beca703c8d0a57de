import { createLogger, createMetrics } from '@florin/observability';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { local } from './local-transport.ts';
import type { Outcome } from './outcome.ts';
import {
  eventually,
  openTrips,
  PARTICIPANTS,
  participate,
  patiently,
  start,
  type Trips,
  transports,
  tripWith,
  until,
} from './testing/trips.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

const V1 = patiently({ answerMs: 300, attemptsMax: 1_000 });
/** The next version pays before it looks for a room. */
const V2 = {
  ...V1,
  version: 2,
  steps: [0, 1, 3, 4].flatMap((index) => V1.steps[index] ?? []),
};

test('V1: each saga is run by the version it began with, side by side', async () => {
  const letGo = Promise.withResolvers<void>();
  const prices = local(async (command) => {
    await letGo.promise;
    return participate(trips.db, command);
  });
  const old = await trips.run({ definitions: [V1], transports: transports(trips.db, { prices }) });
  const first = await start(trips.db, old, V1);
  await until(old, first, (saga) => saga.stepIndex === 1);
  const both = await trips.run({ definitions: [V1, V2] });
  const second = await start(trips.db, both, V2);
  expect(await until(both, second)).toMatchObject({ status: 'completed', definitionVersion: 2 });
  letGo.resolve();
  expect(await until(both, first)).toMatchObject({ status: 'completed', definitionVersion: 1 });
  expect(await trips.effects(first)).toEqual(['do flight', 'do hotel', 'do payment', 'do tickets']);
  expect(await trips.effects(second)).toEqual(['do flight', 'do payment', 'do tickets']);
});

test('V1: a version whose sagas are open can not be left out', async () => {
  const stuck = new Promise<Outcome>(() => {});
  const limits = { drainMs: 1 };
  const old = await trips.run({ definitions: [V1], transports: transports(trips.db, { hotel: () => stuck }), limits });
  const id = await start(trips.db, old, V1);
  await until(old, id, (saga) => saga.stepIndex === 2);
  await expect(trips.run({ definitions: [V2] })).rejects.toMatchObject({
    code: 'saga-definition-missing',
    message: expect.stringContaining('trip@1 (1)'),
  });
  const both = await trips.run({ definitions: [V1, V2] });
  await old.close();
  expect(await until(both, id)).toMatchObject({ status: 'completed' });
  await trips.run({ definitions: [V2] });
});

test('V2: on the way back to the old version, sagas of the new one are left alone, and somebody is told', async () => {
  const stuck = new Promise<Outcome>(() => {});
  const limits = { drainMs: 1 };
  const next = await trips.run({
    definitions: [V1, V2],
    transports: transports(trips.db, { payment: () => stuck }),
    limits,
  });
  const id = await start(trips.db, next, V2);
  await until(next, id, (saga) => saga.stepIndex === 2);
  await next.close();
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics({ service: 'test' });
  const old = await trips.run({ definitions: [V1], tolerateUnknownVersions: true, logger, metrics });
  await eventually(() => lines.some((line) => line.includes('"unknown":["trip@2 (1)"]')));
  expect(await metrics.registry.metrics()).toContain('florin_sagas_without_definition{service="test"} 1');
  const before = await old.find(id);
  const own = await start(trips.db, old, V1);
  expect(await until(old, own)).toMatchObject({ status: 'completed' });
  const reply = {
    sagaId: id,
    branch: 'payment',
    op: 'do',
    attempt: 1,
    outcome: { kind: 'applied', output: {} },
  } as const;
  expect(await old.deliver(reply)).toBe('ignored');
  await expect(old.cancel(id, 'alice', 'another plan')).rejects.toMatchObject({ code: 'saga-definition-missing' });
  await eventually(() => old.nowMs() > (before?.nextRunAt?.getTime() ?? 0) + 100);
  expect(await old.find(id)).toEqual(before);
  const again = await trips.run({ definitions: [V1, V2] });
  expect(await until(again, id)).toMatchObject({ status: 'completed' });
});

test('definitions are held against the rules when a runner opens', async () => {
  const open = (definitions: readonly (typeof V1)[], ways = transports(trips.db)) =>
    trips.run({ definitions, transports: ways });
  await expect(open([V1, V1])).rejects.toMatchObject({ code: 'invalid-definition', message: 'trip@1 is there twice' });
  const wayless = Object.fromEntries(PARTICIPANTS.slice(1).map((name) => [name, async () => null]));
  await expect(open([V1], wayless)).rejects.toMatchObject({ message: 'trip@1: there is no transport to flight' });
  const twoPivots = tripWith({}, { hotel: { kind: 'pivot', undo: null } });
  await expect(open([twoPivots])).rejects.toMatchObject({ message: 'trip v1: there are two pivots' });
});
