import { text } from 'node:stream/consumers';
import { createLogger } from '@florin/observability';
import { request as sendRequest } from 'undici';
import { describe, expect, test } from 'vitest';
import { testAuthority, testCredentials } from './certificates.fixture.ts';
import { forwardContract } from './forward.contract.ts';
import type { AnswerForm } from './forward.ts';
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

forwardContract('over HTTP, what is repeatable', async (transactions) => {
  const { forward, close } = await openHttp(transactions);
  return {
    forward: {
      ...forward,
      forward: (service, request, response, form) =>
        forward.forward(service, request, response, form === 'whole' ? 'repeatable' : form),
    },
    close,
  };
});

const QUIET = createLogger({ service: 'test', level: 'silent' });

forwardContract('over mutual TLS', async (transactions) => {
  const authority = await testAuthority();
  const credentials = await testCredentials(authority, ['transactions.florin.internal']);
  const place = { port: 0, host: '127.0.0.1', tls: { credentials, callers: ['gateway'], logger: QUIET } } as const;
  const listener = await listen({ handle: transactions.handle, ...place });
  const gone = await listen({ handle: () => {}, ...place });
  await gone.close();
  const forward = httpForward(
    { transactions: `https://127.0.0.1:${listener.port}`, accounts: `https://127.0.0.1:${gone.port}` },
    { credentials: await testCredentials(authority, ['gateway.florin.internal']) },
  );
  return {
    forward,
    close: async () => {
      await forward.close();
      await listener.close();
    },
  };
});

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

const FORMS: Readonly<Record<string, AnswerForm>> = { '/stream': 'stream', '/repeatable': 'repeatable' };

async function withGateway(
  handle: Handler['handle'],
  options: HttpForwardOptions,
  work: (port: number) => Promise<void>,
): Promise<void> {
  const { forward, close } = await openHttp({ handle }, options);
  const gateway = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (req, res) => forward.forward('transactions', req, res, FORMS[req.url ?? ''] ?? 'whole'),
  });
  try {
    await work(gateway.port);
  } finally {
    await gateway.close();
    await close();
  }
}

test.each([
  ['that refuses what the gateway signed is not available', 'Bearer', 503],
  ['that refuses what the caller signed says so itself', 'Bearer error="invalid_token"', 401],
])('over HTTP, a service %s', async (_, challenge, expected) => {
  await withGateway(
    (_req, res) => void res.writeHead(401, { 'www-authenticate': challenge }).end('{}'),
    {},
    async (port) => {
      for (let time = 0; time < 6; time += 1) {
        const response = await sendRequest(`http://127.0.0.1:${port}/v1/x`);
        expect([response.statusCode, response.headers['retry-after']]).toEqual([
          expected,
          expected === 503 ? '1' : undefined,
        ]);
        await response.body.dump();
      }
    },
  );
});

describe('over HTTP, when the connection to a service breaks', () => {
  const BODY = JSON.stringify({ amount: '1.00' });
  const CASES: readonly (readonly [string, string, 'POST' | 'GET', number, number, number])[] = [
    ['what is repeatable is sent again', '/repeatable', 'POST', 1, 201, 2],
    ['so is what has no body', '/repeatable', 'GET', 1, 201, 2],
    ['so is it when the next breaks as well', '/repeatable', 'POST', 2, 201, 3],
    ['it is not sent for ever', '/repeatable', 'POST', 9, 503, 3],
    ['nothing else is sent twice', '/v1/x', 'POST', 1, 503, 1],
    ['nor is that without a body', '/v1/x', 'GET', 1, 503, 1],
  ];
  test.each(CASES)('%s', async (_, path, method, breaks, expected, times) => {
    const seen: string[] = [];
    const handle: Handler['handle'] = async (req, res) => {
      seen.push(await text(req));
      if (seen.length <= breaks) res.socket?.destroy();
      else res.writeHead(201).end('done');
    };
    await withGateway(handle, {}, async (port) => {
      const body = method === 'POST' ? BODY : null;
      const response = await sendRequest(`http://127.0.0.1:${port}${path}`, { method, body });
      const answer = await response.body.text();
      expect(response.statusCode).toBe(expected);
      if (expected === 201) expect(answer).toBe('done');
      expect(seen).toEqual(Array.from({ length: times }, () => body ?? ''));
    });
  });

  test('an answer that began is not made again', async () => {
    let times = 0;
    const handle: Handler['handle'] = (_req, res) => {
      times += 1;
      res.writeHead(200).write('half of', () => res.socket?.destroy());
    };
    await withGateway(handle, {}, async (port) => {
      const response = await sendRequest(`http://127.0.0.1:${port}/repeatable`, { method: 'POST', body: BODY });
      await expect(response.body.text()).rejects.toThrow();
      expect(times).toBe(1);
    });
  });

  test('nor is what is too long to be kept', async () => {
    let times = 0;
    const handle: Handler['handle'] = async (req, res) => {
      times += 1;
      await text(req);
      res.socket?.destroy();
    };
    await withGateway(handle, {}, async (port) => {
      const body = 'x'.repeat(300_000);
      const response = await sendRequest(`http://127.0.0.1:${port}/repeatable`, { method: 'POST', body });
      await response.body.dump();
      expect([response.statusCode, times]).toEqual([503, 1]);
    });
  });
});

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

test('over HTTP, a stream may be silent for longer than an answer', async () => {
  await withGateway(
    (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: first\n\n');
      // Longer than undici takes to notice what the answer's limit would be.
      setTimeout(() => res.end('data: last\n\n'), 3_000);
    },
    { timeoutMs: 100, streamTimeoutMs: 60_000 },
    async (port) => {
      const whole = await sendRequest(`http://127.0.0.1:${port}/`);
      await expect(whole.body.text()).rejects.toThrow();
      const stream = await sendRequest(`http://127.0.0.1:${port}/stream`);
      expect(await stream.body.text()).toBe('data: first\n\ndata: last\n\n');
    },
  );
});

test('over HTTP, streams take no connection away from answers', async () => {
  const streams = 300;
  await withGateway(
    (req, res) => {
      if (req.url !== '/stream') return void res.end('answered');
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write('data: first\n\n');
    },
    {},
    async (port) => {
      const listeners = Array.from({ length: streams }, () => connectRaw(port));
      for (const listener of listeners) listener.send('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n');
      for (const listener of listeners) await listener.received(/data: first/);
      const response = await sendRequest(`http://127.0.0.1:${port}/`);
      expect(await response.body.text()).toBe('answered');
      for (const listener of listeners) listener.socket.destroy();
    },
  );
});
