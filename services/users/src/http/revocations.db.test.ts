import { sql, withClient } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { callApi, type LoopbackUsers, listenUsers, signUpPerson } from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';
import { purgeExpired } from '../use-cases/purge-expired.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let personId: string;
let count = 0;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
});
afterAll(async () => {
  await users.close();
  await database.close();
});
beforeEach(async () => {
  await database.database.execute(sql`DELETE FROM revocation`);
  personId = await signUpPerson(users.origin, `revoked${++count}@example.com`);
});

const ask = (query = '', token = 'service') => callApi(users.origin, 'GET', `/internal/revocations${query}`, { token });

const revoke = (role: string) =>
  callApi(users.origin, 'PUT', `/internal/users/${personId}/roles`, { token: 'service', body: { roles: [role] } });

/** As a person at the database would; the service may neither change rows of this table nor tables. */
const asSuperuser = (text: string) => withClient(database.superuserUrl, (client) => client.query(text));

const makeOlder = (interval: string) =>
  asSuperuser(`UPDATE revocation SET recorded_at = recorded_at - interval '${interval}'`);

const insertMany = (rows: number) =>
  database.database.execute(sql`
    INSERT INTO revocation (person_id, sign_in_id, not_before_seconds)
    SELECT ${personId}, 'sign-in ' || number, number FROM generate_series(1, ${rows}::integer) AS number`);

test('what is revoked is an event and a row, and both say the same', async () => {
  await revoke('teller');
  await users.service.idle();
  const events = users.published.flatMap(({ type, data }) =>
    type === 'users.sessions-revoked.v1' && data['userId'] === personId ? [data] : [],
  );
  const answer = await ask();
  expect(answer.body).toEqual({ data: events, nextCursor: null });
  expect(events).toEqual([{ userId: personId, notBefore: expect.any(Number) }]);
});

test('a change that is rolled back revokes nothing', async () => {
  await asSuperuser('ALTER TABLE outbox RENAME TO outbox_away');
  expect((await revoke('teller')).status).toBe(500);
  await asSuperuser('ALTER TABLE outbox_away RENAME TO outbox');
  expect((await ask()).body.data).toEqual([]);
  expect((await revoke('teller')).status).toBe(200);
  expect((await ask()).body.data).toHaveLength(1);
});

test('only services may ask', async () => {
  expect((await ask('', '')).status).toBe(401);
  expect((await ask('', `person:${personId}:admin`)).status).toBe(403);
  for (const query of ['?cursor=', '?cursor=-1', '?cursor=1e3', '?cursor=9999999999999999999', '?limit=5']) {
    expect([query, (await ask(query)).status]).toEqual([query, 400]);
  }
});

test('it is remembered for ten minutes, told no longer than that, and then purged', async () => {
  await revoke('teller');
  await makeOlder('9 minutes 50 seconds');
  await purgeExpired(database.database, 600);
  expect((await ask()).body.data).toHaveLength(1);
  await makeOlder('20 seconds');
  expect((await ask()).body.data).toEqual([]);
  await purgeExpired(database.database, 600);
  expect(await database.database.query(sql`SELECT 1 FROM revocation`)).toEqual([]);
});

test('more than a page is told page by page, each once, in order', async () => {
  await insertMany(2_500);
  const told: number[] = [];
  let cursor: string | null = '0';
  const sizes: number[] = [];
  while (cursor !== null) {
    const { body } = await ask(`?cursor=${cursor}`);
    sizes.push(body.data.length);
    told.push(...body.data.map((one: { notBefore: number }) => one.notBefore));
    cursor = body.nextCursor;
  }
  expect(sizes).toEqual([1_000, 1_000, 500]);
  expect(told).toEqual(Array.from({ length: 2_500 }, (_, index) => index + 1));
});
