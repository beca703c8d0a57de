import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testDatabase } from '@florin/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from './migrate.ts';
import { sql } from './sql.ts';

const migrations = new URL('../fixtures/migrations/', import.meta.url);
let opened: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
beforeEach(async () => {
  opened = await testDatabase(migrations);
  folder = mkdtempSync(join(tmpdir(), 'florin-migrations-'));
});
afterEach(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
const run = () => migrate({ url: opened.ownerUrl, folder: pathToFileURL(folder), runtimeRole: 'florin_test' });

test('runs what is new, in order, once', async () => {
  write('0002_second.sql', 'insert into first values (2)');
  write('0001_first.sql', 'create table first (id int); grant select on first to :runtime_role; -- ::runtime_role');
  expect(await run()).toEqual({ applied: ['0001_first.sql', '0002_second.sql'] });
  expect(await run()).toEqual({ applied: [] });
  write('0003_third.sql', 'insert into first values (3)');
  expect(await run()).toEqual({ applied: ['0003_third.sql'] });
  expect(await opened.database.query(sql`select id from first order by id`)).toEqual([{ id: 2 }, { id: 3 }]);
});

test('refuses a file that was changed or removed after it ran', async () => {
  write('0001_first.sql', 'create table first (id int)');
  await run();
  write('0001_first.sql', 'create table first (id bigint)');
  await expect(run()).rejects.toMatchObject({
    code: 'migration-changed',
    message: '0001_first.sql was changed after it ran; put it back and write a new migration instead',
  });
  rmSync(join(folder, '0001_first.sql'));
  write('0002_second.sql', 'select 1');
  await expect(run()).rejects.toMatchObject({ code: 'migration-changed' });
});

test('does not mind other line ends', async () => {
  write('0001_first.sql', 'create table first (id int);\nselect 1;\n');
  await run();
  write('0001_first.sql', 'create table first (id int);\r\nselect 1;\r\n');
  expect(await run()).toEqual({ applied: [] });
});

test('refuses a file that comes before one that ran', async () => {
  write('0002_second.sql', 'select 1');
  await run();
  write('0001_first.sql', 'select 1');
  await expect(run()).rejects.toMatchObject({ code: 'migration-order' });
});

test('leaves nothing of a file that fails, and says which it was', async () => {
  write('0001_first.sql', 'create table first (id int); select 1 / 0;');
  const message = expect.stringContaining('0001_first.sql: division by zero');
  await expect(run()).rejects.toMatchObject({ code: 'migration-failed', message });
  write('0001_first.sql', 'create table first (id int);');
  expect(await run()).toEqual({ applied: ['0001_first.sql'] });
});

test('refuses a name that has no place in an order', async () => {
  write('first.sql', 'select 1');
  await expect(run()).rejects.toMatchObject({ code: 'migration-name' });
});

test('two at once do the work once', async () => {
  write('0001_first.sql', 'create table first (id int); select pg_sleep(0.2);');
  write('0002_second.sql', 'insert into first values (2)');
  const results = await Promise.all([run(), run(), run()]);
  expect(results.flatMap((result) => result.applied)).toEqual(['0001_first.sql', '0002_second.sql']);
});
