import { openSession, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLockedAccounts } from './locked-rows.ts';

let opened: Awaited<ReturnType<typeof testDatabase>>;
const ids = [newId(1), newId(2), newId(3)];

beforeAll(async () => {
  opened = await testDatabase([new URL('./testing/migrations/', import.meta.url)]);
  for (const id of ids) await opened.database.execute(sql`insert into account (id, version) values (${id}, 0)`);
});
afterAll(() => opened.close());

it('finds rows that are locked or changed by who has not ended, prepared ones too, and none that is over', async () => {
  const [locked = '', changed = ''] = ids;
  const session = openSession({ url: opened.url, applicationName: 'locker' });
  const look = async () => (await readLockedAccounts(opened.database)).sort();
  expect(await look()).toEqual([]);
  await session.begin();
  await session.query(sql`select id from account where id = ${locked} for no key update`);
  expect(await look()).toEqual([locked]);
  await session.execute(sql`update account set version = 1 where id = ${changed}`);
  expect(await look()).toEqual([locked, changed].sort());
  await session.execute({ text: `prepare transaction 'a'`, values: [] });
  expect(await look()).toEqual([locked, changed].sort());
  await session.execute({ text: `commit prepared 'a'`, values: [] });
  expect(await look()).toEqual([]);
  await session.begin();
  await session.execute(sql`update account set version = 2 where id = ${changed}`);
  await session.rollback();
  expect(await look()).toEqual([]);
  await session.close();
});
