import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { request as sendRequest } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import type { Forward } from './forward.ts';
import { type Listener, listen } from './listener.ts';
import { connectRaw } from './raw-client.fixture.ts';
import type { Handler } from './service.ts';

/** Opens the adapter under test with `transactions` behind it; `accounts` must be known but away. */
export type OpenForward = (transactions: Handler) => Promise<{ forward: Forward; close(): Promise<void> }>;

/** What every adapter of the `Forward` port does, seen by a client of a gateway that only forwards. */
export function forwardContract(name: string, open: OpenForward): void {
  describe(`forwarding: ${name}`, () => {
    const closers: (() => Promise<void>)[] = [];

    /** `answers` are those of the gateway, to be ended. */
    async function start(handle: Handler['handle']): Promise<Listener & { url: string; answers: ServerResponse[] }> {
      const { forward, close } = await open({ handle });
      const answers: ServerResponse[] = [];
      const gateway = await listen({
        host: '127.0.0.1',
        port: 0,
        handle: (req, res) => {
          delete req.headers['x-internal-role'];
          answers.push(res);
          const form = req.url === '/v1/stream' ? 'stream' : 'whole';
          forward.forward(req.url === '/away' ? 'accounts' : 'transactions', req, res, form);
        },
      });
      closers.push(gateway.close, close);
      return { ...gateway, answers, url: `http://127.0.0.1:${gateway.port}` };
    }
    afterEach(async () => {
      for (const close of closers.splice(0)) await close();
    });

    test('a request and its answer pass unchanged, but for what the gateway removed', async () => {
      const { url } = await start((req, res) => void echo(req, res));
      const response = await sendRequest(`${url}/v1/x?a=1&b=%20`, {
        method: 'POST',
        headers: { host: 'bank.test', 'x-kept': 'yes', 'x-internal-role': 'admin', 'content-type': 'application/json' },
        body: '{"a":"ünï"}',
      });
      expect(response.statusCode).toBe(201);
      expect(response.headers).toMatchObject({ 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] });
      const seen = (await response.body.json()) as { headers: Record<string, string> };
      expect(seen).toMatchObject({ method: 'POST', url: '/v1/x?a=1&b=%20', body: '{"a":"ünï"}' });
      expect(seen.headers).toMatchObject({ host: 'bank.test', 'x-kept': 'yes' });
      expect(seen.headers).not.toHaveProperty('x-internal-role');
    });

    test.each(['GET', 'DELETE', 'HEAD'] as const)('%s without a body passes', async (method) => {
      const { url } = await start((req, res) => void echo(req, res));
      const response = await sendRequest(`${url}/v1/x`, { method });
      expect(response.statusCode).toBe(201);
      const text = await response.body.text();
      expect(method === 'HEAD' ? text : JSON.parse(text)).toEqual(
        method === 'HEAD' ? '' : expect.objectContaining({ method }),
      );
    });

    test.each([204, 302, 404, 500])('status %i passes, redirects unfollowed', async (status) => {
      const { url } = await start((_req, res) => void res.writeHead(status, { location: '/elsewhere' }).end());
      const response = await sendRequest(`${url}/v1/x`);
      expect([response.statusCode, response.headers['location']]).toEqual([status, '/elsewhere']);
      await response.body.dump();
    });

    test('an answer streams while it is made, and a large one arrives whole', async () => {
      const { url, port } = await start((req, res) => {
        if (req.url === '/large') return void res.end(Buffer.alloc(3_000_000, 'x'));
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write('data: first\n\n');
      });
      const stream = connectRaw(port);
      stream.send('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n');
      await stream.received(/data: first/);
      stream.socket.destroy();
      expect((await (await sendRequest(`${url}/large`)).body.bytes()).length).toBe(3_000_000);
    });

    test('a large chunked body arrives whole', async () => {
      const { url } = await start(async (req, res) => {
        let size = 0;
        for await (const chunk of req) size += (chunk as Buffer).length;
        res.end(String(size));
      });
      async function* pieces() {
        for (let piece = 0; piece < 30; piece += 1) yield Buffer.alloc(100_000, 'x');
      }
      const response = await sendRequest(`${url}/v1/x`, { method: 'POST', body: Readable.from(pieces()) });
      expect(await response.body.text()).toBe('3000000');
    });

    test('a service that is away is a 503 problem with Retry-After', async () => {
      const { url } = await start((_req, res) => void res.end());
      const response = await sendRequest(`${url}/away`, {
        method: 'POST',
        body: '{}',
        headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      });
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '1']);
      expect(await response.body.json()).toMatchObject({ code: 'service-unavailable', traceId: 'a'.repeat(32) });
    });

    test('a caller that hangs up is noticed by the service', async () => {
      const arrived = Promise.withResolvers<void>();
      const noticed = Promise.withResolvers<void>();
      const { port } = await start((_req, res) => {
        res.once('close', noticed.resolve);
        arrived.resolve();
      });
      const raw = connectRaw(port);
      raw.send('GET /v1/x HTTP/1.1\r\nhost: x\r\n\r\n');
      await arrived.promise;
      raw.socket.destroy();
      await noticed.promise;
    });

    test('a stream that the gateway ends is over for its listener, in good order, and for the service', async () => {
      const noticed = Promise.withResolvers<void>();
      const { port, answers } = await start((_req, res) => {
        res.once('close', noticed.resolve);
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write('data: first\n\n');
      });
      const raw = connectRaw(port);
      raw.send('GET /v1/stream HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
      await raw.received(/data: first/);
      for (const response of answers) response.end();
      expect(await raw.closed()).toMatch(/\r\n0\r\n\r\n$/);
      await noticed.promise;
    });

    test('an answer that breaks off in the middle breaks off for the caller', async () => {
      const { url } = await start((_req, res) => {
        res.writeHead(200, { 'content-length': '100' });
        res.write('half', () => res.destroy());
      });
      const response = await sendRequest(`${url}/v1/x`);
      await expect(response.body.text()).rejects.toThrow();
    });
  });
}

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of req.setEncoding('utf8')) body += chunk;
  res.writeHead(201, { 'content-type': 'application/json', 'x-answer': 'yes', 'set-cookie': ['a=1', 'b=2'] });
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }));
}
