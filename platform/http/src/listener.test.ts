import { afterEach, describe, expect, test } from 'vitest';
import { endpoint, type Reply } from './endpoint.ts';
import { type Listener, type ListenLimits, listen } from './listener.ts';
import { connectRaw, type RawClient } from './raw-client.fixture.ts';
import { deposit, type Fixture, goodBody, listThings, startServer, stopServers } from './server.fixture.ts';

const opened: (Listener | RawClient)[] = [];

async function open(fixture: Fixture, limits: ListenLimits = {}): Promise<Listener> {
  const listener = await listen({ handle: fixture.server.handle, port: 0, host: '127.0.0.1', ...limits });
  opened.push(listener);
  return listener;
}

function client(port: number): RawClient {
  const raw = connectRaw(port);
  opened.push(raw);
  return raw;
}

afterEach(async () => {
  for (const one of opened.splice(0)) {
    if ('port' in one) await one.close();
    else one.socket.destroy();
  }
  await stopServers();
});

const HEAD = 'POST /v1/deposits HTTP/1.1\r\nhost: x\r\nauthorization: teller\r\ncontent-type: application/json\r\n';
const GET = 'GET /v1/things HTTP/1.1\r\nhost: x\r\n\r\n';
const body = JSON.stringify(goodBody);

describe('a peer that is slow or broken', () => {
  test('in its body gets 408 and is cut off; it counts as its fault, not ours', async () => {
    const fixture = await startServer();
    const { port } = await open(fixture, { requestTimeoutMs: 300, headersTimeoutMs: 200 });
    const raw = client(port);
    raw.send(`${HEAD}idempotency-key: k\r\ncontent-length: 100\r\n\r\n{"acc`);
    const text = await raw.closed();
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toMatch(/content-type: application\/problem\+json/);
    expect(text).toMatch(/"code":"request-timeout"/);
    expect(fixture.logged.map((line) => JSON.parse(line).status)).toEqual([408]);
  });

  test('in its head gets 408', async () => {
    const { port } = await open(await startServer(), { requestTimeoutMs: 300, headersTimeoutMs: 200 });
    const raw = client(port);
    raw.send('GET /v1/things HTTP/1.1\r\nhost:');
    expect(await raw.closed()).toMatch(/^HTTP\/1\.1 408 [\s\S]*request-timeout/);
  });

  test('with a head over 16 KiB gets 431, with no HTTP at all 400', async () => {
    const { port } = await open(await startServer());
    const long = client(port);
    long.send(`GET /v1/things HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(await long.closed()).toMatch(/^HTTP\/1\.1 431 [\s\S]*headers-too-large/);
    const garbage = client(port);
    garbage.send('hello\r\n\r\n');
    expect(await garbage.closed()).toMatch(/^HTTP\/1\.1 400 [\s\S]*invalid-request/);
  });

  test('that sends both a length and chunks, or no host, is refused', async () => {
    const { port } = await open(await startServer());
    const smuggler = client(port);
    smuggler.send(`${HEAD}idempotency-key: k\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`);
    expect(await smuggler.closed()).toMatch(/^HTTP\/1\.1 400 /);
    const hostless = client(port);
    hostless.send('GET /v1/things HTTP/1.1\r\n\r\n');
    expect(await hostless.received(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('that leaves in the middle of its body is noted as such and harms nobody', async () => {
    const fixture = await startServer();
    const { port } = await open(fixture);
    const raw = client(port);
    raw.send(`${HEAD}idempotency-key: k\r\ncontent-length: 100\r\n\r\n{"acc`);
    await new Promise((resolve) => raw.socket.once('connect', resolve));
    raw.socket.end();
    await raw.closed();
    const next = client(port);
    next.send(GET);
    await next.received(/200 OK/);
    expect(fixture.logged.map((line) => JSON.parse(line).level)).not.toContain('error');
  });
});

describe('a body of 2 MB', () => {
  test('gets to read its 413, and the connection lives on', async () => {
    const { port } = await open(await startServer());
    const raw = client(port);
    const size = 2 * 1024 * 1024;
    raw.send(`${HEAD}idempotency-key: k\r\ncontent-length: ${size}\r\n\r\n`);
    raw.send('x'.repeat(size));
    await raw.received(/^HTTP\/1\.1 413 [\s\S]*body-too-large/);
    raw.send(GET);
    await raw.received(/413[\s\S]*HTTP\/1\.1 200 /);
  });

  test('in chunks gets its 413 too', async () => {
    const { port } = await open(await startServer());
    const raw = client(port);
    raw.send(`${HEAD}idempotency-key: k\r\ntransfer-encoding: chunked\r\n\r\n`);
    raw.send(`10000\r\n${'x'.repeat(0x10000)}\r\n10\r\n${'x'.repeat(16)}\r\n`);
    expect(await raw.received(/body-too-large/)).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/);
  });
});

test('two Idempotency-Key headers are refused, one with a comma is not', async () => {
  const { port } = await open(await startServer());
  const raw = client(port);
  raw.send(`${HEAD}idempotency-key: a\r\nIdempotency-Key: b\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  await raw.received(/idempotency-key-invalid/);
  raw.send(`${HEAD}idempotency-key: a, b\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  await raw.received(/"key":"a, b"/);
});

test('a handler hears that its caller hung up', async () => {
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const fixture = await startServer([
    endpoint(listThings, async (call) => {
      call.signal?.addEventListener('abort', () => aborted.resolve());
      started.resolve();
      await aborted.promise;
      return { status: 200, body: {} };
    }),
  ]);
  const { port } = await open(fixture);
  const raw = client(port);
  raw.send(GET);
  await started.promise;
  raw.socket.destroy();
  await aborted.promise;
});

describe('draining a listener', () => {
  test('closes idle connections, lets the one at work finish, and takes no new one', async () => {
    const held = Promise.withResolvers<Reply>();
    const started = Promise.withResolvers<void>();
    const fixture = await startServer([
      endpoint(listThings, () => ({ status: 200, body: {} })),
      endpoint(deposit, () => {
        started.resolve();
        return held.promise;
      }),
    ]);
    const { port, drain } = await open(fixture);
    const idle = client(port);
    idle.send(GET);
    await idle.received(/200 OK/);
    const busy = client(port);
    busy.send(`${HEAD}idempotency-key: k\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    await started.promise;

    const drained = Promise.all([drain(), fixture.server.drain()]);
    await idle.closed();
    const late = client(port);
    expect(await late.closed()).toBe('');
    held.resolve({ status: 201, body: { done: true } });
    expect(await busy.closed()).toMatch(/^HTTP\/1\.1 201 [\s\S]*connection: close[\s\S]*"done":true/i);
    await drained;
  });

  test('ends a connection whose answer said it would be kept', async () => {
    const held = Promise.withResolvers<Reply>();
    const started = Promise.withResolvers<void>();
    const fixture = await startServer([
      endpoint(listThings, () => {
        started.resolve();
        return held.promise;
      }),
    ]);
    const { port, drain } = await open(fixture);
    const busy = client(port);
    busy.send(GET);
    await started.promise;
    const drained = drain();
    held.resolve({ status: 200, body: {} });
    expect(await busy.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*connection: keep-alive/i);
    await drained;
  });

  test('twice, and then closing, is harmless', async () => {
    const { drain, close } = await open(await startServer());
    await drain();
    await drain();
    await close();
  });
});

test('a port that is taken is an error at once', async () => {
  const fixture = await startServer();
  const { port } = await open(fixture);
  await expect(listen({ handle: fixture.server.handle, port, host: '127.0.0.1' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
