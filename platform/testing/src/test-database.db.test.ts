import { sql, withClient } from '@florin/postgres';
import { expect, test } from 'vitest';
import { testDatabase } from './test-database.ts';

const fixtures = new URL('../fixtures/migrations/', import.meta.url);

test('a test database holds the migrations and nothing of another test', async () => {
  const one = await testDatabase(fixtures);
  const two = await testDatabase(fixtures);
  try {
    await one.database.execute(sql`insert into note (id, text) values (1, 'only here')`);
    expect(await one.database.query(sql`select text from note`)).toEqual([{ text: 'only here' }]);
    expect(await two.database.query(sql`select text from note`)).toEqual([]);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});

test('the pool runs as the runtime role, which may do what the migrations granted and no more', async () => {
  const { database, close } = await testDatabase(fixtures);
  try {
    await expect(database.execute(sql`delete from note`)).rejects.toMatchObject({ code: '42501' });
    await expect(database.execute(sql`create table mine (id int)`)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await close();
  }
});

test('closing drops the database also when something is prepared in it', async () => {
  const { database, superuserUrl, close } = await testDatabase(fixtures);
  await withClient(superuserUrl, async (client) => {
    await client.query('begin');
    await client.query("insert into note (id, text) values (1, 'in doubt')");
    await client.query(`prepare transaction 'test ''${new URL(superuserUrl).pathname}'`);
  });
  expect(await database.query(sql`select from pg_prepared_xacts where database = current_database()`)).toHaveLength(1);
  await close();
});
