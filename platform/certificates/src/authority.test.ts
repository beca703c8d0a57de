import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { issueCertificate, newAuthority, type Pem } from './authority.ts';

const HOUR_MS = 3_600_000;
const now = Date.now();
const authority = await newAuthority({
  commonName: 'Test authority',
  names: ['localhost', 'florin.internal'],
  addresses: ['127.0.0.0/8', '::1/128'],
  days: 1,
  clock: () => now,
});

const issue = (names: readonly string[]): Promise<Pem> =>
  issueCertificate(authority, {
    commonName: 'test',
    names,
    purposes: ['server'],
    fromMs: now,
    untilMs: now + HOUR_MS,
  });

/** What a client that trusts the authority says to a server with this certificate: nothing, or why not. */
async function verdict(pem: Pem, name: string): Promise<string> {
  const server = createServer({ cert: pem.certificate, key: pem.key }, (socket) => socket.end());
  onTestFinished(() => void server.close());
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve) => {
    const client: TLSSocket = connect({ port, host: '127.0.0.1', servername: name, ca: authority.certificate });
    client.on('secureConnect', () => resolve('trusted'));
    client.on('error', (error) => resolve(error.message));
    client.on('close', () => resolve('closed'));
  });
}

it('makes certificates that a client of the authority trusts, for as long as they say', async () => {
  const pem = await issue(['transactions.florin.internal', 'localhost', '127.0.0.1', '::1']);
  const certificate = new X509Certificate(pem.certificate);
  expect(certificate.subjectAltName).toBe(
    'DNS:transactions.florin.internal, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  expect(certificate.checkPrivateKey(createPrivateKey(pem.key))).toBe(true);
  expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
  // Certificates count in whole seconds.
  expect(certificate.validToDate.getTime()).toBe(Math.floor((now + HOUR_MS) / 1_000) * 1_000);
  expect(await verdict(pem, 'transactions.florin.internal')).toBe('trusted');
  expect(await verdict(pem, 'accounts.florin.internal')).toMatch(/altnames/);
});

it('gives each certificate a key and a number of its own', async () => {
  const [one, two] = [await issue(['localhost']), await issue(['localhost'])];
  expect(one.key).not.toBe(two.key);
  const numbers = [one, two].map((pem) => new X509Certificate(pem.certificate).serialNumber);
  expect(new Set(numbers).size).toBe(2);
});

it.each([['bank.example'], ['internal'], ['10.0.0.1']])(
  'an authority whose key was stolen can not vouch for %s',
  async (name) => {
    expect(await verdict(await issue([name, 'localhost']), 'localhost')).toMatch(/permitted subtree violation/);
  },
);

it('its certificates can not vouch for others', async () => {
  const leaf = await issue(['localhost']);
  const below = await issueCertificate(leaf, {
    commonName: 'below',
    names: ['localhost'],
    purposes: ['server'],
    fromMs: now,
    untilMs: now + HOUR_MS,
  });
  const chain = { certificate: below.certificate + leaf.certificate, key: below.key };
  expect(await verdict(chain, 'localhost')).toMatch(/does not include certificate signing/);
});
