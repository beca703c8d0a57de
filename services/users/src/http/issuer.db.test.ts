import { type IncomingHttpHeaders, request } from 'node:http';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  authorise,
  callApi,
  discover,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let config: client.Configuration;
let personId: string;
const login = 'maria@example.com';

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
  personId = await signUpPerson(users.origin, login);
  config = await discover(users.origin);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const BASIC = {
  client_id: 'florin-cli',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid bank',
  state: 'a-state',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

function authAddress(changes: Record<string, string | undefined> = {}): string {
  const query = Object.entries({ ...BASIC, ...changes }).filter(([, value]) => value !== undefined) as [
    string,
    string,
  ][];
  return `/oidc/auth?${new URLSearchParams(query)}`;
}

async function newTokens(browser = openBrowser(users.origin)) {
  const codeVerifier = client.randomPKCECodeVerifier();
  const challenge = await client.calculatePKCECodeChallenge(codeVerifier);
  const nonce = client.randomNonce();
  const address = authAddress({ code_challenge: challenge, nonce });
  const answer = await authorise(browser, address, { login });
  return client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: codeVerifier,
    expectedState: BASIC.state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
}

test.each([
  ['urn:florin:acr:mfa', 'unmet_authentication_requirements'],
  ['urn:florin:acr:mfa urn:florin:acr:password', null],
  ['urn:florin:acr:password', null],
])('who has one factor is asked for %s: %s', async (acrValues, error) => {
  const back = await authorise(openBrowser(users.origin), authAddress({ acr_values: acrValues, max_age: '300' }), {
    login,
  });
  expect(back.searchParams.get('error')).toBe(error);
  expect(back.searchParams.has('code')).toBe(error === null);
});

test('both discovery documents name the issuer and addresses under /oidc', async () => {
  for (const path of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']) {
    const { status, body } = await callApi(users.origin, 'GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      issuer: users.origin,
      authorization_endpoint: `${users.origin}/oidc/auth`,
      token_endpoint: `${users.origin}/oidc/token`,
      jwks_uri: `${users.origin}/oidc/jwks`,
      end_session_endpoint: `${users.origin}/oidc/end_session`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      prompt_values_supported: ['none', 'login', 'create'],
      authorization_response_iss_parameter_supported: true,
    });
    expect(body.scopes_supported).not.toContain('bank');
  }
});

test('an access token is a signed RFC 9068 token of five minutes for the bank’s API', async () => {
  const tokens = await newTokens();
  const jwks = createRemoteJWKSet(new URL('/oidc/jwks', users.origin));
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, jwks, {
    issuer: users.origin,
    audience: `${users.origin}/v1`,
    algorithms: ['ES256'],
    typ: 'at+jwt',
    requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id', 'sid', 'auth_time'],
  });
  const published = await users.service.jwks();
  expect(published.keys).toHaveLength(2);
  expect(protectedHeader.kid).toBe(published.keys[0]?.kid);
  expect(JSON.stringify(published)).not.toContain('"d"');
  expect(payload).toMatchObject({
    sub: personId,
    client_id: 'florin-cli',
    scope: 'bank',
    roles: ['customer'],
    acr: 'urn:florin:acr:password',
    amr: ['pwd'],
    name: 'Maria Keller',
  });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  expect(tokens.claims()).toMatchObject({ sub: personId, aud: 'florin-cli', acr: 'urn:florin:acr:password' });
  expect(JSON.stringify(payload)).not.toContain(login);
  expect(JSON.stringify(tokens.claims())).not.toMatch(/maria/i);
});

test.each([
  ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
  ['plain PKCE', { code_challenge_method: 'plain' }],
  ['the method omitted', { code_challenge_method: undefined }],
  ['implicit', { response_type: 'id_token', nonce: 'n' }],
  ['hybrid', { response_type: 'code id_token', nonce: 'n' }],
  ['another API', { resource: 'https://other.example/v1' }],
  ['consent', { prompt: 'consent' }],
])('%s is refused at the authorisation endpoint', async (_what, changes) => {
  const answer = await openBrowser(users.origin).get(authAddress(changes));
  expect(answer.status).toBe(303);
  expect(new URL(answer.location).searchParams.get('error') ?? new URL(answer.location).hash).toMatch(/\w/);
  expect(answer.location).not.toContain('/interaction/');
});

test.each([
  'http://127.0.0.1/callback/',
  'http://127.0.0.1/callback/../x',
  'http://127.0.0.1.evil.example/callback',
  'http://127.0.0.1@evil.example/callback',
  'http://127.0.0.1/callback#x',
  'http://127.0.0.1/CALLBACK',
  'http://localhost/callback',
  'https://127.0.0.1/callback',
  'javascript:alert(1)',
])('the redirect %s is refused without going there', async (redirect) => {
  const answer = await openBrowser(users.origin).get(authAddress({ redirect_uri: redirect }));
  expect(answer.status).toBe(400);
  expect(answer.location).toBe('');
  expect(answer.headers.get('content-type')).toContain('text/html');
  expect(answer.text).not.toMatch(/\bat \S+:\d+/);
});

test('a loopback redirect may use any port, an unknown client and passwords at the token endpoint are refused', async () => {
  const answer = await openBrowser(users.origin).get(authAddress({ redirect_uri: 'http://127.0.0.1:49152/callback' }));
  expect(answer.location).toContain('/interaction/');
  expect((await openBrowser(users.origin).get(authAddress({ client_id: 'nobody' }))).status).toBe(400);
  const form = new URLSearchParams({ grant_type: 'password', client_id: 'florin-cli', username: login, password: 'x' });
  const token = await fetch(new URL('/oidc/token', users.origin), { method: 'POST', body: form });
  expect((await token.json()).error).toBe('unsupported_grant_type');
});

/** Sends any Host header, which `fetch` does not. */
function getAs(origin: string, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const outgoing = request(new URL(path, origin), { headers }, (answer) => {
      answer.setEncoding('utf8');
      let text = '';
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

const FORGED = [
  { host: 'evil.example' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'ftp' },
  { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' },
];

test.each(FORGED)('%j appears in no address', async (headers) => {
  const answer = await getAs(users.origin, authAddress(), headers);
  expect(answer.headers.location).toMatch(/^\/interaction\//);
  const document = await getAs(users.origin, '/.well-known/openid-configuration', headers);
  expect(document.text).not.toContain('evil.example');
  expect(JSON.parse(document.text).token_endpoint).toBe(`${users.origin}/oidc/token`);
});

test.each(FORGED)('nor behind TLS that ended before us, with %j', async (headers) => {
  const behind = await listenUsers(database.url, { issuer: 'https://bank.example' });
  const document = await getAs(behind.origin, '/.well-known/openid-configuration', headers);
  expect(JSON.parse(document.text)).toMatchObject({
    issuer: 'https://bank.example',
    token_endpoint: 'https://bank.example/oidc/token',
  });
  const answer = await getAs(behind.origin, authAddress(), headers);
  expect(answer.status).toBe(303);
  const cookies = answer.headers['set-cookie'] ?? [];
  expect(cookies.join()).toContain('__Secure-florin_interaction=');
  for (const cookie of cookies) expect(cookie).toMatch(/; secure/i);
  const login = await getAs(behind.origin, '/session/login', headers);
  expect(login.headers.location).toMatch(/^https:\/\/bank\.example\/oidc\/auth\?/);
  expect(login.headers['set-cookie']?.join()).toMatch(/^__Secure-florin_sign_in=.*; Secure$/);
  await behind.close();
});

test('every sign-in asks for the password, also in a browser that is signed in', async () => {
  const browser = openBrowser(users.origin);
  await newTokens(browser);
  const again = await browser.get(authAddress());
  expect(again.location).toContain('/interaction/');
  const silent = await browser.get(authAddress({ prompt: 'none' }));
  expect(new URL(silent.location).searchParams.get('error')).toBe('login_required');
});

test('somebody else may sign in after somebody in one browser, and gets their own tokens', async () => {
  const other = await signUpPerson(users.origin, 'other@example.com', 'Oscar Other');
  const browser = openBrowser(users.origin);
  const mine = await newTokens(browser);
  const codeVerifier = client.randomPKCECodeVerifier();
  const address = authAddress({ code_challenge: await client.calculatePKCECodeChallenge(codeVerifier) });
  const answer = await authorise(browser, address, { login: 'other@example.com' });
  const theirs = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: codeVerifier,
    expectedState: BASIC.state,
  });
  expect(decodeJwt(mine.access_token).sub).toBe(personId);
  expect(decodeJwt(theirs.access_token).sub).toBe(other);
});

test('signing out at the issuer asks first, then ends the grant and says so', async () => {
  const browser = openBrowser(users.origin);
  const tokens = await newTokens(browser);
  const page = await browser.get(`/oidc/end_session?${new URLSearchParams({ id_token_hint: tokens.id_token ?? '' })}`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  const still = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');

  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const forged = await browser.post('/oidc/end_session/confirm', { xsrf: 'forged', logout: 'yes' });
  expect(forged.status).toBe(400);
  const done = await browser.post('/oidc/end_session/confirm', { xsrf, logout: 'yes' });
  expect(done.status).toBe(303);
  expect((await browser.get(done.location)).text).toContain('You are signed out');
  await expect(client.refreshTokenGrant(config, still.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await users.service.idle();
  const revoked = users.published.filter((event) => event.type === 'users.sessions-revoked.v1');
  expect(revoked.map((event) => event.data['sessionId'])).toContain(decodeJwt(tokens.access_token)['sid']);
});

test('revoking a refresh token ends its sign-in (RFC 7009)', async () => {
  const tokens = await newTokens();
  await client.tokenRevocation(config, tokens.refresh_token ?? '');
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
});

test('the token of the web client is not to be had with its name alone', async () => {
  const form = { grant_type: 'refresh_token', refresh_token: 'x'.repeat(43), client_id: 'florin-web' };
  const answer = await fetch(new URL('/oidc/token', users.origin), { method: 'POST', body: new URLSearchParams(form) });
  expect([400, 401]).toContain(answer.status);
  expect((await answer.json()).error).toMatch(/invalid_client|invalid_request/);
});
