import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, newAuthority } from '@florin/certificates';
import { peerName } from '@florin/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoneBank, MAINS, prepareLoneBank, type Settings } from './lone-bank.ts';
import { runToEnd, startLone } from './lone-process.ts';

let bank: LoneBank;
beforeAll(async () => {
  bank = await prepareLoneBank();
});
afterAll(() => bank.close());

const PRODUCTION = { FLORIN_ENV: 'production' };
const refusals = (said: string) =>
  said.split('\n').filter((line) => line.startsWith('florin: not ready for production:'));

let certificates: string;
beforeAll(() => {
  certificates = mkdtempSync(join(tmpdir(), 'florin-bank-certificates-'));
});
afterAll(() => rmSync(certificates, { recursive: true }));

/** A certificate for the ledger of an authority that is not the one for development. */
async function ownCertificate(): Promise<Settings> {
  const names = [peerName('transactions')];
  const authority = await newAuthority({ commonName: 'The bank', names, addresses: [], days: 1, clock: Date.now });
  const validity = { fromMs: Date.now(), untilMs: Date.now() + 3_600_000 };
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'transactions',
    names,
    purposes: ['server', 'client'],
    ...validity,
  });
  const write = (name: string, text: string): string => {
    const file = join(certificates, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  return {
    FLORIN_PEER_CERTIFICATE_FILE: write('certificate.pem', certificate),
    FLORIN_PEER_KEY_FILE: write('key.pem', key),
    FLORIN_PEER_CA_FILE: write('ca.pem', authority.certificate),
  };
}

/** The same server and role, another database. */
function urlAs(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

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
      expect(refusals(said)).toEqual([
        ...(service === 'transactions' || service === 'accounts'
          ? [expect.stringContaining('FLORIN_STRONG_AUTHENTICATION to always')]
          : []),
        expect.stringContaining('FLORIN_PEER_CERTIFICATE_FILE'),
      ]);
    },
  );

  it('T56: the ledger starts as the role that owns nothing, and refuses as the owner or a superuser', async () => {
    const settings = {
      ...bank.settingsOf('transactions'),
      ...(await ownCertificate()),
      ...PRODUCTION,
      FLORIN_STRONG_AUTHENTICATION: 'always',
    };
    const asRole = (url: string) =>
      runToEnd(MAINS.transactions, { ...settings, FLORIN_TRANSACTIONS_DATABASE_URL: url });
    const { ownerUrl } = bank.databases.transactions;
    const refused = [await asRole(ownerUrl), await asRole(urlAs(bank.superuserUrl, 'florin_transactions'))];
    expect(refused.map(({ code }) => code)).toEqual([1, 1]);
    expect(refused.flatMap(({ said }) => refusals(said))).toEqual([
      expect.stringMatching(/FLORIN_TRANSACTIONS_DATABASE_URL signs in as the owner of the tables$/),
      expect.stringMatching(/FLORIN_TRANSACTIONS_DATABASE_URL signs in as a superuser, or as good as one$/),
    ]);
    const ledger = await startLone(MAINS.transactions, settings, 'transactions is ready');
    expect(await ledger.stop()).toBe(0);
  });

  it('T56: a stage that is misspelt is refused, rather than taken for development', async () => {
    const settings = { ...bank.settingsOf('transactions'), FLORIN_ENV: 'Production' };
    const { code, said } = await runToEnd(MAINS.transactions, settings);
    expect([code, said]).toEqual([1, expect.stringContaining('FLORIN_ENV must be production or development')]);
  });
});
