import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Handler } from './service.ts';
import type { ServiceCall, ServiceRequest } from './service-call.ts';

/** Opens the adapter under test with one service behind it, `transactions`; `accounts` must be known but away. */
export type OpenServiceCall = (transactions: Handler) => Promise<{ calls: ServiceCall; close(): Promise<void> }>;

const request: ServiceRequest = { service: 'transactions', method: 'GET', path: '/internal/x', token: 'secret' };

/** What every adapter of the `ServiceCall` port does. */
export function serviceCallContract(name: string, open: OpenServiceCall): void {
  describe(`service calls: ${name}`, () => {
    let close: (() => Promise<void>) | undefined;

    async function start(handle: Handler['handle']): Promise<ServiceCall> {
      const opened = await open({ handle });
      close = opened.close;
      return opened.calls;
    }
    afterEach(() => close?.());

    test('method, path, query, headers, token and body arrive; status, headers and body come back', async () => {
      const calls = await start((req, res) => void echo(req, res));
      const answer = await calls.call({
        ...request,
        method: 'POST',
        path: '/internal/x?a=1&b=%20',
        headers: { 'Idempotency-Key': 'k', Authorization: 'Bearer forged' },
        body: { text: 'ünï' },
      });
      expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' } });
      expect(answer.body).toMatchObject({
        method: 'POST',
        url: '/internal/x?a=1&b=%20',
        body: '{"text":"ünï"}',
        headers: { authorization: 'Bearer secret', 'idempotency-key': 'k', 'content-type': 'application/json' },
      });
    });

    test('a call without a body sends none', async () => {
      const calls = await start((req, res) => void echo(req, res));
      const { body } = await calls.call(request);
      expect(body).toMatchObject({ method: 'GET', body: '' });
      expect(body).not.toHaveProperty('headers.content-type');
    });

    test.each([301, 307, 400, 404, 409, 500, 503])('status %i is an answer, not an error', async (status) => {
      const calls = await start((_req, res) => {
        res.writeHead(status, { 'content-type': 'application/problem+json', location: '/elsewhere' });
        res.end('{"code":"x"}');
      });
      expect(await calls.call(request)).toMatchObject({ status, body: { code: 'x' } });
    });

    test('an answer may be empty or text', async () => {
      const calls = await start((req, res) => {
        if (req.url === '/internal/x') return void res.writeHead(204).end();
        res.writeHead(200, { 'content-type': 'text/csv' }).end('a,b');
      });
      expect((await calls.call(request)).body).toBeUndefined();
      expect((await calls.call({ ...request, path: '/internal/csv' })).body).toBe('a,b');
    });

    test('broken JSON is a fault that no retry mends', async () => {
      const calls = await start(
        (_req, res) => void res.writeHead(200, { 'content-type': 'application/json' }).end('{'),
      );
      await expect(calls.call(request)).rejects.toMatchObject({ code: 'service-answer-malformed', retryable: false });
    });

    test('a service that is away is a retryable fault', async () => {
      const calls = await start((_req, res) => void res.end());
      const call = calls.call({ ...request, service: 'accounts' });
      await expect(call).rejects.toMatchObject({ code: 'service-unavailable', retryable: true, retryAfterSeconds: 1 });
      await expect(calls.call({ ...request, service: 'users' })).rejects.toMatchObject({ code: 'service-unavailable' });
    });

    test('a service that does not answer in time is a retryable fault of its own', async () => {
      const calls = await start(() => {});
      const call = calls.call({ ...request, timeoutMs: 50 });
      await expect(call).rejects.toMatchObject({ code: 'service-timeout', retryable: true });
    });

    test('calls run at the same time', async () => {
      let waiting: ServerResponse[] = [];
      const calls = await start((_req, res) => {
        waiting.push(res);
        if (waiting.length < 10) return;
        for (const response of waiting) response.end();
        waiting = [];
      });
      const answers = await Promise.all(Array.from({ length: 10 }, () => calls.call(request)));
      expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
    });
  });
}

async function echo(req: IncomingMessage, res: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of req.setEncoding('utf8')) body += chunk;
  res.writeHead(201, { 'content-type': 'application/json', 'x-answer': 'yes' });
  res.end(JSON.stringify({ method: req.method, url: req.url, headers: req.headers, body }));
}
