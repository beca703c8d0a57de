import { route } from '@florin/contracts';
import { Type } from 'typebox';
import { afterEach, expect, test } from 'vitest';
import { endpoint } from './endpoint.ts';
import { httpCalls } from './http-calls.ts';
import { httpForward } from './http-forward.ts';
import { listen } from './listener.ts';
import { startServer, stopServers } from './server.fixture.ts';
import { TIME_LEFT_HEADER, timeLeft } from './time-left.ts';

const contract = route({
  operationId: 'look',
  service: 'transactions',
  method: 'GET',
  path: '/v1/look',
  summary: 'Look',
  access: { kind: 'public' },
  responses: { 200: Type.Unknown() },
});

afterEach(stopServers);

/** What a handler has for a call of its own that may take three seconds, by the header of its request. */
async function leftFor(headers: Readonly<Record<string, string>>, workMs = 0): Promise<unknown> {
  const { server } = await startServer([
    endpoint(contract, async () => {
      await new Promise((resolve) => setTimeout(resolve, workMs));
      return { status: 200, body: { leftMs: timeLeft(3_000) } };
    }),
  ]);
  const answer = await server.app.inject({ method: 'GET', url: '/v1/look', headers });
  return answer.statusCode === 200 ? answer.json().leftMs : answer.statusCode;
}

test('without a word of the caller a call takes what it may', async () => {
  expect(await leftFor({})).toBe(3_000);
  expect(timeLeft(3_000)).toBe(3_000);
});

test('a call takes no longer than whoever asked still waits', async () => {
  expect(await leftFor({ [TIME_LEFT_HEADER]: '60000' })).toBe(3_000);
  const leftMs = await leftFor({ [TIME_LEFT_HEADER]: '2000' }, 20);
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(1_981);
});

test('when nobody waits any more it is not made, and the answer is 503', async () => {
  expect(await leftFor({ [TIME_LEFT_HEADER]: '20' }, 40)).toBe(503);
});

test.each(['', 'soon', '-1', '0', 'Infinity0'])('a header that says %j is none', async (value) => {
  expect(await leftFor({ [TIME_LEFT_HEADER]: value })).toBe(3_000);
});

test('calls, and what the gateway passes on, say how long they wait, and a stream does not', async () => {
  const heard: unknown[] = [];
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => {
      heard.push(request.headers[TIME_LEFT_HEADER]);
      response.end();
    },
  });
  const urls = { transactions: `http://127.0.0.1:${listener.port}` };
  const [calls, forward] = [httpCalls(urls), httpForward(urls)];
  const gateway = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) =>
      forward.forward('transactions', request, response, request.url === '/stream' ? 'stream' : 'whole'),
  });
  try {
    await calls.call({ service: 'transactions', method: 'GET', path: '/x', token: 't', timeoutMs: 800 });
    await fetch(`http://127.0.0.1:${gateway.port}/x`);
    await fetch(`http://127.0.0.1:${gateway.port}/stream`);
    expect(heard).toEqual(['700', '9900', undefined]);
  } finally {
    await gateway.close();
    await Promise.all([calls.close(), forward.close(), listener.close()]);
  }
});
