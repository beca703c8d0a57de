import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readKinds } from './history-kinds.ts';
import { measureReads, summariseReads } from './history-reads.ts';
import { historyTable } from './history-report.ts';

it('tells the middle, the slow end and the slowest of all rounds together, and what was not answered well', () => {
  const rounds = [
    { timesMs: Array.from({ length: 99 }, (_, index) => index + 1), failures: {} },
    { timesMs: [500], failures: { 503: 1 } },
  ];
  const times = summariseReads('newest page', rounds);
  expect(times).toMatchObject({ count: 100, p50Ms: 50, p99Ms: 99, maxMs: 500 });
  const row = historyTable([times, { ...times, p99Ms: 151, failures: {} }])
    .split('\n')
    .slice(2);
  expect(row).toEqual([
    '| newest page | 100 | 50.0 | 99.0 | 500.0 | 1 x 503 |',
    '| newest page | 100 | 50.0 | 151.0 | 500.0 | above the goal |',
  ]);
});

const inputs = { spread: 's', crowded: ['c1', 'c2'], lineIds: ['one', 'two'], nowMs: Date.UTC(2026, 4, 1) };

it('asks for something else with nearly every request', () => {
  const kinds = readKinds(inputs);
  expect(new Set(kinds.map((kind) => kind.name)).size).toBe(kinds.length);
  const pages = kinds.find((kind) => kind.name === 'page at any depth')?.requests.map((read) => read.path) ?? [];
  expect(new Set(pages).size).toBe(pages.length);
  for (const { path } of kinds.flatMap((kind) => kind.requests)) expect(path).not.toMatch(/undefined|NaN|\s/);
});

it('sends every request once, as the owner of the account, and counts the answers', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(seen.length === 3 ? 500 : 200, { 'content-length': 2 }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const requests = ['a', 'b', 'a', 'c', 'b'].map((accountId, index) => ({ accountId, path: `/${index}` }));
  const tokenOf = (accountId: string) => `token-${accountId}`;
  const measured = await measureReads(port, { name: '', requests }, { clients: 2, tokenOf });
  expect([measured.timesMs.length, measured.failures]).toEqual([5, { 500: 1 }]);
  expect(seen.sort()).toEqual(requests.map(({ path, accountId }) => `${path} Bearer token-${accountId}`));
  server.close();
});
