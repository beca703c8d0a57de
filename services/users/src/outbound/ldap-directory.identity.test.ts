import { EXCLUSIVE_ROLES } from '@florin/contracts';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { STAFF_LDIF, TERI } from '../../fixtures/directory-people.ts';
import { directorySettings } from '../../fixtures/keepers.ts';
import { SERVICE_PASSWORD, type Slapd, SUFFIX, startSlapd } from '../../fixtures/slapd.ts';
import type { CredentialVerifier } from '../use-cases/ports.ts';
import { createLdapDirectory, type LdapDirectory } from './ldap-directory.ts';

let slapd: Slapd;
let settings: LdapDirectory;
let directory: CredentialVerifier;

beforeAll(async () => {
  slapd = await startSlapd(STAFF_LDIF);
  settings = {
    ...directorySettings(slapd, { ldap: '', oidc: '' }),
    servicePassword: SERVICE_PASSWORD,
    // As people write it: names of groups are compared without regard to case.
    roles: { [`CN=Tellers,${SUFFIX}`]: 'teller' },
  };
  directory = createLdapDirectory(settings, EXCLUSIVE_ROLES);
});

afterAll(() => slapd?.close());

const WRONG = { ok: false, failure: { code: 'wrong-credentials' } };

it('lets in who is in the directory, with the roles of their groups', async () => {
  expect(await directory.verify('teri', "teri's own password")).toEqual({
    ok: true,
    value: {
      issuer: 'urn:florin:directory:staff',
      subject: Buffer.from(TERI).toString('hex'),
      email: 'teri@bank.example',
      name: 'teri of the bank',
      isEmailConfirmed: true,
      roles: ['teller'],
      hasTwoFactors: false,
    },
  });
  expect(await directory.verify('carl', "carl's own password")).toMatchObject({ value: { roles: ['customer'] } });
});

it('answers the same for a wrong password, an unknown name, and who is disabled or locked', async () => {
  const refused = [
    ['teri', 'wrong'],
    ['nobody', "teri's own password"],
    ['gone', "gone's own password"],
    ['locked', "locked's own password"],
  ] as const;
  for (const [login, password] of refused) expect(await directory.verify(login, password), login).toEqual(WRONG);
});

it('reads flags as Active Directory has them, and takes those that can not be read for set', async () => {
  const flags = [{ attribute: 'employeeNumber', bit: 2 }];
  const flagged = createLdapDirectory({ ...settings, refusals: flags }, EXCLUSIVE_ROLES);
  for (const login of ['enabled', 'teri']) {
    expect(await flagged.verify(login, `${login}'s own password`), login).toMatchObject({ ok: true });
  }
  for (const login of ['disabled', 'garbled']) {
    expect(await flagged.verify(login, `${login}'s own password`), login).toEqual(WRONG);
  }
});

it('refuses several people of one name, and what is no person', async () => {
  expect(await directory.verify('twin', "twin's own password")).toEqual(WRONG);
  expect(await directory.verify('triplet', "first's own password")).toEqual(WRONG);
  expect(await directory.verify('printer', "printer's own password")).toEqual(WRONG);
});

it('T24: takes a name for a name, whatever filters mean by it, and no password for none', async () => {
  const names = [
    '*',
    'ter*',
    'teri)(uid=*',
    '*)(uid=teri',
    'teri)(|(uid=*)',
    'te\\72i',
    'teri\0',
    '\0',
    '',
    '(',
    'a'.repeat(10_000),
  ];
  for (const name of names) {
    expect(await directory.verify(name, "teri's own password"), JSON.stringify(name)).toEqual(WRONG);
  }
  for (const password of ['', '\0', "teri's own password\0", 'a'.repeat(10_000)]) {
    expect(await directory.verify('teri', password), JSON.stringify(password)).toEqual(WRONG);
  }
});

it('makes another person of the same subject at another directory', async () => {
  const other = createLdapDirectory({ ...settings, issuer: 'urn:florin:directory:other' }, EXCLUSIVE_ROLES);
  const at = async (verifier: CredentialVerifier) => {
    const result = await verifier.verify('teri', "teri's own password");
    return result.ok ? `${result.value.issuer}|${result.value.subject}` : undefined;
  };
  expect(await at(other)).toBeDefined();
  expect(await at(other)).not.toBe(await at(directory));
});

it('lets nobody in when it may not search, and when the directory is away', async () => {
  const barred = createLdapDirectory({ ...settings, servicePassword: 'wrong' }, EXCLUSIVE_ROLES);
  expect(await barred.verify('teri', "teri's own password")).toMatchObject({
    failure: { code: 'provider-unavailable' },
  });
  const away = await startSlapd(STAFF_LDIF);
  onTestFinished(() => away.close());
  const lost = createLdapDirectory({ ...settings, url: away.url }, EXCLUSIVE_ROLES);
  expect(await lost.verify('teri', "teri's own password")).toMatchObject({ ok: true });
  await away.stop();
  expect(await lost.verify('teri', "teri's own password")).toMatchObject({ failure: { code: 'provider-unavailable' } });
});

it('sends no password over a network in plain text', () => {
  for (const url of ['ldap://directory.bank.example', 'http://127.0.0.1', 'ldap://127.0.0.1.bank.example']) {
    expect(() => createLdapDirectory({ ...settings, url }, EXCLUSIVE_ROLES), url).toThrow(RangeError);
  }
});
