import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { Pem } from '@florin/certificates';
import { createLogger } from '@florin/observability';
import { request as sendRequest } from 'undici';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { HOUR_MS, testAuthority, testCertificate, testCredentials } from './certificates.fixture.ts';
import { httpCalls } from './http-calls.ts';
import { httpForward } from './http-forward.ts';
import { type Listener, listen } from './listener.ts';

const TRANSACTIONS = 'transactions.florin.internal';
const GATEWAY = 'gateway.florin.internal';
const REQUEST = 'GET /v1/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const CALL = { service: 'transactions', method: 'GET', path: '/v1/x', token: 'secret' } as const;

let authority: Pem;
let stranger: Pem;
beforeAll(async () => {
  [authority, stranger] = [await testAuthority(), await testAuthority()];
});

/** The ledger's port, and what reached it. */
async function openLedger(names = [TRANSACTIONS]): Promise<Listener & { readonly reached: string[]; lines: string[] }> {
  const reached: string[] = [];
  const lines: string[] = [];
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => {
      reached.push(request.url ?? '');
      response.end('the books');
    },
    tls: {
      credentials: await testCredentials(authority, names),
      callers: ['gateway', 'accounts'],
      logger: createLogger({ service: 'transactions', destination: { write: (line) => void lines.push(line) } }),
    },
  });
  onTestFinished(() => listener.close());
  return { ...listener, reached, lines };
}

/** Sends a request over a connection of its own and answers what came back, or the code of why none did. */
function knock(port: number, options: ConnectionOptions | 'plain'): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket =
      options === 'plain'
        ? connectPlain(port, '127.0.0.1')
        : connectTls({ port, host: '127.0.0.1', servername: TRANSACTIONS, ca: authority.certificate, ...options });
    socket.on(options === 'plain' ? 'connect' : 'secureConnect', () => socket.write(REQUEST));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(text === '' ? 'closed' : text));
  });
}

const shown = (pem: Pem): ConnectionOptions => ({ cert: pem.certificate, key: pem.key });
/** How a refusal looks from outside: an alert, or a connection that ends. */
const REFUSED = /^(closed|ECONNRESET|EPIPE|ERR_SSL_\w+)$/;

describe('the port of a service', () => {
  test('answers the gateway, and every other service that may call', async () => {
    const { port, reached } = await openLedger();
    for (const name of [GATEWAY, 'accounts.florin.internal']) {
      expect(await knock(port, shown(await testCertificate(authority, [name])))).toMatch(/200 OK[\s\S]*the books/);
    }
    expect(reached).toHaveLength(2);
  });

  test.each<[string, () => Promise<ConnectionOptions | 'plain'>]>([
    ['plain http', async () => 'plain'],
    ['no certificate', async () => ({})],
    ['a certificate that is over', async () => shown(await testCertificate(authority, [GATEWAY], past()))],
    ['a certificate that is not yet good', async () => shown(await testCertificate(authority, [GATEWAY], future()))],
    ['a certificate of another authority', async () => shown(await testCertificate(stranger, [GATEWAY]))],
    ['a certificate of one who may not call', async () => shown(await testCertificate(authority, [NOTIFICATIONS]))],
    ['its own certificate', async () => shown(await testCertificate(authority, [TRANSACTIONS]))],
    ['the public certificate', async () => shown(await testCertificate(authority, ['localhost', '127.0.0.1']))],
    ['a name below one that may call', async () => shown(await testCertificate(authority, [`x.${GATEWAY}`]))],
    ['a wildcard', async () => shown(await testCertificate(authority, ['*.florin.internal']))],
    [
      'a certificate that is for servers only',
      async () => shown(await testCertificate(authority, [GATEWAY], { purposes: ['server'] })),
    ],
    ['TLS 1.2', async () => ({ ...shown(await testCertificate(authority, [GATEWAY])), maxVersion: 'TLSv1.2' })],
  ])('T55: %s is refused by a service, and no request reaches it', async (_, options) => {
    const { port, reached } = await openLedger();
    expect(await knock(port, await options())).toMatch(REFUSED);
    expect(reached).toEqual([]);
    // The refusal left the port as it was.
    expect(await knock(port, shown(await testCertificate(authority, [GATEWAY])))).toMatch(/the books/);
  });

  test('the log names who was turned away', async () => {
    const { port, lines } = await openLedger();
    await knock(port, shown(await testCertificate(authority, [NOTIFICATIONS])));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', names: `DNS:${NOTIFICATIONS}` }]);
  });
});

describe('a caller', () => {
  const callFrom = async (port: number, ca = authority) => {
    const calls = httpCalls(
      { transactions: `https://127.0.0.1:${port}` },
      await testCredentials(authority, [GATEWAY], ca),
    );
    onTestFinished(() => calls.close());
    return calls.call(CALL);
  };

  test('reaches the service it means', async () => {
    const { port } = await openLedger();
    expect(await callFrom(port)).toMatchObject({ status: 200, body: 'the books' });
  });

  test.each<[string, readonly string[]]>([
    ["another service's certificate", ['accounts.florin.internal']],
    ['a certificate for the address alone', ['127.0.0.1', 'localhost']],
  ])('T55: a service that shows %s is told nothing', async (_, names) => {
    const { port, reached } = await openLedger([...names]);
    await expect(callFrom(port)).rejects.toMatchObject({ code: 'service-unavailable', retryable: true });
    expect(reached).toEqual([]);
  });

  test('T55: a service whose certificate has expired is told nothing', async () => {
    const short = { fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS };
    const expired = await testCertificate(authority, [TRANSACTIONS], short);
    const server = createHttpsServer({ cert: expired.certificate, key: expired.key }, (_request, response) =>
      response.end('the books'),
    );
    onTestFinished(() => void server.close());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(callFrom(port)).rejects.toMatchObject({
      code: 'service-unavailable',
      cause: { code: 'CERT_HAS_EXPIRED' },
    });
  });

  test('T55: a service with a certificate of another authority is told nothing', async () => {
    const { port, reached } = await openLedger();
    await expect(callFrom(port, stranger)).rejects.toMatchObject({ code: 'service-unavailable' });
    expect(reached).toEqual([]);
  });

  test('keeps its connection, whatever Host the requests it forwards are for', async () => {
    const ledger = await openLedger();
    let connections = 0;
    ledger.server.on('secureConnection', () => {
      connections += 1;
    });
    const credentials = await testCredentials(authority, [GATEWAY]);
    const forward = httpForward({ transactions: `https://127.0.0.1:${ledger.port}` }, { credentials });
    const gateway = await listen({
      host: '127.0.0.1',
      port: 0,
      handle: (request, response) => forward.forward('transactions', request, response),
    });
    onTestFinished(() => gateway.close());
    onTestFinished(() => forward.close());
    for (const host of ['bank.test', 'other.test', 'bank.test']) {
      const answer = await sendRequest(`http://127.0.0.1:${gateway.port}/v1/x`, { headers: { host } });
      expect(await answer.body.text()).toBe('the books');
    }
    expect(connections).toBe(1);
  });

  test('never falls back to plain text, and shows no certificate it does not have', async () => {
    const credentials = await testCredentials(authority, [GATEWAY]);
    const invalid = expect.objectContaining({ code: 'setting-invalid' });
    expect(() => httpCalls({ users: 'http://127.0.0.1:1' }, credentials)).toThrow(invalid);
    expect(() => httpCalls({ users: 'https://127.0.0.1:1' })).toThrow(invalid);
  });
});

const NOTIFICATIONS = 'notifications.florin.internal';
const past = () => ({ fromMs: Date.now() - 2 * HOUR_MS, untilMs: Date.now() - HOUR_MS });
const future = () => ({ fromMs: Date.now() + HOUR_MS, untilMs: Date.now() + 2 * HOUR_MS });
