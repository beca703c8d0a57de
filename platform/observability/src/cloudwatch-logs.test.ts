import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCloudWatchLogs } from './cloudwatch-logs.ts';
import { createLogger } from './logger.ts';

let server: Server;
let endpoint = '';
/** What the next requests are answered with; 200 once these are used up. */
let failures: number[] = [];
let lines: string[] = [];
let requests = 0;
let dropped = 0;

beforeEach(async () => {
  Object.assign(process.env, { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' });
  failures = [];
  lines = [];
  requests = 0;
  dropped = 0;
  server = createServer(async (request, response) => {
    const body = (await json(request)) as { logEvents?: { message: string }[] };
    requests += 1;
    const status = failures.shift() ?? 200;
    if (status === 200) lines.push(...(body.logEvents ?? []).map(({ message }) => message));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const open = (at = endpoint) =>
  openCloudWatchLogs({
    logGroup: 'florin',
    logStream: 'accounts/one',
    endpoint: at,
    logger: createLogger({ service: 'x', level: 'silent' }),
    nowMs: () => 1_790_000_000_000,
    dropped: (count) => {
      dropped += count;
    },
  });

const SOON = { timeout: 20_000 };

test('lines arrive in the order they were written, and again after a time when they were not taken', async () => {
  failures = [500, 200, 503];
  const sink = open();
  for (const line of ['a', 'b', 'c']) sink.write(line);
  await expect.poll(() => lines, SOON).toEqual(['a', 'b', 'c']);
  sink.write('d');
  await expect.poll(() => lines, SOON).toEqual(['a', 'b', 'c', 'd']);
  await sink.close();
  expect(dropped).toBe(0);
});

test('what waits has a bound, what is too long has no place, and both are counted', async () => {
  const sink = open('http://127.0.0.1:9');
  for (let line = 0; line < 10_003; line += 1) sink.write('x');
  sink.write('y'.repeat(300 * 1024));
  expect(dropped).toBe(4);
  await sink.close();
  // What it could not send when it ended is lost, and counted too.
  expect(dropped).toBe(10_004);
});

test('closing sends what waits', async () => {
  const sink = open();
  sink.write('last');
  await sink.close();
  expect(lines).toEqual(['last']);
  sink.write('too late');
  await sleep(50);
  expect([lines, dropped]).toEqual([['last'], 1]);
  expect(requests).toBe(2);
});
