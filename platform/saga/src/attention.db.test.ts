import { createLogger, createMetrics } from '@florin/observability';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { StaffInput } from './decide.ts';
import type { SagaDefinition } from './definition.ts';
import { local } from './local-transport.ts';
import type { Outcome, SagaCommand } from './outcome.ts';
import type { SagaRunner } from './runner.ts';
import {
  openTrips,
  participate,
  RETRY,
  start,
  TRIP,
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

const APPROVAL = { by: 'tessa', approvedBy: 'sam', reason: 'seen to', evidence: 'letter 7' } as const;
const SPENT: Outcome = { kind: 'cannot_compensate', detail: 'It is spent.' };

/** What people say about what a saga asks them now. */
async function said(runner: SagaRunner, id: string, kind: StaffInput['kind']): Promise<StaffInput> {
  return { kind, attentionSeq: (await runner.find(id))?.saga.attentionSeq ?? 0, ...APPROVAL };
}

/** Undoing the hotel does not succeed until it is mended. */
async function withStuckHotel(definition: SagaDefinition, stuck: (command: SagaCommand) => Promise<Outcome>) {
  let isMended = false;
  const hotel = local((command) =>
    command.op === 'undo' && !isMended ? stuck(command) : participate(trips.db, command),
  );
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { hotel }) });
  await trips.stock('payment', 0);
  const id = await start(trips.db, runner, definition);
  return {
    runner,
    id,
    mend() {
      isMended = true;
    },
  };
}

const UNDONE = ['do flight', 'do hotel', 'undo hotel', 'undo flight'];

describe('P10: what can not be undone', () => {
  test('in order: people are asked, and what came before it stays as it is until they said', async () => {
    const { runner, id, mend } = await withStuckHotel(TRIP, async () => SPENT);
    expect(await until(runner, id)).toMatchObject({
      status: 'needs_attention',
      direction: 'backward',
      attention: 'hotel can not be undone: It is spent.',
    });
    expect(await trips.effects(id)).toEqual(['do flight', 'do hotel']);
    mend();
    await runner.act(id, await said(runner, id, 'retry'));
    expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
    expect(await trips.effects(id)).toEqual(UNDONE);
  });

  test('independent: the others are undone, and it is left to people', async () => {
    const { runner, id, mend } = await withStuckHotel({ ...TRIP, compensation: 'independent' }, async () => SPENT);
    const left = await until(runner, id);
    expect(left).toMatchObject({ status: 'needs_attention', uncompensated: ['hotel'], undone: ['flight'] });
    expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo flight']);
    mend();
    await runner.act(id, await said(runner, id, 'retry'));
    expect(await until(runner, id)).toMatchObject({ status: 'compensated', uncompensated: [] });
  });

  test('people have seen to it by hand: it counts as undone, and the log says who said so', async () => {
    const { runner, id } = await withStuckHotel(TRIP, async () => SPENT);
    await until(runner, id);
    await runner.act(id, await said(runner, id, 'resolve'));
    expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
    expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo flight']);
    const saidSo = (await runner.timeline(id)).filter((event) => event.kind === 'resolved');
    expect(saidSo).toMatchObject([{ branch: 'hotel', ...APPROVAL }]);
  });
});

test('C3: an undoing that fails and fails is tried on, people are asked meanwhile, and it ends when it is mended', async () => {
  const definition = tripWith({}, { hotel: { retry: { ...RETRY, attemptsMax: 3 } } });
  const { runner, id, mend } = await withStuckHotel(definition, () => Promise.reject(new Error('unwell')));
  const asked = await until(runner, id, ({ failures }) => failures > 4);
  expect(asked).toMatchObject({ status: 'needs_attention', direction: 'backward' });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel']);
  mend();
  expect(await until(runner, id)).toMatchObject({ status: 'compensated', attention: null });
  expect(await trips.effects(id)).toEqual(UNDONE);
});

describe('people', () => {
  async function act(runner: SagaRunner, id: string) {
    return (await runner.act(id, await said(runner, id, 'retry'))).ok;
  }

  test('can do nothing to a saga that needs none', async () => {
    const runner = await trips.run();
    const id = await start(trips.db, runner);
    await until(runner, id);
    expect(await runner.act(id, await said(runner, id, 'retry'))).toMatchObject({ failure: { code: 'already-final' } });
    const nowhere = '0198a000-0000-7012-8000-00000000000f';
    expect(await runner.act(nowhere, await said(runner, id, 'resolve'))).toMatchObject({
      failure: { code: 'saga-not-found' },
    });
  });

  test('are two', async () => {
    const { runner, id } = await withStuckHotel(TRIP, async () => SPENT);
    await until(runner, id);
    const alone = { ...(await said(runner, id, 'retry')), approvedBy: 'tessa' };
    await expect(runner.act(id, alone)).rejects.toThrow('second person');
  });

  test('who press at the same moment count once', async () => {
    const { runner, id } = await withStuckHotel(TRIP, async () => SPENT);
    await until(runner, id);
    const input = await said(runner, id, 'resolve');
    const answers = await Promise.all(Array.from({ length: 4 }, () => runner.act(id, input)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
    expect(await act(runner, id)).toBe(false);
  });
});

test('the console finds sagas by status and type, newest first, page by page', async () => {
  const runner = await trips.run();
  const before = (await runner.list({ type: 'trip', limit: 100 })).data.length;
  const ids: string[] = [];
  for (let count = 0; count < 5; count += 1) ids.push(await start(trips.db, runner));
  for (const id of ids) await until(runner, id);
  const first = await runner.list({ status: 'completed', type: 'trip', limit: 2 });
  const second = await runner.list({ status: 'completed', type: 'trip', limit: 2, cursor: first.nextCursor ?? '' });
  expect([...first.data, ...second.data].map(({ saga }) => saga.id)).toEqual(ids.toReversed().slice(0, 4));
  expect(first.data[0]).toMatchObject({ subject: 'trip to the sea', holder: runner.holder, nextRunAt: null });
  const all = await runner.list({ type: 'trip', limit: 100 });
  expect([all.data.length, all.nextCursor]).toEqual([before + 5, null]);
  expect((await runner.list({ type: 'no-such', limit: 10 })).data).toEqual([]);
});

test('what an operator sees: open sagas, their age, commands, what needs attention, transitions by commit', async () => {
  const metrics = createMetrics({ service: 'test' });
  const lines: string[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const { runner: first, id } = await withStuckHotel(TRIP, async () => SPENT);
  await until(first, id);
  await trips.stock('payment', 100);
  const runner = await trips.run({ metrics, logger });
  await until(runner, await start(trips.db, runner));
  await runner.drain();
  const page = await metrics.registry.metrics();
  expect(page).toMatch(/florin_sagas_open\{type="trip",status="needs_attention",service="test"\} [1-9]/);
  expect(page).toMatch(/florin_saga_oldest_seconds\{type="trip",service="test"\} \d/);
  expect(page).toMatch(/florin_saga_commands_total\{participant="hotel",outcome="applied",service="test"\} 1/);
  expect(page).toMatch(/florin_sagas_ended_total\{type="trip",status="completed",service="test"\} 1/);
  expect(page).toMatch(/florin_saga_group_size_count\{service="test"\} 5/);
});
