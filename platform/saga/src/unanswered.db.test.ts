import type { ServerResponse } from 'node:http';
import { inProcessCalls } from '@florin/http';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { overHttp } from './http-transport.ts';
import { local } from './local-transport.ts';
import type { Outcome, SagaCommand } from './outcome.ts';
import {
  eventually,
  openTrips,
  participate,
  patiently,
  RETRY,
  start,
  TRIP,
  type Trips,
  transports,
  tripWith,
  until,
} from './testing/trips.ts';
import type { DirectTransport } from './transport.ts';

let trips: Trips;
beforeAll(async () => {
  trips = await openTrips();
});
afterEach(() => trips.empty());
afterAll(() => trips.close());

/** Does what it is asked, and its answer is lost as long as it is told so. */
function lossy(isLost: (command: SagaCommand) => boolean): DirectTransport {
  return local(async (command) => {
    const outcome = await participate(trips.db, command);
    if (isLost(command)) throw new Error('the answer was lost');
    return outcome;
  });
}

function overEverything(transport: DirectTransport) {
  return transports(trips.db, Object.fromEntries(TRIP.steps.map((step) => [step.participant, transport])));
}

/** With so few attempts at one step. */
function givingUp(branch: string, attemptsMax: number, more = {}) {
  return tripWith(more, { [branch]: { retry: { ...RETRY, attemptsMax, answerMs: 500 } } });
}

type Answer = (response: ServerResponse) => void;

const JSON_TYPE = { 'content-type': 'application/json' };
const WRONG: readonly (readonly [string, Answer])[] = [
  [
    'a page of HTML',
    (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>'),
  ],
  [
    'a page of HTML that says it is well',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  ],
  ['not found', (response) => response.writeHead(404, JSON_TYPE).end('{"code":"not-found"}')],
  ['not allowed', (response) => response.writeHead(401, JSON_TYPE).end('{"code":"unauthenticated"}')],
  ['a refusal of the shape', (response) => response.writeHead(400, JSON_TYPE).end('{"outcome":{"kind":"rejected"}}')],
  ['broken JSON', (response) => response.writeHead(200, JSON_TYPE).end('{"outcome":')],
  ['another word', (response) => response.writeHead(200, JSON_TYPE).end('{"outcome":{"kind":"refused"}}')],
  [
    'a rejection without a code',
    (response) => response.writeHead(200, JSON_TYPE).end('{"outcome":{"kind":"rejected"}}'),
  ],
  ['no outcome', (response) => response.writeHead(200, JSON_TYPE).end('[]')],
  ['nothing', (response) => response.writeHead(204).end()],
  ['a redirect', (response) => response.writeHead(302, { location: '/elsewhere' }).end()],
];

test.each(WRONG)('O5: %s is no answer: it is asked again, and nothing of business failed', async (_what, answer) => {
  let asked = 0;
  const calls = inProcessCalls(() => new Map([['transactions', { handle: (_request, response) => answer(response) }]]));
  const wrong = overHttp({ calls, service: 'transactions', token: () => 'secret' });
  const hotel: DirectTransport = (command, options) => {
    asked += 1;
    return asked <= 2 ? wrong(command, options) : participate(trips.db, command);
  };
  const runner = await trips.run({ transports: transports(trips.db, { hotel }) });
  const id = await start(trips.db, runner);
  expect(await until(runner, id)).toMatchObject({ status: 'completed', failure: null });
  expect(asked).toBe(3);
});

test('O5: no answer at all is unknown when its time is over, and a late one is not waited for', async () => {
  const never = new Promise<Outcome>(() => {});
  let asked = 0;
  const hotel: DirectTransport = (command) => {
    asked += 1;
    return asked === 1 ? never : participate(trips.db, command);
  };
  const definition = patiently({ answerMs: 2_000 });
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { hotel }) });
  const id = await start(trips.db, runner, definition);
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  const unknown = (await runner.timeline(id)).filter(
    (event) => event.kind === 'answered' && event.outcome.kind === 'unknown',
  );
  expect(unknown[0]).toMatchObject({
    branch: 'hotel',
    outcome: { detail: expect.stringMatching(/^no answer within/) },
  });
});

test('O6: what refuses every command is asked ever more rarely, people are asked, and it ends when it is mended', async () => {
  let isMended = false;
  let asked = 0;
  const calls = inProcessCalls(
    () => new Map([['transactions', { handle: (_request, response) => void response.writeHead(401).end() }]]),
  );
  const refused = overHttp({ calls, service: 'transactions', token: () => 'expired' });
  const tickets: DirectTransport = (command, options) => {
    asked += 1;
    return isMended ? participate(trips.db, command) : refused(command, options);
  };
  const definition = givingUp('tickets', 6);
  const runner = await trips.run({
    definitions: [definition],
    transports: transports(trips.db, { tickets }),
    limits: { breakerFailures: 3, breakerPauseMs: 3_600_000, breakerPauseMsMax: 3_600_000 },
  });
  const id = await start(trips.db, runner, definition);
  const saga = await until(runner, id, ({ failures }) => failures >= 10);
  expect(saga).toMatchObject({
    status: 'needs_attention',
    direction: 'forward',
    attention: expect.stringContaining('tickets'),
  });
  // The breaker is open: after three nothing was sent, and the pauses went on growing.
  expect(asked).toBe(3);
  isMended = true;
  const approval = { by: 'tessa', approvedBy: 'sam', reason: 'sent by hand', evidence: 'letter 7' };
  // The attention is that of the third failure, however often it was tried since.
  const input = { kind: 'resolve', attentionSeq: saga.attentionSeq ?? 0, ...approval } as const;
  expect(await runner.act(id, input)).toMatchObject({ ok: true, value: { status: 'completed' } });
});

test('O7: attempts used up before the pivot: it turns back, and undoes the step nobody knows of', async () => {
  const definition = givingUp('hotel', 2);
  const hotel = lossy((command) => command.op === 'do');
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { hotel }) });
  const id = await start(trips.db, runner, definition);
  expect(await until(runner, id)).toMatchObject({ status: 'compensated', failure: { code: 'no-answer' } });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
  const sent = (await runner.timeline(id))
    .filter((event) => event.kind === 'sent')
    .map(({ op, branch }) => `${op} ${branch}`);
  expect(sent).toEqual(['do flight', 'do prices', 'do hotel', 'do hotel', 'undo hotel', 'undo flight']);
});

test.each(['payment', 'tickets'])(
  'O8: attempts used up at %s: it is never undone, people are asked, and it goes on',
  async (branch) => {
    let isAway = true;
    const transport = lossy((command) => isAway && command.branch === branch);
    const definition = givingUp(branch, 2);
    const runner = await trips.run({ definitions: [definition], transports: overEverything(transport) });
    const id = await start(trips.db, runner, definition);
    const stuck = await until(runner, id, ({ failures }) => failures > 4);
    expect(stuck).toMatchObject({ status: 'needs_attention', direction: 'forward' });
    isAway = false;
    expect(await until(runner, id)).toMatchObject({ status: 'completed', attention: null });
    expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'do payment', 'do tickets']);
  },
);

test('T1: its time is over before the pivot: it turns back', async () => {
  const definition = patiently({ attemptsMax: 1_000 }, { deadlineMs: 300 });
  const hotel = lossy(({ op }) => op === 'do');
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { hotel }) });
  const id = await start(trips.db, runner, definition);
  expect(await until(runner, id)).toMatchObject({ status: 'compensated', failure: { code: 'deadline-passed' } });
  expect(await trips.effects(id)).toEqual(['do flight', 'do hotel', 'undo hotel', 'undo flight']);
});

test('T1: its time is over after the pivot: it goes on', async () => {
  const definition = patiently({ attemptsMax: 1_000 }, { deadlineMs: 3_000 });
  let isAway = true;
  const tickets = lossy(() => isAway);
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { tickets }) });
  const id = await start(trips.db, runner, definition);
  await until(runner, id, (saga) => saga.outputs['payment'] !== undefined);
  const { deadlineAtMs, direction } = await until(runner, id, (saga) => runner.nowMs() > saga.deadlineAtMs);
  expect(direction).toBe('forward');
  isAway = false;
  expect(await until(runner, id)).toMatchObject({ status: 'completed' });
  expect(runner.nowMs()).toBeGreaterThan(deadlineAtMs);
});

test('T2: a step that arrives after it was called off is too late, and nothing of it happens', async () => {
  const late = Promise.withResolvers<void>();
  const stragglers: Promise<Outcome>[] = [];
  const hotel: DirectTransport = (command) => {
    if (command.op === 'undo') return participate(trips.db, command);
    stragglers.push(late.promise.then(() => participate(trips.db, command)));
    return Promise.reject(new Error('the network is slow'));
  };
  const definition = givingUp('hotel', 2);
  const runner = await trips.run({ definitions: [definition], transports: transports(trips.db, { hotel }) });
  const id = await start(trips.db, runner, definition);
  expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
  late.resolve();
  expect(await Promise.all(stragglers)).toEqual([{ kind: 'too_late' }, { kind: 'too_late' }]);
  expect(await trips.effects(id)).toEqual(['do flight', 'undo flight']);
  expect(await until(runner, id)).toMatchObject({ status: 'compensated' });
});

test('T4: what was reserved has lapsed by the time it is paid: a rejection like any other', async () => {
  const payment = local(async () => ({ kind: 'rejected', code: 'hold-expired', detail: 'The hold has lapsed.' }));
  const runner = await trips.run({ transports: transports(trips.db, { payment }) });
  const id = await start(trips.db, runner);
  expect(await until(runner, id)).toMatchObject({ status: 'compensated', failure: { code: 'hold-expired' } });
});

test('T6: a participant that is away for long is not stormed, and all ends when it is back', async () => {
  let isAway = true;
  let asked = 0;
  const hotel: DirectTransport = (command) => {
    if (!isAway) return participate(trips.db, command);
    asked += 1;
    return Promise.reject(new Error('away'));
  };
  const definition = patiently({ attemptsMax: 10_000 });
  const runner = await trips.run({
    definitions: [definition],
    transports: transports(trips.db, { hotel }),
    limits: { breakerFailures: 5, breakerPauseMs: 100, breakerPauseMsMax: 200, commandsPerParticipantMax: 5 },
  });
  const ids = await Promise.all(Array.from({ length: 25 }, () => start(trips.db, runner, definition)));
  await eventually(async () => {
    const sagas = await Promise.all(ids.map((id) => runner.find(id)));
    return sagas.every((found) => found !== undefined && found.saga.failures >= 8);
  });
  // Two hundred attempts and more: five and those of one lane reach it, then one each time the breaker looks.
  expect(asked).toBeLessThan(100);
  isAway = false;
  for (const id of ids) expect(await until(runner, id)).toMatchObject({ status: 'completed' });
});
