import { type TestDatabase, testDatabase } from '@florin/testing';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  authorise,
  callApi,
  discover,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  PASSWORD,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let count = 0;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const call = (method: string, path: string, options: Parameters<typeof callApi>[3] = {}) =>
  callApi(users.origin, method, path, options);
const newEmail = () => `person${++count}@example.com`;
const NOBODY = '01a20394-0000-7000-8000-000000000000';

async function signInAt(login: string, clientId = 'florin-cli') {
  const config = await discover(users.origin, clientId);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid bank',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const answer = await authorise(openBrowser(users.origin), address.href, { login });
  const tokens = await client.authorizationCodeGrant(config, answer, { pkceCodeVerifier });
  return { config, tokens, sid: String(decodeJwt(tokens.access_token)['sid']) };
}

async function revoked(): Promise<unknown[]> {
  await users.service.idle();
  return users.published.filter((event) => event.type === 'users.sessions-revoked.v1').map((event) => event.data);
}

describe('sign-up', () => {
  test('answers the person, tells the others, and stores no name in the clear', async () => {
    const body = { email: ' Grace.Hopper@Example.com ', password: PASSWORD, name: 'Grace Hopper' };
    const answer = await call('POST', '/v1/users', { body });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ email: 'grace.hopper@example.com', name: 'Grace Hopper', roles: ['customer'] });
    await users.service.idle();
    const registered = users.published.filter((event) => event.type === 'users.user-registered.v1');
    expect(registered.map((event) => event.data['userId'])).toContain(answer.body.id);
    const rows = await database.database.query<{ row: string }>({
      text: 'SELECT p::text AS row FROM person p WHERE id = $1',
      values: [answer.body.id],
    });
    const stored = rows.map(({ row }) => row).join();
    for (const text of ['grace', 'Grace', 'Hopper', 'example.com']) {
      expect(stored).not.toContain(text);
      expect(stored).not.toContain(Buffer.from(text).toString('hex'));
    }
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
  });

  test.each([
    ['a taken address in another spelling', { email: 'TAKEN@example.com' }, 409, 'email-taken'],
    ['no address', { email: 'taken.example.com' }, 422, 'invalid-email'],
    ['a weak password', { password: 'OurBank2026!' }, 422, 'password-too-weak'],
    ['an unknown field', { roles: ['admin'] }, 400, 'invalid-request'],
    ['a blank name', { name: ' \u00a0 ' }, 400, 'invalid-request'],
    ['a name with a line break', { name: 'Grace\nHopper' }, 400, 'invalid-request'],
    ['a password that is no text', { password: 123456789012 }, 400, 'invalid-request'],
  ])('%s is refused', async (_what, changes, status, code) => {
    await call('POST', '/v1/users', { body: { email: 'taken@example.com', password: PASSWORD, name: 'Tim Taken' } });
    const body = { email: newEmail(), password: PASSWORD, name: 'Grace Hopper', ...changes };
    const answer = await call('POST', '/v1/users', { body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('of one address twenty times at once makes one person', async () => {
    const body = { email: newEmail(), password: PASSWORD, name: 'Grace Hopper' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => call('POST', '/v1/users', { body })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  test('a password of 1 MB is 413, and one longer than 128 characters is refused, not cut', async () => {
    const body = { email: newEmail(), name: 'Grace Hopper' };
    expect((await call('POST', '/v1/users', { body: { ...body, password: 'x'.repeat(1_000_000) } })).status).toBe(413);
    const long = await call('POST', '/v1/users', { body: { ...body, password: `${PASSWORD} `.repeat(7) } });
    expect(long.body.code).toBe('password-too-weak');
  });
});

describe('me', () => {
  let id: string;
  let email: string;
  beforeEach(async () => {
    email = newEmail();
    id = await signUpPerson(users.origin, email);
  });

  test('can be read and renamed, by me', async () => {
    const token = `person:${id}:customer`;
    expect((await call('GET', '/v1/me')).status).toBe(401);
    expect((await call('GET', '/v1/me', { token })).body).toMatchObject({ id, email, name: 'Maria Keller' });
    const renamed = await call('PATCH', '/v1/me', { token, body: { name: 'Maria Meyer' } });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Maria Meyer']);
    expect((await call('PATCH', '/v1/me', { token, body: { email: 'x@example.com' } })).status).toBe(400);
    expect((await call('GET', '/v1/me', { token: `person:${NOBODY}:customer` })).status).toBe(401);
  });

  test('my sessions are listed; ending one kills it and no other; another’s is unknown to me', async () => {
    const first = await signInAt(email);
    const second = await signInAt(email);
    const token = `person:${id}:customer:${second.sid}`;
    const listed = (await call('GET', '/v1/me/sessions', { token })).body.data;
    expect(listed.map((one: { id: string; current: boolean }) => [one.id, one.current])).toEqual([
      [second.sid, true],
      [first.sid, false],
    ]);
    const other = await signUpPerson(users.origin, newEmail());
    const foreign = await call('DELETE', `/v1/me/sessions/${first.sid}`, { token: `person:${other}:customer` });
    const unknown = await call('DELETE', `/v1/me/sessions/${'A'.repeat(43)}`, { token });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'session-not-found']);
    expect(unknown.body.detail).toBe(foreign.body.detail);

    expect((await call('DELETE', `/v1/me/sessions/${first.sid}`, { token })).status).toBe(204);
    expect(await revoked()).toContainEqual(expect.objectContaining({ userId: id, sessionId: first.sid }));
    await expect(client.refreshTokenGrant(first.config, first.tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
    await client.refreshTokenGrant(second.config, second.tokens.refresh_token ?? '');
  });
});

test('a session of a program was last seen when its tokens were last refreshed', async () => {
  const email = newEmail();
  const id = await signUpPerson(users.origin, email);
  const { config, tokens, sid } = await signInAt(email);
  await database.database.execute({
    text: "UPDATE oidc_record SET created_at = created_at - interval '1 hour' WHERE account_id = $1",
    values: [id],
  });
  const seen = async () => {
    const [session] = (await call('GET', '/v1/me/sessions', { token: `person:${id}:customer:${sid}` })).body.data;
    expect(session).toMatchObject({ clientId: 'florin-cli', device: null, current: true });
    return (Date.parse(session.lastSeenAt) - Date.parse(session.startedAt)) / 1_000;
  };
  expect(await seen()).toBeLessThan(60);
  await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  expect(await seen()).toBeGreaterThanOrEqual(3_600);
});

describe('roles', () => {
  async function adminPerson(): Promise<string> {
    const id = await signUpPerson(users.origin, newEmail());
    await call('PUT', `/internal/users/${id}/roles`, { token: 'service', body: { roles: ['admin'] } });
    return id;
  }

  test('only an admin changes them, never their own, and the person is signed out everywhere', async () => {
    const email = newEmail();
    const id = await signUpPerson(users.origin, email);
    const signedIn = await signInAt(email);
    const admin = { token: `person:${await adminPerson()}:admin` };
    const second = { token: `person:${await adminPerson()}:admin` };
    const decide = async (asked: { body: { id: string } }, who = second, decision = 'approve') =>
      call('POST', `/v1/approvals/users/${asked.body.id}/${decision}`, who);
    const path = `/v1/users/${id}/roles`;
    for (const role of ['customer', 'teller', 'supervisor', 'auditor']) {
      const answer = await call('POST', path, { token: `person:${NOBODY}:${role}`, body: { role: 'teller' } });
      expect(answer.status).toBe(403);
    }
    expect((await call('POST', path, { token: `person:${id}:admin`, body: { role: 'teller' } })).body.code).toBe(
      'own-roles',
    );
    expect((await call('POST', path, { ...admin, body: { role: 'root' } })).status).toBe(400);
    expect(
      (await call('POST', `/v1/users/${NOBODY.replace('1', '2')}/roles`, { ...admin, body: { role: 'teller' } }))
        .status,
    ).toBe(404);

    const granted = await call('POST', path, { ...admin, body: { role: 'teller' } });
    expect([granted.status, granted.body]).toMatchObject([202, { status: 'pending', payload: { role: 'teller' } }]);
    expect((await call('POST', path, { ...second, body: { role: 'auditor' } })).body.code).toBe('roles-conflict');
    expect((await call('POST', path, { ...second, body: { role: 'loan-officer' } })).body.code).toBe(
      'approval-pending',
    );
    expect((await decide(granted, admin)).body.code).toBe('second-person-required');
    expect((await decide(granted, { token: `person:${id}:admin` })).body.code).toBe('own-roles');
    expect((await decide(granted, { token: `person:${NOBODY}:admin` })).body.code).toBe('approval-unfounded');
    const looked = await call('GET', `/v1/approvals/users/${granted.body.id}`, second);
    expect(looked.body).toMatchObject({ status: 'pending', current: { roles: 'customer' } });
    expect((await decide(granted)).body).toMatchObject({ status: 'done', failure: null });
    expect((await decide(granted)).body.code).toBe('approval-decided');
    const repeated = await call('POST', path, { ...admin, body: { role: 'teller' } });
    expect([repeated.status, repeated.body]).toEqual([200, { id, roles: ['customer', 'teller'] }]);
    expect((await call('POST', path, { ...admin, body: { role: 'supervisor' } })).body.code).toBe('roles-conflict');
    await expect(client.refreshTokenGrant(signedIn.config, signedIn.tokens.refresh_token ?? '')).rejects.toThrow();
    const events = await revoked();
    expect(events).toContainEqual(expect.objectContaining({ userId: id, sessionId: signedIn.sid }));
    expect(events).toContainEqual({ userId: id, notBefore: expect.any(Number) });
    expect(decodeJwt((await signInAt(email)).tokens.access_token)['roles']).toEqual(['customer', 'teller']);

    const withdrawn = await call('DELETE', `${path}/customer?reason=Left%20us`, admin);
    expect(withdrawn.body).toMatchObject({ status: 'pending', reason: 'Left us' });
    expect((await decide(withdrawn)).body.status).toBe('done');
    const [last] = (await call('GET', '/v1/approvals/users?limit=1', second)).body.data;
    expect(last).toMatchObject({ id: withdrawn.body.id, action: 'roles.withdraw', resource: id, status: 'done' });
    expect((await call('DELETE', `${path}/teller`, admin)).body.code).toBe('no-role-left');
  });

  test('T35: who asked has lost the right to by the time somebody decides; it can only be rejected', async () => {
    const id = await signUpPerson(users.origin, newEmail());
    const [makerId, checkerId] = [await adminPerson(), await adminPerson()];
    const asked = await call('POST', `/v1/users/${id}/roles`, {
      token: `person:${makerId}:admin`,
      body: { role: 'teller', reason: 'Starts on Monday' },
    });
    await call('PUT', `/internal/users/${makerId}/roles`, { token: 'service', body: { roles: ['loan-officer'] } });
    const path = `/v1/approvals/users/${asked.body.id}`;
    const checker = { token: `person:${checkerId}:admin` };
    expect((await call('POST', `${path}/approve`, checker)).body.code).toBe('approval-unfounded');
    const rejected = await call('POST', `${path}/reject`, { ...checker, body: { reason: 'Asked by nobody' } });
    expect(rejected.body).toMatchObject({ status: 'rejected', checker: checkerId, decisionReason: 'Asked by nobody' });
  });

  test('T35: the roles have changed meanwhile so that it is impossible: it has failed, and says why', async () => {
    const id = await signUpPerson(users.origin, newEmail());
    const [makerId, checkerId] = [await adminPerson(), await adminPerson()];
    const body = { role: 'teller' };
    const asked = await call('POST', `/v1/users/${id}/roles`, { token: `person:${makerId}:admin`, body });
    await call('PUT', `/internal/users/${id}/roles`, { token: 'service', body: { roles: ['supervisor'] } });
    const approved = await call('POST', `/v1/approvals/users/${asked.body.id}/approve`, {
      token: `person:${checkerId}:admin`,
    });
    expect(approved.body).toMatchObject({ status: 'failed', failure: { code: 'roles-conflict' } });
  });

  test('services set them, and a short name to sign in with', async () => {
    const email = newEmail();
    const id = await signUpPerson(users.origin, email);
    const put = (what: string, body: unknown, token?: string) =>
      call('PUT', `/internal/users/${id}/${what}`, { body, ...(token === undefined ? {} : { token }) });
    expect((await put('roles', { roles: ['teller'] })).status).toBe(401);
    expect((await put('roles', { roles: ['teller'] }, `person:${NOBODY}:admin`)).status).toBe(403);
    expect((await put('roles', { roles: ['loan-officer'] }, 'service')).body.roles).toEqual(['loan-officer']);

    expect((await put('login', { login: 'lena' }, 'service')).status).toBe(204);
    expect(decodeJwt((await signInAt('Lena')).tokens.access_token)).toMatchObject({ sub: id, roles: ['loan-officer'] });
    const second = await signUpPerson(users.origin, newEmail());
    const taken = await call('PUT', `/internal/users/${second}/login`, { body: { login: 'lena' }, token: 'service' });
    expect([taken.status, taken.body.code]).toEqual([409, 'login-taken']);
    expect((await put('login', { login: 'x@example.com' }, 'service')).status).toBe(400);
  });
});
