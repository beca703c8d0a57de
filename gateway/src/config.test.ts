import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { DEFAULT_LIMITS } from './rate-limits.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-gateway-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = join(folder, 'key.json');
writeFileSync(keyFile, '{}');

const NEEDED = {
  FLORIN_USERS_URL: 'http://127.0.0.1:1',
  FLORIN_ACCOUNTS_URL: 'http://127.0.0.1:2',
  FLORIN_TRANSACTIONS_URL: 'http://127.0.0.1:3',
  FLORIN_NOTIFICATIONS_URL: 'http://127.0.0.1:4',
  FLORIN_INTERNAL_KEY_FILE: keyFile,
};

describe('the configuration', () => {
  it('has safe defaults: loopback, no trusted proxy, every limit', () => {
    expect(readConfig(NEEDED)).toMatchObject({
      publicUrl: 'http://localhost:8080',
      host: '127.0.0.1',
      port: 8080,
      internalPort: 8081,
      trustedProxies: [],
      limits: DEFAULT_LIMITS,
    });
  });

  it('reads limits and proxies', () => {
    const config = readConfig({
      ...NEEDED,
      FLORIN_LIMIT_CALLER_PER_SECOND: '0.5',
      FLORIN_LIMIT_CALLER_BURST: '7',
      FLORIN_TRUSTED_PROXIES: '10.0.0.0/8,::1',
    });
    expect(config.limits.caller).toEqual({ ratePerSecond: 0.5, burst: 7 });
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  });

  it('finds the health of a service on the next port, unless it is told where', () => {
    const config = readConfig({
      ...NEEDED,
      FLORIN_ACCOUNTS_URL: 'http://accounts.test',
      FLORIN_TRANSACTIONS_HEALTH_URL: 'http://probe.test/ready',
    });
    expect(config.healthUrls).toEqual({
      users: 'http://127.0.0.1:2/health/ready',
      accounts: 'http://accounts.test:81/health/ready',
      transactions: 'http://probe.test/ready',
      notifications: 'http://127.0.0.1:5/health/ready',
    });
  });

  it('serves a web client only when it is told which', () => {
    expect(readConfig(NEEDED)).not.toHaveProperty('webClient');
    expect(readConfig({ ...NEEDED, FLORIN_WEB_FOLDER: '/srv/web' }).webClient).toEqual({ folder: '/srv/web' });
  });

  it('with a public certificate the address people use is https, unless it is told another', () => {
    const tls = { FLORIN_TLS_CERTIFICATE_FILE: 'edge.pem', FLORIN_TLS_KEY_FILE: 'edge-key.pem' };
    expect(readConfig({ ...NEEDED, ...tls })).toMatchObject({
      publicUrl: 'https://localhost:8080',
      tlsFiles: { certificateFile: 'edge.pem', keyFile: 'edge-key.pem' },
    });
    const told = readConfig({ ...NEEDED, ...tls, FLORIN_PUBLIC_URL: 'https://bank.test' });
    expect(told.publicUrl).toBe('https://bank.test');
    expect(readConfig(NEEDED).tlsFiles).toBeUndefined();
  });

  it.each(['FLORIN_LIMIT_CALLER_BURST', 'FLORIN_LIMIT_ADDRESS_PER_SECOND'])(
    'does not switch a limit off: %s',
    (name) => {
      expect(() => readConfig({ ...NEEDED, [name]: '0' })).toThrow('positive');
    },
  );

  it.each([
    ['FLORIN_USERS_URL', ''],
    ['FLORIN_ACCOUNTS_URL', 'accounts'],
    ['FLORIN_INTERNAL_KEY_FILE', undefined],
    ['FLORIN_USERS_HEALTH_URL', 'users'],
    ['FLORIN_PORT', 'eighty'],
    ['FLORIN_ENV', 'prod'],
    ['FLORIN_LIMIT_CALLER_BURST', 'off'],
    ['FLORIN_LIMIT_SIGN_IN_PER_SECOND', '-1'],
    ['FLORIN_LIMIT_ADDRESS_BURST', ''],
  ])('stops at %s = %j', (name, value) => {
    expect(() => readConfig({ ...NEEDED, [name]: value })).toThrow(name);
  });

  it.each([
    ['FLORIN_TLS_CERTIFICATE_FILE', 'FLORIN_TLS_KEY_FILE'],
    ['FLORIN_TLS_KEY_FILE', 'FLORIN_TLS_CERTIFICATE_FILE'],
  ])('stops at %s without %s', (given, missing) => {
    expect(() => readConfig({ ...NEEDED, [given]: 'a.pem' })).toThrow(missing);
  });
});
