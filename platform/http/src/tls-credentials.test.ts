import { writeFileSync } from 'node:fs';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Pem } from '@florin/certificates';
import { createLogger } from '@florin/observability';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { HOUR_MS, testAuthority, testCertificate, testCredentials, writeFiles } from './certificates.fixture.ts';
import { httpCalls } from './http-calls.ts';
import { listen } from './listener.ts';
import { openTlsCredentials } from './tls-credentials.ts';

let authority: Pem;
beforeAll(async () => {
  authority = await testAuthority();
});

const LOOK_EVERY_MS = 20;
const DAY_MS = 24 * HOUR_MS;
const FAR = { untilMs: Date.now() + 60 * DAY_MS };

function open(files: ReturnType<typeof writeFiles>, clock: () => number = Date.now) {
  const lines: { level: string; msg: string }[] = [];
  const logger = createLogger({ service: 'test', destination: { write: (line) => void lines.push(JSON.parse(line)) } });
  let asked = 0;
  const counted = () => {
    asked += 1;
    return clock();
  };
  const credentials = openTlsCredentials(files, { logger, clock: counted, lookEveryMs: LOOK_EVERY_MS });
  onTestFinished(() => credentials.close());
  return {
    credentials,
    said: () => lines.map(({ msg }) => msg),
    /** Waits until the files were looked at so many times more; each look asks for the time. */
    async looked(times: number) {
      const until = asked + times;
      await expect.poll(() => asked).toBeGreaterThanOrEqual(until);
    },
  };
}

/** The common name that a server shows now. */
function shownName(port: number, options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options });
    socket.on('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.serialNumber ?? '');
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

/** What a server answers to a request; nothing when it refuses the connection. */
function answerTo(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ...options });
    socket.on('secureConnect', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'));
    socket.on('data', (chunk) => {
      text += chunk;
    });
    // Refused, which the close after it tells.
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

test('a port shows the new certificate when its files are replaced, without a restart', async () => {
  const [before, after] = [
    await testCertificate(authority, ['localhost'], FAR),
    await testCertificate(authority, ['localhost'], FAR),
  ];
  const files = writeFiles(before);
  const { credentials, said } = open(files);
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (_request, response) => void response.end(),
    tls: { credentials },
  });
  onTestFinished(() => listener.close());
  const trust = { ca: authority.certificate };
  const first = await shownName(listener.port, trust);
  writeFileSync(files.certificateFile, after.certificate);
  await expect.poll(said).toContain('the new certificate can not be used; the old one stays');
  expect(await shownName(listener.port, trust)).toBe(first);
  writeFileSync(files.keyFile, after.key);
  await expect.poll(said).toContain('the certificate was replaced');
  expect(await shownName(listener.port, trust)).not.toBe(first);
});

test('a caller shows its new certificate on the next connection', async () => {
  const seen: string[] = [];
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (request, response) => {
      seen.push((request.socket as TLSSocket).getPeerX509Certificate()?.serialNumber ?? '');
      response.setHeader('connection', 'close').end('{}');
    },
    tls: {
      credentials: await testCredentials(authority, ['users.florin.internal']),
      callers: ['gateway'],
      logger: createLogger({ service: 'test', level: 'silent' }),
    },
  });
  onTestFinished(() => listener.close());
  const name = ['gateway.florin.internal'];
  const files = writeFiles(await testCertificate(authority, name, FAR), authority);
  const { credentials, said } = open(files);
  const calls = httpCalls({ users: `https://127.0.0.1:${listener.port}` }, credentials);
  onTestFinished(() => calls.close());
  const call = () => calls.call({ service: 'users', method: 'GET', path: '/', token: 'x' });
  await call();
  const renewed = await testCertificate(authority, name, FAR);
  writeFileSync(files.keyFile, renewed.key);
  writeFileSync(files.certificateFile, renewed.certificate);
  await expect.poll(said).toContain('the certificate was replaced');
  await call();
  expect(seen[1]).not.toBe(seen[0]);
});

test('T55: a service whose certificate was replaced asks for one as before, and speaks TLS 1.3 only', async () => {
  const files = writeFiles(await testCertificate(authority, ['localhost'], FAR), authority);
  const { credentials, said } = open(files);
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (_request, response) => void response.end(),
    tls: { credentials, callers: ['gateway'], logger: createLogger({ service: 'test', level: 'silent' }) },
  });
  onTestFinished(() => listener.close());
  const renewed = await testCertificate(authority, ['localhost'], FAR);
  writeFileSync(files.keyFile, renewed.key);
  writeFileSync(files.certificateFile, renewed.certificate);
  await expect.poll(said).toContain('the certificate was replaced');
  const gateway = await testCertificate(authority, ['gateway.florin.internal'], FAR);
  const shown = { ca: authority.certificate, cert: gateway.certificate, key: gateway.key };
  expect(await answerTo(listener.port, shown)).toMatch(/^HTTP\/1\.1 200 /);
  expect(await answerTo(listener.port, { ca: authority.certificate })).toBe('');
  expect(await answerTo(listener.port, { ...shown, maxVersion: 'TLSv1.2' })).toBe('');
});

test('what can not be used at the start is said in one sentence that quotes no key', async () => {
  const pem = await testCertificate(authority, ['localhost']);
  const files = writeFiles({ ...pem, key: (await testCertificate(authority, ['localhost'])).key });
  expect(() => open(files)).toThrow(
    expect.objectContaining({ code: 'setting-invalid', message: expect.stringMatching(/are not a pair$/) }),
  );
  const gone = { ...writeFiles(pem), keyFile: '/nowhere/key.pem' };
  expect(() => open(gone)).toThrow(/the file \/nowhere\/key\.pem can not be read/);
});

test('the log says when a certificate will not do for long, at the start and then once a day', async () => {
  expect(open(writeFiles(await testCertificate(authority, ['localhost'], FAR))).said()).toEqual([]);
  const short = await testCertificate(authority, ['localhost'], { untilMs: Date.now() + 13 * DAY_MS });
  let nowMs = Date.now();
  const { credentials, said, looked } = open(writeFiles(short), () => nowMs);
  expect(said()).toEqual(['the certificate expires soon']);
  await looked(3);
  expect(said()).toHaveLength(1);
  nowMs += DAY_MS;
  await looked(3);
  expect(said()).toHaveLength(2);
  expect(credentials.isExpired()).toBe(false);
  nowMs += 12 * DAY_MS - 1_000;
  await looked(3);
  nowMs += 2_000;
  await looked(3);
  expect(said().slice(2)).toEqual(['the certificate expires soon', 'the certificate has expired']);
  expect(credentials.isExpired()).toBe(true);
  credentials.close();
});
