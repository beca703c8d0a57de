import { createLogger, createMetrics } from '@florin/observability';
import { Agent, request } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { HOUR_MS, testAuthority, testCertificate, writeFiles } from './certificates.fixture.ts';
import { startInternalServer } from './internal-server.ts';
import type { Listener } from './listener.ts';
import type { Service } from './service.ts';
import { openTlsCredentials } from './tls-credentials.ts';

function service(name: string, ready: Service['ready']): Service {
  const metrics = createMetrics({ service: name });
  metrics.counter('florin_test_total', 'Test').inc(2);
  return { name, metrics, ready, handle: () => {}, drain: async () => {}, close: async () => {} };
}

let listener: Listener | undefined;
afterEach(() => listener?.close());

async function get(services: Service[], path: string, method = 'GET') {
  await listener?.close();
  listener = await startInternalServer({ port: 0, host: '127.0.0.1', services: () => services });
  const response = await fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
  return { status: response.status, text: await response.text() };
}

const up = service('accounts', async () => true);
const down = service('transactions', async () => false);
const broken = service('users', () => Promise.reject(new Error('canary')));
const stuck = service('users', () => new Promise(() => {}));

test('live as soon as the process runs, ready when every service is', async () => {
  expect((await get([], '/health/live')).status).toBe(200);
  expect((await get([], '/health/ready')).status).toBe(503);
  expect(await get([up], '/health/ready')).toMatchObject({
    status: 200,
    text: '{"status":"ready","services":{"accounts":true}}',
  });
});

test.each([
  ['not ready', down],
  ['failing', broken],
  ['stuck', stuck],
])('a service that is %s makes the process not ready, and is named', async (_name, bad) => {
  const { status, text } = await get([up, bad], '/health/ready');
  expect(status).toBe(503);
  expect(JSON.parse(text)).toEqual({ status: 'not ready', services: { accounts: true, [bad.name]: false } });
});

test('a certificate that has expired makes the process not ready, whatever its services say', async () => {
  const authority = await testAuthority();
  const credentials = openTlsCredentials(writeFiles(await testCertificate(authority, ['localhost'])), {
    logger: createLogger({ service: 'test', level: 'silent' }),
    // The process is later than the test, which takes the certificate still.
    clock: () => Date.now() + HOUR_MS,
  });
  listener = await startInternalServer({
    ...{ port: 0, host: '127.0.0.1', services: () => [up] },
    tls: { credentials },
  });
  const dispatcher = new Agent({ connect: { ca: authority.certificate } });
  try {
    const { statusCode, body } = await request(`https://localhost:${listener.port}/health/ready`, { dispatcher });
    expect([statusCode, await body.json()]).toEqual([
      503,
      { status: 'not ready', services: { accounts: true }, isExpired: true },
    ]);
  } finally {
    await dispatcher.destroy();
    credentials.close();
  }
});

test('metrics of all services are one page, told apart by their label; those of the process come once', async () => {
  const { status, text } = await get([up, down], '/metrics');
  expect(status).toBe(200);
  expect(text.match(/^# TYPE florin_test_total counter$/gm)).toHaveLength(1);
  expect(text).toContain('florin_test_total{service="accounts"} 2\nflorin_test_total{service="transactions"} 2\n');
  expect(text.match(/^process_resident_memory_bytes /gm)).toHaveLength(1);
});

test('nothing else is served', async () => {
  expect((await get([up], '/v1/accounts')).status).toBe(404);
  expect((await get([up], '/metrics', 'POST')).status).toBe(405);
});
