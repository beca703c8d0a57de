import { type TestDatabase, testDatabase } from '@florin/testing';
import { jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  authorise,
  discover,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

/** RFC 9700 sections 2.1.1 and 4.14.2 under concurrency, with two instances of the issuer on one database. */
const AT_ONCE = 10;
const ROUNDS = 3;

let database: TestDatabase;
let one: LoopbackUsers;
let two: LoopbackUsers;
let config: client.Configuration;
const login = 'racer@example.com';

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  one = await listenUsers(database.url);
  two = await listenUsers(database.url, { issuer: one.origin });
  await signUpPerson(one.origin, login);
  config = await discover(one.origin);
});

afterAll(async () => {
  await two.close();
  await one.close();
  await database.close();
});

async function newCode() {
  const codeVerifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid bank',
    state,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  });
  const answer = await authorise(openBrowser(one.origin), address.href, { login });
  return { code: answer.searchParams.get('code') ?? '', codeVerifier, state, answer };
}

async function newTokens() {
  const { codeVerifier, state, answer } = await newCode();
  return client.authorizationCodeGrant(config, answer, { pkceCodeVerifier: codeVerifier, expectedState: state });
}

async function tokenRequest(origin: string, form: Record<string, string>) {
  const response = await fetch(new URL('/oidc/token', origin), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: 'florin-cli', ...form }),
  });
  return { status: response.status, body: await response.json() };
}

/** The same request to both instances in turn, all at once. */
async function race(form: Record<string, string>) {
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => tokenRequest(index % 2 === 0 ? one.origin : two.origin, form)),
  );
  for (const answer of answers) expect([200, 400]).toContain(answer.status);
  for (const answer of answers.filter(({ status }) => status === 400)) expect(answer.body.error).toBe('invalid_grant');
  return answers.filter(({ status }) => status === 200);
}

const refresh = (refreshToken: string, origin = one.origin) =>
  tokenRequest(origin, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function revokedSessions(users: LoopbackUsers): Promise<unknown[]> {
  await one.service.idle();
  await two.service.idle();
  return [...users.published, ...(users === one ? two : one).published]
    .filter((event) => event.type === 'users.sessions-revoked.v1')
    .map((event) => event.data['sessionId']);
}

async function sessionIdOf(accessToken: string): Promise<unknown> {
  const { keys } = await one.service.jwks();
  const { payload } = await jwtVerify(accessToken, (header) => keys.find((key) => key.kid === header.kid) ?? {});
  return payload['sid'];
}

test('one of ten parallel redemptions of a code succeeds, and its tokens are dead', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { code, codeVerifier } = await newCode();
    const winners = await race({
      grant_type: 'authorization_code',
      code,
      code_verifier: codeVerifier,
      redirect_uri: REDIRECT_URI,
    });
    expect(winners).toHaveLength(1);
    const tokens = winners[0]?.body;
    expect((await refresh(tokens.refresh_token)).body.error).toBe('invalid_grant');
    expect(await revokedSessions(one)).toContain(await sessionIdOf(tokens.access_token));
  }
});

test('a code redeemed, and then again: refused, and the first one’s tokens are dead', async () => {
  const { code, codeVerifier } = await newCode();
  const form = { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: REDIRECT_URI };
  const first = await tokenRequest(one.origin, form);
  expect(first.status).toBe(200);
  expect((await tokenRequest(two.origin, form)).body.error).toBe('invalid_grant');
  expect((await refresh(first.body.refresh_token)).body.error).toBe('invalid_grant');
  expect(await revokedSessions(one)).toContain(await sessionIdOf(first.body.access_token));
});

test('at most one of ten parallel refreshes of one token succeeds, and the family is dead', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const tokens = await newTokens();
    const winners = await race({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' });
    expect(winners.length).toBeLessThanOrEqual(1);
    for (const { body } of winners) expect((await refresh(body.refresh_token)).body.error).toBe('invalid_grant');
    expect(await revokedSessions(one)).toContain(await sessionIdOf(tokens.access_token));
  }
});

test('refresh tokens rotate across instances; the replay of an old one kills the family and is on record', async () => {
  const tokens = await newTokens();
  const first = tokens.refresh_token ?? '';
  const second = (await refresh(first, two.origin)).body.refresh_token;
  const third = (await refresh(second, one.origin)).body.refresh_token;
  expect(new Set([first, second, third]).size).toBe(3);

  expect((await refresh(first, two.origin)).body.error).toBe('invalid_grant');
  expect((await refresh(third, one.origin)).body.error).toBe('invalid_grant');
  expect((await refresh(second, one.origin)).body.error).toBe('invalid_grant');
  expect(await revokedSessions(one)).toContain(await sessionIdOf(tokens.access_token));
  const audit = [...one.published, ...two.published].filter((event) => event.data['action'] === 'users.token-replay');
  expect(audit.at(-1)?.data).toMatchObject({
    outcome: 'refused',
    reason: 'token-replayed',
    actor: 'client:florin-cli',
  });
});

test('a code of one client, a wrong verifier or another redirect redeem nothing and do not burn the code', async () => {
  const { code, codeVerifier } = await newCode();
  const form = { grant_type: 'authorization_code', code, code_verifier: codeVerifier, redirect_uri: REDIRECT_URI };
  expect((await tokenRequest(one.origin, { ...form, client_id: 'florin-mobile' })).body.error).toBe('invalid_grant');
  const otherVerifier = client.randomPKCECodeVerifier();
  expect((await tokenRequest(one.origin, { ...form, code_verifier: otherVerifier })).body.error).toBe('invalid_grant');
  expect((await tokenRequest(one.origin, { ...form, redirect_uri: 'http://127.0.0.1/other' })).body.error).toBe(
    'invalid_grant',
  );
  expect((await tokenRequest(one.origin, form)).status).toBe(200);
});

test('nothing that could be presented is stored', async () => {
  const { code } = await newCode();
  const tokens = await newTokens();
  const rows = await database.database.query<{ row: string }>({
    text: 'SELECT o::text || encode(o.payload_sealed, $1) || encode(o.id, $1) AS row FROM oidc_record o',
    values: ['escape'],
  });
  const stored = rows.map(({ row }) => row).join('\n');
  expect(rows.length).toBeGreaterThan(0);
  for (const secret of [code, tokens.refresh_token ?? 'none', tokens.access_token]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
  }
});
