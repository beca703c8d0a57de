import { sql } from '@florin/postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SagaDefinition } from './definition.ts';
import { local } from './local-transport.ts';
import type { Outcome } from './outcome.ts';
import type { SagaRunner } from './runner.ts';
import { beginning, commitStart, eventually, openTrips, RETRY, type Trips } from './testing/trips.ts';
import type { DirectTransport } from './transport.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

const DUE = 10_000;
const APPLIED: Outcome = { kind: 'applied', output: {} };

function letter(type: string, participant: string): SagaDefinition {
  const retry = { ...RETRY, attemptsMax: 100, firstPauseMs: 50, pauseMsMax: 500 };
  const step = { name: 'post', kind: 'retriable', participant, do: 'post', undo: null, retry } as const;
  return { type, version: 1, deadlineMs: 3_600_000, compensation: 'in-order', steps: [step] };
}

/** Sagas that nobody has looked after for long, the first of them longest; answers their ids in that order. */
async function overdue(runner: SagaRunner, definition: SagaDefinition, count: number): Promise<string[]> {
  const begun = Array.from({ length: count }, () => beginning(runner, definition));
  await commitStart(trips.db, runner, ...begun);
  const ids = begun.map(({ saga }) => saga.id);
  await trips.db.execute(sql`
    update saga set next_run_at = now() - interval '1 hour' + place * interval '1 millisecond'
    from unnest(${ids}::uuid[]) with ordinality as input (id, place) where saga.id = input.id`);
  return ids;
}

async function areOpen(type: string): Promise<boolean> {
  return (
    (await trips.db.query(sql`select from saga where type = ${type} and status <> 'completed' limit 1`)).length > 0
  );
}

test(`O10: ${DUE} overdue sagas are taken up oldest first, so many at a time, and all end`, async () => {
  const definition = letter('letter', 'post');
  // Names the sagas only; takes up nothing.
  const idle = await trips.run({
    definitions: [definition],
    transports: { post: async () => null },
    limits: { pollMs: 3_600_000 },
  });
  const ids = await overdue(idle, definition, DUE);
  let running = 0;
  let runningMost = 0;
  const order: string[] = [];
  const post = local(async (command) => {
    order.push(command.sagaId);
    running += 1;
    runningMost = Math.max(runningMost, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return APPLIED;
  });
  const limits = { commandsPerParticipantMax: 7, sagasMax: 100 };
  await trips.run({ definitions: [definition], transports: { post }, limits });
  await eventually(async () => !(await areOpen('letter')));
  expect(runningMost).toBeLessThanOrEqual(7);
  expect(new Set(order).size).toBe(DUE);
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const firstTenth = order.slice(0, DUE / 10).map((id) => placeOf.get(id) ?? DUE);
  expect(Math.max(...firstTenth)).toBeLessThan(DUE / 2);
});

test('O10: sagas that wait for one slow participant leave room for those of another', async () => {
  const slow = letter('slow-letter', 'slow');
  const quick = letter('quick-letter', 'quick');
  const stuck = Promise.withResolvers<Outcome>();
  const transports: Record<string, DirectTransport> = { slow: () => stuck.promise, quick: async () => APPLIED };
  const limits = { commandsPerParticipantMax: 4, sagasMax: 16, sagasInHandMax: 32, claimMax: 8 };
  const runner = await trips.run({ definitions: [slow, quick], transports, limits });
  await overdue(runner, slow, 200);
  await overdue(runner, quick, 50);
  await eventually(async () => !(await areOpen('quick-letter')));
  expect(await areOpen('slow-letter')).toBe(true);
  stuck.resolve(APPLIED);
  await eventually(async () => !(await areOpen('slow-letter')));
  const unsent = await trips.db.query(sql`
    select from saga where type = 'slow-letter' and (state ->> 'attempt')::integer > 2`);
  // Waiting in the database cost them no attempt.
  expect(unsent).toEqual([]);
});
