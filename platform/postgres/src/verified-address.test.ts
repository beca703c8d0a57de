import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, TLSSocket } from 'node:tls';
import { issueCertificate, newAuthority, type Pem } from '@florin/certificates';
import { expect, it, onTestFinished } from 'vitest';
import { withClient } from './service-database.ts';
import { verifiedAddress } from './verified-address.ts';

const HOUR_MS = 3_600_000;
const clock = () => Date.now();

const newTestAuthority = () =>
  newAuthority({ commonName: 'Test authority', names: ['localhost'], addresses: ['127.0.0.0/8'], days: 1, clock });

const certificateFor = (authority: Pem, name: string) =>
  issueCertificate(authority, {
    commonName: 'postgres',
    names: [name],
    purposes: ['server'],
    fromMs: clock(),
    untilMs: clock() + HOUR_MS,
  });

/** `SSLRequest` of the protocol (PostgreSQL 18, section 54.7): eight bytes, answered with one. */
const SSL_REQUEST_BYTES = 8;

/** A server that speaks as much of the protocol as it takes to see whether a client tells it its name. */
async function openServer(pem: Pem | undefined): Promise<{ readonly port: number; readonly told: string[] }> {
  const told: string[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      if (chunk.length !== SSL_REQUEST_BYTES) told.push('something in plain text');
      socket.write(pem === undefined ? 'N' : 'S');
      if (pem === undefined) return;
      const secureContext = createSecureContext({ cert: pem.certificate, key: pem.key });
      const secured = new TLSSocket(socket, { isServer: true, secureContext });
      secured.on('error', () => {});
      secured.on('data', (startup) => {
        told.push(/user.(\w+)/.exec(startup.toString('latin1'))?.[1] ?? '');
        secured.destroy();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, told };
}

async function connectTo(port: number, authority: Pem, query = ''): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-pg-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  const url = verifiedAddress(`postgres://teller:secret@127.0.0.1:${port}/bank${query}`, caFile);
  await expect(withClient(url, (client) => client.query('select 1'))).rejects.toMatchObject({
    code: 'database-unavailable',
  });
}

it('an address with an authority leads to a server that has a certificate of it', async () => {
  const authority = await newTestAuthority();
  const { port, told } = await openServer(await certificateFor(authority, '127.0.0.1'));
  await connectTo(port, authority);
  expect(told).toEqual(['teller']);
});

it.each(['?sslmode=disable', '?sslmode=no-verify', '?sslmode=require&sslrootcert=system'])(
  'T55: whatever the address said, as %s, a server without TLS is told nothing',
  async (query) => {
    const { port, told } = await openServer(undefined);
    await connectTo(port, await newTestAuthority(), query);
    expect(told).toEqual([]);
  },
);

it('T55: a server with a certificate of another authority, or for another name, is told nothing', async () => {
  const authority = await newTestAuthority();
  for (const pem of [
    await certificateFor(await newTestAuthority(), '127.0.0.1'),
    await certificateFor(authority, 'localhost'),
  ]) {
    const { port, told } = await openServer(pem);
    await connectTo(port, authority);
    expect(told).toEqual([]);
  }
});

it('without an authority an address stays as it is', () => {
  const url = 'postgres://teller:secret@127.0.0.1/bank?sslmode=disable';
  expect([verifiedAddress(url, undefined), verifiedAddress(url, '')]).toEqual([url, url]);
});
