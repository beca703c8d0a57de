import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { runCoordination } from './coordination-load.ts';
import {
  type CountedSample,
  inDoubtTable,
  resumeTable,
  summariseWays,
  waysTable,
  whichToUse,
} from './coordination-report.ts';
import { FinalWatch } from './final-watch.ts';
import { summariseDoubts } from './in-doubt.ts';
import { requestsOf, shardOf, type Way } from './traffic.ts';

const FIRST = ['00000000-0000-7000-8000-000000000000', '00000000-0000-707f-8000-000000000000'];
const SECOND = ['00000000-0000-7080-8000-000000000000', '00000000-0000-70ff-8000-000000000000'];
const callers = [
  { token: 'first', accountIds: FIRST },
  { token: 'second', accountIds: SECOND },
];

it('takes buckets below the half for the first shard', () => {
  expect([...FIRST, ...SECOND].map(shardOf)).toEqual([0, 0, 1, 1]);
});

it.each([
  ['local', 201, true],
  ['saga', 202, false],
  ['choreographed', 202, false],
  ['two-phase', 201, false],
] as const)(
  'sends %s transfers between the right shards and asks for what is no default',
  (way, accepted, isWithin) => {
    const source = requestsOf({ kind: 'coordinated', way, callers }, 7);
    const payers = new Set<number>();
    for (let count = 0; count < 100; count += 1) {
      const request = source.next();
      const body = JSON.parse(request.slice(request.indexOf('\r\n\r\n')));
      expect(body.toAccountId).not.toBe(body.fromAccountId);
      expect(shardOf(body.fromAccountId) === shardOf(body.toAccountId)).toBe(isWithin);
      expect(request.includes('idempotency-key: choreographed-')).toBe(way === 'choreographed');
      expect(body.coordination).toBe(way === 'two-phase' ? 'two-phase' : undefined);
      payers.add(shardOf(body.fromAccountId));
    }
    expect(payers.size).toBe(2);
    expect([201, 202, 409].map((status) => source.worth(status, Buffer.alloc(0)))).toEqual(
      [201, 202, 409].map((status) => (status === accepted ? 1 : 0)),
    );
  },
);

function sample(rate: number, more: Partial<CountedSample> = {}): CountedSample {
  const times = { p50Ms: 1000 / rate, p99Ms: 5000 / rate, lockedMs: 100 / rate, onTheWayMs: Number.NaN };
  const counts = { completed: 100, looks: 0, commits: 250, messages: 150 };
  return { rate, ...times, ...counts, failures: {}, refusals: [], ...more };
}

it('holds medians against local, and divides what was counted by all transfers of the same round', () => {
  const results = summariseWays(
    new Map<Way, CountedSample[]>([
      ['local', [sample(100), sample(1000), sample(200)]],
      ['choreographed', [sample(10, { onTheWayMs: 40 }), sample(25, { onTheWayMs: 60 })]],
      ['saga', [sample(50, { completed: 50 }), sample(80), sample(20, { completed: 25 })]],
      ['two-phase', [sample(40, { refusals: ['1 x 503'] })]],
    ]),
  );
  expect(waysTable(results).split('\n').slice(2)).toEqual([
    '| local | 200 | 100 to 1000 | 1.00x | 5.0 | 25.0 | the answer | 2.50 | 1.50 | 0.5 |  |  |',
    '| choreographed | 18 | 10 to 25 | 0.09x | 70.0 | 350.0 | looks for it | 2.50 | 1.50 | 7.0 | 50.0 |  |',
    '| saga | 50 | 20 to 80 | 0.25x | 20.0 | 100.0 | looks for it | 5.00 | 3.00 | 2.0 |  |  |',
    '| two-phase | 40 | 40 to 40 | 0.20x | 25.0 | 125.0 | the answer | 2.50 | 1.50 | 2.5 |  | 1 x 503 |',
  ]);
});

it('says when to use which with what was measured', () => {
  const results = summariseWays(
    new Map<Way, CountedSample[]>([
      ['local', [sample(100)]],
      ['saga', [sample(50, { commits: 200 })]],
      ['two-phase', [sample(20, { commits: 900 })]],
    ]),
  );
  const said = whichToUse(results).replaceAll('\n', ' ');
  expect(said).toContain('2.5 times as many a second as `two-phase`');
  expect(said).toContain('locked for 2.0 ms in all instead of 5.0 ms');
  expect(said).toContain('for 4.5 times the commits');
});

it('says so when a goal is missed', () => {
  const measured = (saga: number) =>
    new Map<Way, CountedSample[]>([
      ['local', [sample(100)]],
      ['saga', [sample(saga)]],
    ]);
  const remarksOf = (saga: number) => summariseWays(measured(saga)).find(({ way }) => way === 'saga')?.remarks;
  expect(remarksOf(20)).toEqual([]);
  expect(remarksOf(19)).toEqual(['below the goal of 0.2x']);
  const resumed = resumeTable({ takenOver: { open: 7, afterKillS: 10.4 }, restarted: { open: 9, afterReadyS: 6 } });
  expect(resumed.split('\n').slice(2)).toEqual([
    '| beside a second one | 7 | 10.4 s after the kill | 10 s | above the goal |',
    '| and started again | 9 | 6.0 s after it answers again | 10 s |  |',
  ]);
});

it('holds each doubt against the calm on its two sides, and tells what those got who wanted the account', () => {
  const sampleOf = (p99Ms: number, statuses = {}) => ({ rate: 1000 / p99Ms, p99Ms, statuses, refusals: [] });
  const told = { answers: { '409 account-busy Retry-After 1': 5 }, afterwards: '201' };
  const linesOf = (...given: Parameters<typeof summariseDoubts>) =>
    inDoubtTable({ ...summariseDoubts(...given), ...told })
      .split('\n')
      .slice(2);
  // The machine becomes slower all the while; the doubts are 1.2 and 1.6 times what is around them.
  const calms = [10, 20, 40].map((p99Ms) => sampleOf(p99Ms, { 201: 9 }));
  expect(linesOf(calms, [sampleOf(18), sampleOf(48)])).toEqual([
    '| p99 ms | 20.0 | 33.0 | 1.40x | 2x | 5 x 409 account-busy Retry-After 1 | 201 |  |',
    '| transfers/s | 50 | 38 | 0.65x |  |  |  |  |',
  ]);
  const [missed] = linesOf([sampleOf(10), sampleOf(10)], [sampleOf(20.1, { 201: 9, 503: 1 })]);
  expect(missed).toContain('| others were answered 503; above the goal |');
});

it('tells how sagas ended, asks about those that wait only, and gives up on what does not end', async () => {
  let now = 0;
  const watch = new FinalWatch(() => now);
  await watch.look(
    () => true,
    () => Promise.reject(new Error('nothing waits')),
  );
  const ends = ['a', 'b', 'c'].map((id) => watch.endOf(id));
  await watch.look(
    (id) => id !== 'b',
    async (ids) => {
      expect(ids).toEqual(['a', 'c']);
      return [{ id: 'a', status: 'compensated' }];
    },
  );
  now = 30_001;
  await watch.look(
    () => true,
    async () => [{ id: 'b', status: 'completed' }],
  );
  expect(await Promise.all(ends)).toEqual(['compensated', 'completed', 'unfinished']);
  expect(watch.looks).toBe(2);
});

it('counts a saga when it has ended, and has its client wait for it', async () => {
  let accepted = 0;
  const server = createServer((request, response) => {
    accepted += 1;
    const body = `{"id":"00000000-0000-7000-8000-${String(accepted).padStart(12, '0')}"}`;
    request.resume();
    response.writeHead(202, { 'content-length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const watch = new FinalWatch(() => performance.now());
  const job = {
    port,
    way: 'saga',
    callers,
    connections: 1,
    warmUpMs: 0,
    durationMs: 200,
    seed: 1,
    shardUrls: [],
  } as const;
  const running = runCoordination(job, watch);
  let ended = 0;
  const looking = setInterval(() => {
    void watch.look(
      () => true,
      async (ids) => {
        expect(ids.length).toBe(1);
        ended += 1;
        return ids.map((id) => ({ id, status: ended === 1 ? 'needs_attention' : 'completed' }) as const);
      },
    );
  }, 5);
  const measured = await running;
  clearInterval(looking);
  server.close();
  expect(measured.failures).toEqual({ needs_attention: 1 });
  expect(measured.completed).toBe(accepted - 1);
  expect(ended).toBe(accepted);
});
