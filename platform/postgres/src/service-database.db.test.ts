import { randomBytes } from 'node:crypto';
import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { migrate } from './migrate.ts';
import { ensureServiceDatabase, withClient } from './service-database.ts';
import { sql } from './sql.ts';

const migrations = new URL('../fixtures/migrations/', import.meta.url);
const name = `try_${randomBytes(4).toString('hex')}`;
let opened: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  opened = await testDatabase(migrations);
});
afterAll(async () => {
  await withClient(opened.superuserUrl, async (client) => {
    await client.query(`drop database if exists florin_${name} with (force)`);
    await client.query(`drop role if exists florin_${name}, florin_${name}_owner`);
  });
  await opened.close();
});

test('makes a database with an owner and a runtime role, as often as it is asked, also at once', async () => {
  const ensure = (password: string) =>
    ensureServiceDatabase(opened.superuserUrl, { name, ownerPassword: `o-${password}`, runtimePassword: password });
  await Promise.all([ensure('first'), ensure('first')]);
  const made = await ensure('p@ss:/ word');
  await migrate({ url: made.ownerUrl, folder: migrations, runtimeRole: made.runtimeRole });

  const database = openDatabase({ url: made.runtimeUrl, applicationName: 'runtime' });
  expect(await database.execute(sql`insert into item (id, amount) values (1, 1)`)).toBe(1);
  await expect(database.execute(sql`truncate item`)).rejects.toMatchObject({ code: '42501' });
  await expect(database.execute(sql`create table mine (id int)`)).rejects.toMatchObject({ code: '42501' });
  await database.close();
});

test('lets no other role into the database', async () => {
  const foreign = new URL(opened.url);
  foreign.pathname = `/florin_${name}`;
  const attempt = withClient(foreign.href, (client) => client.query('select 1'));
  await expect(attempt).rejects.toMatchObject({ cause: { code: '42501' } });
});
