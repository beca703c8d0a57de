import { connect as connectPlain } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { Pem } from '@florin/certificates';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { testAuthority, testCredentials } from './certificates.fixture.ts';
import { type Listener, type ListenLimits, listen } from './listener.ts';

let authority: Pem;
beforeAll(async () => {
  authority = await testAuthority();
});

async function openEdge(limits: ListenLimits = {}): Promise<Listener> {
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle: (_request, response) => void response.end('the bank'),
    tls: { credentials: await testCredentials(authority, ['localhost', '127.0.0.1']) },
    ...limits,
  });
  onTestFinished(() => listener.close());
  return listener;
}

/** Shakes hands and answers with which version and suite, or with the code of why not. */
function shakeHands(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const trust = { servername: 'localhost', ca: authority.certificate };
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', ...trust, ...options });
    socket.on('secureConnect', () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
  });
}

/** Our own TLS library refuses to offer what is this old unless it is told to. */
const OFFER_ANYTHING = { ciphers: 'ALL:@SECLEVEL=0' };

describe('the public port', () => {
  test.each(['TLSv1', 'TLSv1.1'] as const)('T55: %s is refused', async (version) => {
    const { port } = await openEdge();
    const offered = { minVersion: version, maxVersion: version, ...OFFER_ANYTHING };
    expect(await shakeHands(port, offered)).toMatch(/^(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ECONNRESET)$/);
  });

  test.each([
    ['no encryption', 'eNULL'],
    ['no forward secrecy', 'AES128-GCM-SHA256:AES256-SHA'],
    ['no authenticated encryption', 'ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256'],
    ['no certificate', 'aNULL'],
  ])('T55: a suite with %s is refused', async (_, ciphers) => {
    const { port } = await openEdge();
    const offered = { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` } as const;
    expect(await shakeHands(port, offered)).toMatch(/HANDSHAKE_FAILURE|NO_SHARED_CIPHER|ECONNRESET/);
  });

  test('TLS 1.2 and 1.3 are served, and no certificate is asked for', async () => {
    const { port } = await openEdge();
    expect(await shakeHands(port, { maxVersion: 'TLSv1.2' })).toMatch(/^TLSv1\.2 ECDHE-ECDSA-/);
    expect(await shakeHands(port, {})).toMatch(/^TLSv1\.3 /);
  });

  test('T55: plain http to it is cut off without a word', async () => {
    const { port } = await openEdge();
    const socket = connectPlain(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).not.toMatch(/HTTP|bank/);
  });

  test('T44: a peer that opens a connection and never shakes hands is cut off', async () => {
    const { port } = await openEdge({ headersTimeoutMs: 200 });
    const socket = connectPlain(port, '127.0.0.1');
    socket.resume();
    await new Promise((resolve) => socket.once('close', resolve));
  });

  test('T44: behind TLS the limits of a slow head are what they are without', async () => {
    const { port } = await openEdge({ headersTimeoutMs: 200, requestTimeoutMs: 300 });
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: authority.certificate });
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.write('GET / HTTP/1.1\r\nhost:');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(text).toMatch(/^HTTP\/1\.1 408 [\s\S]*request-timeout/);
  });
});
