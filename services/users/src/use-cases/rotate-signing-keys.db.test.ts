import { randomUUID } from 'node:crypto';
import { sql } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { createAccessTokenVerifier } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openBrowser } from '../../fixtures/browser.ts';
import {
  authorise,
  discover,
  type LoopbackUsers,
  listenUsers,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { openedVault } from '../../fixtures/opened-vault.ts';
import type { Vault } from '../domain/vault.ts';
import { usersMigrations } from '../service.ts';
import { purgeExpired } from './purge-expired.ts';
import { rotateSigningKeys, rotateWhenDue } from './rotate-signing-keys.ts';

let database: TestDatabase;
let one: LoopbackUsers;
let two: LoopbackUsers;
let vault: Vault;
beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  one = await listenUsers(database.url);
  two = await listenUsers(database.url, { issuer: one.origin });
  vault = await openedVault(database.database);
  await signUpPerson(one.origin, 'maria@example.com');
});
afterAll(async () => {
  await one.close();
  await two.close();
  await database.close();
});

const deps = () => ({
  database: database.database,
  vault,
  newKeyId: randomUUID,
});
const known = async (users: LoopbackUsers) => (await users.service.jwks()).keys.map(({ kid }) => String(kid));
const age = (interval: string) =>
  database.database.execute(sql`UPDATE signing_key SET created_at = now() - ${interval}::interval`);

async function newToken(): Promise<string> {
  const config = await discover(one.origin);
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid bank',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await authorise(openBrowser(one.origin), address.href, { login: 'maria@example.com' });
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  return tokens.access_token;
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;

test('a key that is not known everywhere yet does not sign', async () => {
  expect(await rotateSigningKeys(deps())).toEqual({ ok: false, failure: { code: 'too-soon' } });
  expect(await known(one)).toHaveLength(2);
});

test('a change of keys costs nobody a token, and a door that knew the keys before knows the new one', async () => {
  const verifier = createAccessTokenVerifier({
    issuer: one.origin,
    audience: `${one.origin}/v1`,
    clock: systemClock,
    jwks: () => two.service.jwks(),
  });
  const before = await newToken();
  expect(await verifier.verify(before)).toBeDefined();
  const [signing, next] = await known(one);
  expect(kidOf(before)).toBe(signing);

  await age('3 minutes');
  expect(await rotateSigningKeys(deps())).toEqual({ ok: true, value: { signsNow: next } });
  // Whoever has not heard of it signs with the old one, which everybody knows.
  expect(await verifier.verify(await newToken())).toBeDefined();
  // Every instance looks twice a minute.
  await vi.waitUntil(async () => (await known(one)).length === 3 && (await known(two)).length === 3, {
    timeout: 45_000,
    interval: 500,
  });
  const after = await newToken();
  expect(kidOf(after)).toBe(next);
  expect(await verifier.verify(after)).toBeDefined();
  const published = await known(one);
  expect([published[0], published[2]]).toEqual([next, signing]);
  // The old token is good until it expires, also where nothing is remembered of it.
  const forgetful = createAccessTokenVerifier({
    issuer: one.origin,
    audience: `${one.origin}/v1`,
    clock: systemClock,
    jwks: () => two.service.jwks(),
  });
  expect(await forgetful.verify(before)).toBeDefined();
}, 90_000);

test('of ten who ask at once, one changes the key; the old one goes when its last token has', async () => {
  await age('3 minutes');
  const rotated = await Promise.all(Array.from({ length: 10 }, () => rotateSigningKeys(deps())));
  expect(rotated.filter(({ ok }) => ok)).toHaveLength(1);
  const count = async () => (await database.database.query(sql`SELECT 1 FROM signing_key`)).length;
  expect(await count()).toBe(4);
  await purgeExpired(database.database, 600);
  expect(await count()).toBe(4);
  await database.database.execute(sql`
    UPDATE signing_key SET retired_at = retired_at - interval '16 minutes' WHERE retired_at IS NOT NULL`);
  await purgeExpired(database.database, 600);
  expect(await count()).toBe(2);
});

test('a key that signed for three months is changed by itself, once', async () => {
  const before = await database.database.query(sql`SELECT 1 FROM signing_key`);
  await age('89 days');
  await rotateWhenDue(deps());
  expect(await database.database.query(sql`SELECT 1 FROM signing_key`)).toHaveLength(before.length);
  await age('91 days');
  await Promise.all(Array.from({ length: 5 }, () => rotateWhenDue(deps())));
  expect(await database.database.query(sql`SELECT 1 FROM signing_key`)).toHaveLength(before.length + 1);
});
