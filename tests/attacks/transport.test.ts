import { readFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ServiceName } from '@florin/contracts';
import { peerName } from '@florin/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePortPair } from '../../tools/free-ports.ts';
import { STORED_SERVICES } from '../../tools/secrets.ts';
import { type Entry, type LoneBank, MAINS, prepareLoneBank } from './lone-bank.ts';
import { type LoneProcess, startLone } from './lone-process.ts';

/** The whole bank in five processes, as an operator starts them, that talk over mutual TLS. */
let bank: LoneBank;
const running: LoneProcess[] = [];
beforeAll(async () => {
  bank = await prepareLoneBank();
  const starting = STORED_SERVICES.map((service) =>
    startLone(MAINS[service], bank.settingsOf(service), `${service} is ready`),
  );
  for (const started of await Promise.allSettled(starting)) {
    if (started.status === 'rejected') throw started.reason;
    running.push(started.value);
  }
  running.push(await startLone(MAINS.gateway, bank.settingsOf('gateway'), 'the gateway is open'));
}, 240_000);
afterAll(async () => {
  const codes = await Promise.all(running.map((one) => one.stop()));
  await bank.close();
  expect(codes).toEqual(running.map(() => 0));
});

const pem = (name: string): string => readFileSync(join(bank.certsFolder, `${name}.pem`), 'utf8');
/** The certificate that `npm run certs` made for a part of the bank, or for the public port. */
const shown = (name: Entry | 'edge'): ConnectionOptions => ({ cert: pem(name), key: pem(`${name}-key`) });

/** Sends one request over a connection of its own; answers what came back, or the code of why nothing did. */
function knock(port: number, path: string, options: ConnectionOptions | 'plain'): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket =
      options === 'plain'
        ? connectPlain(port, '127.0.0.1')
        : connectTls({ port, host: '127.0.0.1', ca: pem('ca'), ...options });
    socket.on(options === 'plain' ? 'connect' : 'secureConnect', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    );
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(text === '' ? 'closed' : text));
  });
}

function knockService(service: ServiceName, options: ConnectionOptions | 'plain'): Promise<string> {
  const named = options === 'plain' ? options : { servername: peerName(service), ...options };
  return knock(bank.ports[service], '/internal/nothing', named);
}

/** Who calls whom. Nobody else has business at that port, whatever token they hold. */
const CALLERS: Readonly<Record<ServiceName, readonly Entry[]>> = {
  users: ['gateway', 'accounts', 'transactions'],
  accounts: ['gateway', 'users'],
  transactions: ['gateway', 'accounts'],
  notifications: ['gateway'],
};
const ENTRIES = Object.keys(MAINS) as Entry[];
/** How a refusal looks from outside: an alert of TLS, or a connection that ends. */
const REFUSED = /^(closed|ECONNRESET|EPIPE|ERR_SSL_\w+)$/;

describe.each(STORED_SERVICES)('the port of %s', (service) => {
  test.each(ENTRIES)('T55: knows whether %s may call, by its certificate', async (entry) => {
    const answer = await knockService(service, shown(entry));
    // Who is let in still needs a token, or asks for what is not there.
    expect(answer).toMatch(CALLERS[service].includes(entry) ? /^HTTP\/1\.1 40[14] / : REFUSED);
  });

  test.each([
    ['plain http', () => 'plain' as const],
    ['no certificate', () => ({})],
    ['the public certificate', () => shown('edge')],
    ['TLS 1.2', () => ({ ...shown('gateway'), maxVersion: 'TLSv1.2' }) as const],
  ])('T55: %s is refused', async (_, options) => {
    expect(await knockService(service, options())).toMatch(REFUSED);
  });

  test('T55: health and metrics are told over TLS only, to whoever watches', async () => {
    const port = bank.ports[service] + 1;
    expect(await knock(port, '/health/ready', { servername: peerName(service) })).toMatch(/^HTTP\/1\.1 200 /);
    expect(await knock(port, '/metrics', 'plain')).not.toMatch(/HTTP|florin/);
  });
});

describe('the public port', () => {
  const ask = (path: string) => knock(bank.ports.gateway, path, { servername: 'localhost' });

  test('leads over mutual TLS to the service behind it', async () => {
    const answer = await ask('/oidc/jwks');
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"kty":"EC"/);
    expect(answer).toMatch(/strict-transport-security: max-age=31536000/i);
  });

  test('T55: a service at the address of another is told nothing', async () => {
    const port = await freePortPair();
    const settings = { ...bank.settingsOf('gateway'), FLORIN_PORT: String(port) };
    const misled = { ...settings, FLORIN_USERS_URL: `https://127.0.0.1:${bank.ports.accounts}` };
    // It is not believed to be who it is not, so nobody knows what was revoked, and the gateway lets nobody in.
    running.push(await startLone(MAINS.gateway, misled, 'not open yet'));
    expect(await knock(port, '/oidc/jwks', { servername: 'localhost' })).toBe('ECONNREFUSED');
  });

  test('gives no cookie that would go over plain http', async () => {
    expect(await ask('/session/login')).toMatch(/set-cookie: __Secure-[^\r]*; Secure/i);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('T55: %s is refused', async (version) => {
    const offered = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' };
    const answer = await knock(bank.ports.gateway, '/', { servername: 'localhost', ...offered });
    expect(answer).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('T55: plain http is refused', async () => {
    expect(await knock(bank.ports.gateway, '/', 'plain')).not.toMatch(/HTTP/);
  });
});
