import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callApi, type LoopbackUsers, listenUsers, signUpPerson } from '../../fixtures/loopback-users.ts';
import { usersMigrations } from '../service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
let tellerId: string;
const ids = new Map<string, string>();
const STAFF_ID = '01a20394-0000-7000-8000-000000000001';
const TELLER = `person:${STAFF_ID}:teller`;

/** In the order they signed up. */
const PEOPLE = [
  ['zoe.obrien@example.com', 'Zoë O’Brien-Keller'],
  ['maria.keller@example.com', 'Maria Keller'],
  ['maria.meyer@example.com', 'Maria Anna Meyer'],
  ['lukasz@example.com', 'Łukasz Großmann'],
] as const;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
  for (const [email, name] of PEOPLE) ids.set(name, await signUpPerson(users.origin, email, name));
  tellerId = await signUpPerson(users.origin, 'tessa@example.com', 'Tessa Keller');
  await callApi(users.origin, 'PUT', `/internal/users/${tellerId}/roles`, {
    token: 'service',
    body: { roles: ['teller'] },
  });
});

afterAll(async () => {
  await users.close();
  await database.close();
});

const get = (path: string, token = TELLER) => callApi(users.origin, 'GET', path, { token });
const list = (query: Record<string, string> = {}, token = TELLER) =>
  get(`/v1/customers?${new URLSearchParams(query)}`, token);
const found = async (q: string) => (await list({ q })).body.data.map((one: { name: string }) => one.name);

describe('a search', () => {
  test.each([
    ['keller', ['Maria Keller', 'Zoë O’Brien-Keller']],
    ['KELLER maria', ['Maria Keller']],
    ['maria', ['Maria Anna Meyer', 'Maria Keller']],
    ['maria maria', ['Maria Anna Meyer', 'Maria Keller']],
    ['zoe', ['Zoë O’Brien-Keller']],
    ["ZOË o'brien", ['Zoë O’Brien-Keller']],
    ['obrien-keller', ['Zoë O’Brien-Keller']],
    ['lukasz grossmann', ['Łukasz Großmann']],
    ['mari', []],
    ['maria zoe', []],
    ['- !', []],
    ['tessa', []],
    ['maria.keller@example.com', ['Maria Keller']],
    [' MARIA.KELLER@Example.com', ['Maria Keller']],
    ['nobody@example.com', []],
    ['@example.com', []],
    ['tessa@example.com', []],
    ["' OR 1=1 --", []],
  ])('for %j finds %j', async (q, names) => {
    expect(await found(q)).toEqual(names);
  });

  test.each(['', ' ', 'x'.repeat(101), 'maria\nkeller'])('for %j is refused', async (q) => {
    const answer = await list({ q });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  test('shows a masked address and no more of it, and stores no word of a name in the clear', async () => {
    const answer = await list({ q: 'lukasz' });
    expect(answer.body.data).toEqual([
      {
        id: ids.get('Łukasz Großmann'),
        name: 'Łukasz Großmann',
        emailMasked: 'l•••@example.com',
        roles: ['customer'],
        registeredAt: expect.stringMatching(/Z$/),
      },
    ]);
    const rows = await database.database.query<{ words: number; row: string }>(sql`
      SELECT cardinality(name_words) AS words, p::text AS row FROM person p WHERE id = ${ids.get('Łukasz Großmann') ?? ''}`);
    expect(rows[0]?.words).toBe(2);
    for (const word of ['lukasz', 'grossmann']) {
      expect(rows[0]?.row).not.toContain(Buffer.from(word).toString('hex'));
    }
  });

  test('finds a new name and no longer the old one', async () => {
    const id = await signUpPerson(users.origin, 'bride@example.com', 'Berta Before');
    const rename = (name: string) =>
      callApi(users.origin, 'PATCH', '/v1/me', { token: `person:${id}:customer`, body: { name } });
    await rename('Berta After');
    expect([await found('before'), await found('berta after')]).toEqual([[], ['Berta After']]);
    await Promise.all(['Berta One', 'Berta Two', 'Berta Three'].map(rename));
    const [name = ''] = await found('berta');
    const words = ['one', 'two', 'three', 'after'];
    const hits = await Promise.all(words.map(found));
    expect(words.filter((_, at) => hits[at]?.length === 1)).toEqual([name.split(' ')[1]?.toLowerCase()]);
  });
});

describe('the list', () => {
  test('is of customers, the latest first, in pages that miss nobody when many signed up at once', async () => {
    const everyone = await database.database.query<{ id: string }>(sql`
      SELECT person_id AS id FROM person_role WHERE role = 'customer'`);
    // Two in one microsecond, one a microsecond later: all three in one millisecond.
    const [first, second, third] = PEOPLE.map(([, name]) => ids.get(name) ?? '');
    await database.database.execute(sql`
      UPDATE person SET registered_at = '2026-03-01T10:00:00.123456Z' WHERE id = ANY(${[first, second]}::uuid[])`);
    await database.database.execute(sql`
      UPDATE person SET registered_at = '2026-03-01T10:00:00.123457Z' WHERE id = ${third}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await list({ limit: '1', ...(cursor === null ? {} : { cursor }) });
      expect(body.data).toHaveLength(1);
      seen.push(body.data[0].id);
      cursor = body.nextCursor;
    } while (cursor !== null && seen.length < 50);
    expect([...seen].sort()).toEqual(everyone.map(({ id }) => id).sort());
    const byHand = await database.database.query<{ id: string }>(sql`
      SELECT p.id FROM person p JOIN person_role r ON r.person_id = p.id AND r.role = 'customer'
       ORDER BY p.registered_at DESC, p.id DESC`);
    expect(seen).toEqual(byHand.map(({ id }) => id));
    expect((await list()).body).toMatchObject({ data: { length: seen.length }, nextCursor: null });
  });

  test('goes on within a search', async () => {
    const first = await list({ q: 'maria', limit: '1' });
    const second = await list({ q: 'maria', limit: '1', cursor: first.body.nextCursor });
    const names = [first, second].map(({ body }) => body.data[0].name).sort();
    expect([...names, second.body.nextCursor]).toEqual(['Maria Anna Meyer', 'Maria Keller', null]);
  });

  test.each([
    'x',
    '1',
    '1.2',
    `0.${STAFF_ID}`,
    `-1.${STAFF_ID}`,
    `01.${STAFF_ID}`,
    `1.5.${STAFF_ID}`,
    `12345678901234567.${STAFF_ID}`,
    `1.${STAFF_ID.toUpperCase()}`,
    `1.${STAFF_ID} `,
    '',
  ])('takes no cursor %j', async (cursor) => {
    const answer = await list({ cursor });
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor']);
  });

  test.each(['0', '101', '1.5', 'x'])('takes no limit %j', async (limit) => {
    expect((await list({ limit })).status).toBe(400);
  });
});

describe('one customer', () => {
  test('is read by id, and somebody who is only staff is not there', async () => {
    const id = ids.get('Maria Keller') ?? '';
    const answer = await get(`/v1/customers/${id}`);
    expect(answer.body).toMatchObject({ id, name: 'Maria Keller', emailMasked: 'm•••@example.com' });
    const missing = [await get(`/v1/customers/${tellerId}`), await get(`/v1/customers/${STAFF_ID}`)];
    for (const { status, body } of missing) expect([status, body.code]).toEqual([404, 'customer-not-found']);
    expect(missing[0]?.body.detail).toBe(missing[1]?.body.detail);
    expect((await get('/v1/customers/1')).status).toBe(404);
  });

  test.each(['customer', 'loan-officer', 'credit-approver', 'admin'])(
    'is nobody’s business who is %s',
    async (role) => {
      const token = `person:${STAFF_ID}:${role}`;
      const id = ids.get('Maria Keller') ?? '';
      for (const answer of [await list({}, token), await get(`/v1/customers/${id}`, token)]) {
        expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
      }
      expect((await callApi(users.origin, 'GET', `/v1/customers/${id}`)).status).toBe(401);
    },
  );

  test.each(['teller', 'supervisor', 'auditor', 'fraud-analyst'])('may be looked up by a %s', async (role) => {
    expect((await get(`/v1/customers/${ids.get('Maria Keller')}`, `person:${STAFF_ID}:${role}`)).status).toBe(200);
  });
});

describe('what is masked', () => {
  const post = (id: string, role: string, body: object = { reason: 'Letter came back' }) =>
    callApi(users.origin, 'POST', `/v1/customers/${id}/disclosures`, { token: `person:${STAFF_ID}:${role}`, body });

  test('is the name too for an auditor, in the list and alone', async () => {
    const id = ids.get('Zoë O’Brien-Keller') ?? '';
    const auditor = `person:${STAFF_ID}:auditor`;
    const [one, many] = [await get(`/v1/customers/${id}`, auditor), await list({ q: 'zoe' }, auditor)];
    expect([one.body.name, many.body.data[0].name]).toEqual(['Z••• O•••', 'Z••• O•••']);
    expect(one.text + many.text).not.toMatch(/brien/i);
  });

  test.each(['teller', 'supervisor', 'fraud-analyst'])('is shown to a %s who says why, on record', async (role) => {
    const id = ids.get('Maria Keller') ?? '';
    await users.service.idle();
    const before = users.published.length;
    const answer = await post(id, role);
    const clear = { id, name: 'Maria Keller', email: 'maria.keller@example.com', emailConfirmed: false };
    expect([answer.status, answer.body]).toEqual([200, clear]);
    await users.service.idle();
    const action = { action: 'users.customer-disclosed', resource: id, outcome: 'done', reason: 'Letter came back' };
    expect(users.published.slice(before).map(({ data }) => data)).toEqual([
      expect.objectContaining({ ...action, actor: STAFF_ID, roles: [role] }),
    ]);
    expect(JSON.stringify(users.published.slice(before))).not.toMatch(/keller/i);
  });

  test.each(['customer', 'auditor', 'admin', 'loan-officer'])('is not shown to a %s', async (role) => {
    expect((await post(ids.get('Maria Keller') ?? '', role)).status).toBe(403);
  });

  test('needs a reason, and a customer', async () => {
    const id = ids.get('Maria Keller') ?? '';
    for (const body of [{}, { reason: '' }, { reason: 'x' }]) expect((await post(id, 'teller', body)).status).toBe(400);
    for (const nobody of [tellerId, STAFF_ID]) {
      const answer = await post(nobody, 'teller');
      expect([answer.status, answer.body.code]).toEqual([404, 'customer-not-found']);
    }
  });
});

test('every look is on record: who at whom, and of what was typed only the kind', async () => {
  const auditor = `person:${tellerId}:auditor`;
  const maria = ids.get('Maria Keller') ?? '';
  await users.service.idle();
  const before = users.published.length;
  await list({}, auditor);
  await list({ q: 'keller' }, auditor);
  await list({ q: 'maria.keller@example.com' }, auditor);
  await list({ q: 'nobody@example.com' }, auditor);
  await get(`/v1/customers/${maria}`, auditor);
  await get(`/v1/customers/${tellerId}`, auditor);
  await list({ cursor: 'x' }, auditor);
  await users.service.idle();
  const events = users.published.slice(before).map(({ data }) => data);
  expect(events.map(({ action, resource, outcome, reason }) => [action, resource, outcome, reason])).toEqual([
    ['users.customer-search:all', 'customers', 'done', undefined],
    ['users.customer-search:name', 'customers', 'done', undefined],
    ['users.customer-search:address', maria, 'done', undefined],
    ['users.customer-search:address', 'customers', 'done', undefined],
    ['users.customer-read', maria, 'done', undefined],
    ['getCustomer', `/v1/customers/${tellerId}`, 'denied', 'customer-not-found'],
  ]);
  for (const event of events) expect(event).toMatchObject({ actor: tellerId, roles: ['auditor'] });
  expect(JSON.stringify(events)).not.toMatch(/keller|example\.com/i);
});

test('who was there before there was an index is found once an instance has started', async () => {
  await database.database.execute(sql`UPDATE person SET name_words = NULL`);
  expect(await found('keller')).toEqual([]);
  const next = await listenUsers(database.url, { issuer: users.origin });
  await expect.poll(() => found('keller')).toHaveLength(2);
  await next.close();
});
