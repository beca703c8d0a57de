import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@florin/primitives';
import { DEVELOPMENT_AUTHORITY } from '@florin/security';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { ensureCertificates } from './development-certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-certs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(folder, 'home-'));
});

const SERVERS = ['edge', 'postgres', 'kafka', 'redis'];
const ALL = [...SERVERS, 'watcher', 'gateway', 'users', 'accounts', 'transactions', 'notifications'];
const DAY_MS = 24 * 3_600_000;
const daysLater = (days: number) => () => systemClock() + days * DAY_MS;
const ensure = async (clock = systemClock, renew = false) => (await ensureCertificates(home, { clock, renew })).made;
const read = (name: string) => new X509Certificate(readFileSync(join(home, 'certs', `${name}.pem`)));

it('makes an authority and a certificate for everybody, for their owner only, and then no more', async () => {
  expect(await ensure()).toEqual(['ca', ...ALL]);
  expect(await ensure()).toEqual([]);
  const certs = join(home, 'certs');
  expect(statSync(certs).mode & 0o777).toBe(0o700);
  const files = readdirSync(certs);
  expect(files).toHaveLength(2 * (ALL.length + 1));
  for (const file of files) expect([file, statSync(join(certs, file)).mode & 0o777]).toEqual([file, 0o600]);
});

it('gives each the names it answers to, and the public one no right to call', async () => {
  await ensure();
  expect(read('edge').subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(read('transactions').subjectAltName).toBe('DNS:transactions.florin.internal');
  const [serverAuth, clientAuth] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];
  expect(read('edge').keyUsage).toEqual([serverAuth]);
  expect(read('gateway').keyUsage).toEqual([serverAuth, clientAuth]);
  for (const name of ALL) {
    expect(read(name).verify(read('ca').publicKey)).toBe(true);
    expect(read(name).issuer).toBe(`CN=${DEVELOPMENT_AUTHORITY}`);
  }
});

it('renews what has less than two weeks left, and all when it is told to', async () => {
  await ensure();
  const [authority, edge] = [read('ca').fingerprint256, read('edge').fingerprint256];
  expect(await ensure(daysLater(75))).toEqual([]);
  expect(await ensure(daysLater(77))).toEqual(ALL);
  expect(read('edge').fingerprint256).not.toBe(edge);
  expect(await ensure(daysLater(77), true)).toEqual(ALL);
  expect(read('ca').fingerprint256).toBe(authority);
});

it('makes a new authority before it could not outlive what it signs, and with it everything anew', async () => {
  await ensure();
  expect(await ensure(daysLater(639))).toEqual(ALL);
  expect(await ensure(daysLater(641))).toEqual(['ca', ...ALL]);
});

it.each([
  ['was left half written', 'users-key.pem', 'nonsense'],
  ['is damaged', 'users.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
])('makes anew what %s', async (_, file, text) => {
  await ensure();
  writeFileSync(join(home, 'certs', file), text);
  expect(await ensure()).toEqual(['users']);
});

it('makes anew what an older authority signed', async () => {
  await ensure();
  rmSync(join(home, 'certs', 'ca-key.pem'));
  expect(await ensure()).toEqual(['ca', ...ALL]);
});
