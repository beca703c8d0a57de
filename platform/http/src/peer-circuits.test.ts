import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLogger, processMetrics } from '@florin/observability';
import { Fault } from '@florin/primitives';
import { request as sendRequest } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { endpoint } from './endpoint.ts';
import { httpCalls } from './http-calls.ts';
import { httpForward } from './http-forward.ts';
import { listen } from './listener.ts';
import { createPeerCircuits } from './peer-circuits.ts';
import { connectRaw } from './raw-client.fixture.ts';
import { deposit, goodBody, startServer, stopServers, teller } from './server.fixture.ts';

const FAILURES_MAX = 5;
const REST_MS = 1_000;
const CONNECTIONS_MAX = 64;
/** Those that have a connection, and those that wait for one. */
const CALLS_MAX = CONNECTIONS_MAX + 1_000;

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await stopServers();
});

/** A ledger that does what it is told, and a gateway in front of it that has both ways to it; time is what the test says. */
async function start(initial: Handle, timeoutMs?: number) {
  const ledger = { handle: initial, asked: 0 };
  const lines: string[] = [];
  const time = { nowMs: 0 };
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => {
      ledger.asked += 1;
      ledger.handle(request, response);
    },
  });
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const circuits = createPeerCircuits({ logger, now: () => time.nowMs });
  const urls = { transactions: `http://127.0.0.1:${listener.port}` };
  const calls = httpCalls(urls, undefined, circuits);
  const forward = httpForward(urls, { circuits, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const gateway = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => forward.forward('transactions', request, response),
  });
  closers.push(
    listener.close,
    () => calls.close(),
    () => forward.close(),
    gateway.close,
  );
  const call = (callTimeoutMs?: number) =>
    calls.call({
      ...{ service: 'transactions', method: 'GET', path: '/x', token: 't' },
      ...(callTimeoutMs === undefined ? {} : { timeoutMs: callTimeoutMs }),
    });
  const send = async () => {
    const { statusCode, headers, body } = await sendRequest(`http://127.0.0.1:${gateway.port}/v1/x`);
    return { status: statusCode, retryAfter: headers['retry-after'], body: await body.json() };
  };
  return { ledger, lines, time, call, send, gatewayPort: gateway.port };
}

const broken: Handle = (_request, response) => response.destroy();
const well: Handle = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
};

async function isOpenByMetric(): Promise<number | undefined> {
  const metric = await processMetrics().getSingleMetric('florin_circuit_open')?.get();
  return metric?.values.find(({ labels }) => labels['peer'] === 'transactions')?.value;
}

describe('a service that does not answer', () => {
  test('is left alone after five failures, whichever way they came, asked once after a second, and used when it is back', async () => {
    const { ledger, lines, time, call, send } = await start(broken);
    for (let failures = 0; failures < FAILURES_MAX - 1; failures += 1) {
      await expect(call()).rejects.toMatchObject({ code: 'service-unavailable' });
    }
    expect((await send()).status).toBe(503);
    expect([ledger.asked, await isOpenByMetric()]).toEqual([FAILURES_MAX, 1]);

    expect(await send()).toMatchObject({ status: 503, retryAfter: '1', body: { code: 'service-unavailable' } });
    await expect(call()).rejects.toMatchObject({ code: 'service-unavailable', retryable: true, retryAfterSeconds: 1 });
    expect(ledger.asked).toBe(FAILURES_MAX);

    time.nowMs += REST_MS;
    await Promise.all([send(), send(), send()]);
    expect(ledger.asked).toBe(FAILURES_MAX + 1);

    time.nowMs += REST_MS;
    ledger.handle = well;
    expect((await send()).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect(await isOpenByMetric()).toBe(0);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'a service does not answer and is left alone for a moment',
      'a service answers again',
    ]);
  });

  test('that hangs costs five time-outs, and the next are refused at once', async () => {
    const { ledger, send } = await start(() => {}, 200);
    const answers = await Promise.all(Array.from({ length: FAILURES_MAX }, send));
    expect(answers.map(({ status }) => status)).toEqual(Array(FAILURES_MAX).fill(504));
    expect((await send()).status).toBe(503);
    expect(ledger.asked).toBe(FAILURES_MAX);
  });
});

describe('left alone is not', () => {
  test('one that answers, whatever it says: a full queue is 503 with Retry-After, on through the gateway each time', async () => {
    const overloaded = await startServer(
      [
        endpoint(deposit, () => {
          throw new Fault('ledger-overloaded', 'too many are waiting', { retryable: true, retryAfterSeconds: 2 });
        }),
      ],
      { authenticate: () => teller },
    );
    const { ledger, gatewayPort } = await start(overloaded.server.handle);
    for (let refusals = 1; refusals <= 2 * FAILURES_MAX; refusals += 1) {
      const { statusCode, headers, body } = await sendRequest(`http://127.0.0.1:${gatewayPort}/v1/deposits`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k' },
        body: JSON.stringify(goodBody),
      });
      expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
      expect(await body.json()).toMatchObject({ code: 'service-unavailable' });
      expect(ledger.asked).toBe(refusals);
    }
  });

  test('one whose callers hung up', async () => {
    const { ledger, send, gatewayPort } = await start(() => {});
    for (let hungUp = 1; hungUp <= 2 * FAILURES_MAX; hungUp += 1) {
      const closed = Promise.withResolvers<void>();
      ledger.handle = (_request, response) => response.once('close', closed.resolve);
      const raw = connectRaw(gatewayPort);
      raw.send('GET /v1/x HTTP/1.1\r\nhost: x\r\n\r\n');
      await expect.poll(() => ledger.asked).toBe(hungUp);
      raw.socket.destroy();
      await closed.promise;
    }
    ledger.handle = well;
    expect((await send()).status).toBe(200);
  });

  test('one that was given next to no time', async () => {
    const { ledger, call } = await start(() => {});
    for (let late = 0; late < 2 * FAILURES_MAX; late += 1) {
      await expect(call(20)).rejects.toMatchObject({ code: 'service-timeout' });
    }
    ledger.handle = well;
    expect((await call()).status).toBe(200);
  });

  test('one of which another process answered a moment ago', async () => {
    const { ledger, time, call } = await start(well);
    await call();
    ledger.handle = broken;
    time.nowMs += REST_MS - 1;
    for (let failures = 0; failures < 2 * FAILURES_MAX; failures += 1) await expect(call()).rejects.toThrow(Fault);
    ledger.handle = well;
    expect((await call()).status).toBe(200);
  });
});

test('no more than some wait for a service: the next are refused, and it is used again when they are answered', async () => {
  const { ledger, call } = await start(() => {});
  const held: ServerResponse[] = [];
  ledger.handle = (_request, response) => void held.push(response);
  const calls = Array.from({ length: CALLS_MAX }, () => call(30_000));
  await expect(call()).rejects.toMatchObject({ code: 'service-unavailable' });
  await expect.poll(() => held.length, { timeout: 20_000 }).toBe(CONNECTIONS_MAX);
  ledger.handle = well;
  for (const response of held) response.end();
  await Promise.all(calls);
  expect((await call()).status).toBe(200);
});
