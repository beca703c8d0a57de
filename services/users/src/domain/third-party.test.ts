import { expect, test } from 'vitest';
import { checkNewClient, type NewThirdPartyClient } from './third-party.ts';

const KEY = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: 'one' } as const;
const good: NewThirdPartyClient = {
  name: 'Ledgerly',
  redirectUris: ['https://ledgerly.example/callback'],
  scopes: ['accounts:read'],
  keys: [KEY],
};
const place = { https: true, isOnCurve: () => true };
const to = (...redirectUris: string[]) => checkNewClient({ ...good, redirectUris }, place);

test('a program comes back over https, to an address without anything that could be read otherwise', () => {
  expect(checkNewClient(good, place)).toEqual({ ok: true, value: good });
  for (const uri of [
    'http://ledgerly.example/callback',
    'http://127.0.0.1/callback',
    'https://ledgerly.example/callback#',
    'https://user@ledgerly.example/callback',
    'https://*.ledgerly.example/',
    'javascript:alert(1)',
    'com.ledgerly:/callback',
    'callback',
  ]) {
    expect(to('https://ledgerly.example/callback', uri), uri).toEqual({
      ok: false,
      failure: { code: 'invalid-redirect-uri' },
    });
  }
});

test('plain http is for this machine, while the bank is reached so itself', () => {
  const here = { ...place, https: false };
  expect(checkNewClient({ ...good, redirectUris: ['http://127.0.0.1:4000/callback'] }, here).ok).toBe(true);
  expect(checkNewClient({ ...good, redirectUris: ['http://ledgerly.example/callback'] }, here).ok).toBe(false);
});

test('every key is one, and has a name of its own', () => {
  expect(checkNewClient({ ...good, keys: [KEY, { ...KEY, kid: 'two' }] }, place).ok).toBe(true);
  expect(checkNewClient({ ...good, keys: [KEY, KEY] }, place)).toEqual({ ok: false, failure: { code: 'invalid-key' } });
  expect(checkNewClient(good, { ...place, isOnCurve: () => false }).ok).toBe(false);
});
