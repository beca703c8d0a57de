import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  authorise,
  callApi,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let personId: string;
const login = 'maria@example.com';

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
  personId = await signUpPerson(users.origin, login);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

interface Listed {
  readonly id: string;
  readonly current: boolean;
  readonly device: string | null;
  readonly lastSeenAt: string;
}

const resolve = (cookie: string) =>
  callApi(users.origin, 'POST', '/internal/sessions/resolve', { token: 'service', body: { cookie } });

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36';

/** Signs in to the web client with a browser that says it is this. */
async function signInWith(userAgent: string) {
  const browser = openBrowser(users.origin, { 'user-agent': userAgent });
  const { location } = await browser.get('/session/login');
  await browser.get((await authorise(browser, location, { login })).href);
  const cookie = browser.cookie('florin_sid') ?? '';
  const { sessionId } = (await resolve(cookie)).body;
  const token = `person:${personId}:customer:${sessionId}`;
  const list = async (): Promise<Listed[]> =>
    (await callApi(users.origin, 'GET', '/v1/me/sessions', { token })).body.data;
  return { cookie, sessionId, token, list };
}

test('sessions say what signed in, in our own words only', async () => {
  const devices = [];
  for (const userAgent of [CHROME, '<img src=x onerror=alert(1)> Firefox/1 (iPhone)', 'x'.repeat(4_000)]) {
    const { list, sessionId } = await signInWith(userAgent);
    devices.push((await list()).find((one) => one.id === sessionId)?.device);
  }
  expect(devices).toEqual(['Chrome on Linux', 'Firefox on iPhone', null]);
});

test('sessions mark this one, and say when each was last used', async () => {
  const first = await signInWith(CHROME);
  const second = await signInWith(CHROME);
  await database.database.execute(sql`
    UPDATE web_session SET seen_at = now() - interval '40 seconds' WHERE sign_in_id = ${first.sessionId}`);
  const listed = await second.list();
  const [newer, older] = listed;
  expect([newer?.id, newer?.current]).toEqual([second.sessionId, true]);
  expect([older?.id, older?.current]).toEqual([first.sessionId, false]);
  expect(listed.filter((one) => one.current)).toHaveLength(1);
  const seenMs = (one: Listed | undefined) => Date.parse(one?.lastSeenAt ?? '');
  const agoMs = seenMs(newer) - seenMs(older);
  expect(agoMs).toBeGreaterThanOrEqual(39_000);
  await resolve(first.cookie);
  expect(seenMs((await second.list())[1])).toBeGreaterThan(seenMs(older));
});

test('sessions are those that still open something: not one that idled out', async () => {
  const { list, token, sessionId, cookie } = await signInWith(CHROME);
  const other = await signInWith(CHROME);
  await database.database.execute(sql`UPDATE web_session SET seen_at = now() - interval '601 seconds'`);
  expect(await list()).toEqual([]);
  const fresh = await signInWith(CHROME);
  expect((await fresh.list()).map((one) => one.id)).toEqual([fresh.sessionId]);
  // Ending it all the same is no mistake, and never ends another.
  expect((await callApi(users.origin, 'DELETE', `/v1/me/sessions/${sessionId}`, { token })).status).toBe(204);
  for (const gone of [cookie, other.cookie]) expect((await resolve(gone)).status).toBe(404);
  expect((await resolve(fresh.cookie)).status).toBe(200);
});

test('sessions end one by one, and a cookie of one that ended opens nothing', async () => {
  const first = await signInWith(CHROME);
  const kept = await signInWith(CHROME);
  const path = `/v1/me/sessions/${first.sessionId}`;
  const answers = await Promise.all([1, 2, 3].map(() => callApi(users.origin, 'DELETE', path, { token: kept.token })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([204, 404, 404]);
  expect((await resolve(first.cookie)).status).toBe(404);
  expect((await resolve(kept.cookie)).status).toBe(200);
  await users.service.idle();
  const revoked = users.published.filter((one) => one.type === 'users.sessions-revoked.v1');
  expect(revoked.filter((event) => event.data['sessionId'] === first.sessionId)).toHaveLength(1);
});
