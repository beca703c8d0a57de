import { request as sendRequest } from 'undici';
import { expect, test } from 'vitest';
import { forwardContract } from './forward.contract.ts';
import { type HttpForwardOptions, httpForward } from './http-forward.ts';
import { inProcessForward } from './in-process-forward.ts';
import { listen } from './listener.ts';
import { connectRaw } from './raw-client.fixture.ts';
import type { Handler } from './service.ts';

forwardContract('in process', async (transactions) => {
  const forward = inProcessForward(() => new Map([['transactions', transactions]]));
  return { forward, close: () => forward.close() };
});

forwardContract('over HTTP', openHttp);

async function openHttp(transactions: Handler, options: HttpForwardOptions = {}) {
  const listener = await listen({ handle: transactions.handle, port: 0, host: '127.0.0.1' });
  // A port that was open a moment ago and is not any more.
  const gone = await listen({ handle: () => {}, port: 0, host: '127.0.0.1' });
  await gone.close();
  const forward = httpForward(
    { transactions: `http://127.0.0.1:${listener.port}`, accounts: `http://127.0.0.1:${gone.port}` },
    options,
  );
  return {
    forward,
    close: async () => {
      await forward.close();
      await listener.close();
    },
  };
}

async function withGateway(
  handle: Handler['handle'],
  options: HttpForwardOptions,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const { forward, close } = await openHttp({ handle }, options);
  const gateway = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (req, res) => forward.forward('transactions', req, res),
  });
  try {
    await work(gateway.port);
  } finally {
    await gateway.close();
    await close();
  }
}

test('over HTTP, connection headers stay behind in both directions', async () => {
  await withGateway(
    (req, res) => {
      res.writeHead(200, { connection: 'keep-alive, x-hop', 'x-hop': 'answer', 'x-end': 'kept' });
      res.end(JSON.stringify(req.headers));
    },
    {},
    async (port) => {
      const raw = connectRaw(port);
      raw.send(
        'GET / HTTP/1.1\r\nhost: x\r\nconnection: close, X-User-Id\r\nx-user-id: admin\r\nx-end: kept\r\n' +
          'te: trailers\r\nkeep-alive: timeout=9\r\nproxy-authorization: x\r\nexpect: 100-continue\r\n\r\n',
      );
      const text = await raw.closed();
      expect(text).toMatch(/x-end: kept/);
      expect(text).not.toMatch(/x-hop|x-user-id|trailers|proxy-auth|expect/);
      expect(text).toMatch(/"x-end":"kept"/);
    },
  );
});

test('over HTTP, a service that does not answer in time is a 504 problem', async () => {
  // undici looks at its timers about once a second, so this is the shortest there is.
  await withGateway(
    () => {},
    { timeoutMs: 100 },
    async (port) => {
      const response = await sendRequest(`http://127.0.0.1:${port}/v1/x`);
      expect(response.statusCode).toBe(504);
      expect(await response.body.json()).toMatchObject({ code: 'upstream-timeout' });
    },
  );
});

test('over HTTP, a refusal that comes before the body was sent arrives', async () => {
  await withGateway(
    (_req, res) => void res.writeHead(413).end('too large'),
    {},
    async (port) => {
      const raw = connectRaw(port);
      raw.send(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n${'x'.repeat(1_000_000)}`);
      await raw.received(/^HTTP\/1\.1 413 [\s\S]*too large/);
      raw.socket.destroy();
    },
  );
});
