import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoneBank, MAINS, prepareLoneBank, type Settings } from './lone-bank.ts';
import { runToEnd } from './lone-process.ts';

let bank: LoneBank;
beforeAll(async () => {
  bank = await prepareLoneBank();
});
afterAll(() => bank.close());

const PRODUCTION = { FLORIN_ENV: 'production' };
const refusals = (said: string) =>
  said.split('\n').filter((line) => line.startsWith('florin: not ready for production:'));

describe('in production', () => {
  it('T56: npm start refuses, names every cause and makes nothing', async () => {
    const home = mkdtempSync(join(tmpdir(), 'florin-production-'));
    try {
      const { code, said } = await runToEnd('tools/start.ts', { ...PRODUCTION, FLORIN_HOME: home });
      expect(code).toBe(1);
      expect(refusals(said)).toEqual([
        expect.stringContaining('FLORIN_PUBLIC_URL is not https'),
        expect.stringContaining('speaks plain http'),
        expect.stringContaining('demo users'),
        expect.stringContaining('FLORIN_HOME holds a secret or a key that was made for development'),
        expect.stringContaining('PostgreSQL is the one that came with the installation'),
      ]);
      expect(readdirSync(home)).toEqual([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  it('T56: the gateway refuses development certificates and plain http to a service', async () => {
    const settings: Settings = { ...bank.settingsOf('gateway'), FLORIN_USERS_URL: 'http://127.0.0.1:1' };
    const { code, said } = await runToEnd(MAINS.gateway, { ...settings, ...PRODUCTION });
    expect(code).toBe(1);
    expect(refusals(said)).toEqual([
      expect.stringContaining('FLORIN_TLS_CERTIFICATE_FILE is a certificate of the development authority'),
      expect.stringContaining('FLORIN_PEER_CERTIFICATE_FILE is a certificate of the development authority'),
      expect.stringContaining('FLORIN_USERS_URL is not https'),
    ]);
  });

  it.each(['users', 'accounts', 'transactions', 'notifications'] as const)(
    'T56: %s refuses a development certificate',
    async (service) => {
      const { code, said } = await runToEnd(MAINS[service], { ...bank.settingsOf(service), ...PRODUCTION });
      expect(code).toBe(1);
      expect(refusals(said)).toEqual([expect.stringContaining('FLORIN_PEER_CERTIFICATE_FILE')]);
    },
  );

  it('T56: a stage that is misspelt is refused, rather than taken for development', async () => {
    const settings = { ...bank.settingsOf('transactions'), FLORIN_ENV: 'Production' };
    const { code, said } = await runToEnd(MAINS.transactions, settings);
    expect([code, said]).toEqual([1, expect.stringContaining('FLORIN_ENV must be production or development')]);
  });
});
