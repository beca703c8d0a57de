import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { runCoordination } from './coordination-load.ts';
import { type CountedSample, coordinationTable, summariseWays } from './coordination-report.ts';
import { FinalWatch } from './final-watch.ts';
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
  const common = { p50Ms: 1000 / rate, p99Ms: 5000 / rate, completed: 100, looks: 0, failures: {}, refusals: [] };
  return { rate, ...common, commits: 250, outboxRows: 150, ...more };
}

it('holds medians against local, and divides what was counted by all transfers of the same round', () => {
  const results = summariseWays(
    new Map<Way, CountedSample[]>([
      ['local', [sample(100), sample(1000), sample(200)]],
      ['saga', [sample(50, { completed: 50 }), sample(80), sample(20, { completed: 25 })]],
      ['two-phase', [sample(40, { refusals: ['1 x 503'] })]],
    ]),
  );
  expect(coordinationTable(results).split('\n').slice(2)).toEqual([
    '| local | 200 | 1.00x | 5.0 | 25.0 | 2.50 | 1.50 |  |',
    '| saga | 50 | 0.25x | 20.0 | 100.0 | 5.00 | 3.00 |  |',
    '| two-phase | 40 | 0.20x | 25.0 | 125.0 | 2.50 | 1.50 | 1 x 503 |',
  ]);
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
