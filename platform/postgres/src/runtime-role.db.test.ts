import { randomBytes } from 'node:crypto';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuntimeRole } from './runtime-role.ts';
import { urlAs, withClient } from './service-database.ts';

let opened: TestDatabase;
beforeAll(async () => {
  opened = await testDatabase(new URL('../fixtures/migrations/', import.meta.url));
});
afterAll(() => opened.close());

test('the role of a service owns nothing, and is no superuser', async () => {
  expect(await readRuntimeRole(opened.url)).toEqual({ isSuperuser: false, isOwner: false });
});

test('the owner of the tables and a superuser are told apart from it', async () => {
  expect(await readRuntimeRole(opened.ownerUrl)).toEqual({ isSuperuser: false, isOwner: true });
  expect(await readRuntimeRole(opened.superuserUrl)).toMatchObject({ isSuperuser: true });
});

test.each([
  ['may become the owner', 'in role florin_test_owner', { isSuperuser: false, isOwner: true }],
  ['may make roles', 'createrole', { isSuperuser: true, isOwner: false }],
  ['sees past row security', 'bypassrls', { isSuperuser: true, isOwner: false }],
])('a role that %s is as good as one of them', async (_, attributes, expected) => {
  const role = `florin_try_${randomBytes(4).toString('hex')}`;
  const database = new URL(opened.url).pathname.slice(1);
  await withClient(opened.superuserUrl, async (client) => {
    await client.query(`create role ${role} login password 'test' ${attributes}`);
    await client.query(`grant connect on database ${database} to ${role}`);
  });
  try {
    expect(await readRuntimeRole(urlAs(opened.superuserUrl, database, role, 'test'))).toEqual(expected);
  } finally {
    await withClient(opened.superuserUrl, async (client) => {
      await client.query(`revoke connect on database ${database} from ${role}`);
      await client.query(`drop role ${role}`);
    });
  }
});
