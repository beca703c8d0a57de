import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  beginInteraction,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  PASSWORD,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const guess = async (name: string, password: string) => {
  const browser = openBrowser(users.origin);
  const interaction = await beginInteraction(browser, (await browser.get('/session/login')).location);
  return browser.submit(interaction, { login: name, password });
};

/** The delay in force is a matter of seconds; moving its end makes a test independent of how fast it runs. */
const blockFor = (seconds: number) =>
  database.database.execute({
    text: 'UPDATE sign_in_failure SET blocked_until = now() + make_interval(secs => $1)',
    values: [seconds],
  });

test.each(['victim@example.com', 'nobody-at-all@example.com'])('guessing of %s is slowed down alike', async (name) => {
  const known = name.startsWith('victim');
  if (known) await signUpPerson(users.origin, name);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect((await guess(name, `wrong password ${attempt}`)).status).toBe(401);
  }
  await guess(name, 'wrong password 4');
  const rows = await database.database.query<{ seconds: number }>({
    text: `SELECT extract(epoch FROM blocked_until - last_at)::float8 AS seconds
             FROM sign_in_failure ORDER BY last_at DESC LIMIT 1`,
    values: [],
  });
  expect(rows[0]?.seconds).toBe(1);

  await blockFor(60);
  const answer = await guess(name, 'wrong password 5');
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([429, 'sign-in-delayed']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
  // Even the right password waits, or the delay would tell it; and so does another spelling of the name.
  expect((await guess(name.toUpperCase(), PASSWORD)).status).toBe(429);
  await blockFor(0);
  expect((await guess(name, PASSWORD)).status).toBe(known ? 200 : 401);
});

test('guessing in parallel counts one by one', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, at) => guess('flood@example.com', `guess ${at}`)));
  expect(answers.every((answer) => answer.status === 401 || answer.status === 429)).toBe(true);
  const rows = await database.database.query<{ failures: number }>({
    text: 'SELECT failures FROM sign_in_failure ORDER BY last_at DESC LIMIT 1',
    values: [],
  });
  expect(rows[0]?.failures).toBe(answers.filter((answer) => answer.status === 401).length);
});

test('guessing is forgotten after a success, and on record', async () => {
  await signUpPerson(users.origin, 'slips@example.com');
  for (let round = 0; round < 3; round += 1) {
    expect((await guess('slips@example.com', 'wrong password')).status).toBe(401);
    expect((await guess('slips@example.com', PASSWORD)).status).toBe(200);
  }
  await users.service.idle();
  const outcomes = users.published
    .filter((event) => event.data['action'] === 'users.sign-in')
    .map((e) => e.data['outcome']);
  expect(outcomes).toContain('done');
  expect(outcomes).toContain('refused');
  expect(JSON.stringify(users.published)).not.toMatch(/example\.com|wrong password|lantern/);
});
