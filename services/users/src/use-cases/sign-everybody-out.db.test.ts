import { sql } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { createAccessTokenVerifier } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../fixtures/browser.ts';
import { authorise, discover, listenUsers, REDIRECT_URI, signUpPerson } from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';
import { signEverybodyOut } from './sign-everybody-out.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(usersMigrations);
});
afterAll(() => database.close());

async function signIn(origin: string) {
  const config = await discover(origin);
  const verifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid bank',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await authorise(openBrowser(origin), address.href, { login: 'maria@example.com' });
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, idTokenExpected: true });
}

test('nothing that was given out before opens a door, and people sign in again', async () => {
  const before = await listenUsers(database.url);
  await signUpPerson(before.origin, 'maria@example.com');
  const { access_token: token } = await signIn(before.origin);
  await before.close();
  await signEverybodyOut(database.database);

  const after = await listenUsers(database.url, { issuer: before.origin });
  const verifier = createAccessTokenVerifier({
    issuer: before.origin,
    audience: `${before.origin}/v1`,
    clock: systemClock,
    jwks: () => after.service.jwks(),
  });
  expect(await verifier.verify(token)).toBeUndefined();
  const left = await database.database.query(sql`
    SELECT model FROM oidc_record UNION ALL SELECT 'session' FROM web_session`);
  expect(left).toEqual([]);
  await after.close();
  const again = await listenUsers(database.url);
  expect((await signIn(again.origin)).access_token).not.toBe(token);
  await again.close();
});
