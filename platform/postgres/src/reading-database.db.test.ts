import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { openReadingDatabase, type ReadFrom } from './reading-database.ts';
import { sql } from './sql.ts';

// What a standby does when it follows is shown in tests/stack, with one that does.
let opened: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  opened = await testDatabase([]);
});
afterAll(() => opened.close());

async function reading(url: string, work: (reader: Database) => Promise<void>): Promise<ReadFrom[]> {
  const answered: ReadFrom[] = [];
  const primary = openDatabase({ url: opened.url, applicationName: 'primary' });
  const reader = openReadingDatabase({
    primary,
    standby: { url, applicationName: 'standby' },
    noted: (from) => answered.push(from),
  });
  try {
    await work(reader);
  } finally {
    await reader.close();
    await primary.close();
  }
  return answered;
}

const one = sql`SELECT 1 AS one`;

it.each([
  ['that is not there', () => 'postgresql://nobody:nothing@127.0.0.1:1/nowhere'],
  ['that leads by now', () => opened.url],
])('reads the primary instead of a standby %s', async (_, url) => {
  const answered = await reading(url(), async (reader) => {
    expect(await reader.query(one)).toEqual([{ one: 1 }]);
    expect(await reader.transaction((tx) => tx.query(one))).toEqual([{ one: 1 }]);
  });
  expect(answered).toEqual(['primary', 'primary']);
});

it('tells of what is wrong with a statement, and writes nothing', async () => {
  await reading(opened.url, async (reader) => {
    await expect(reader.query(sql`SELECT 1 / 0`)).rejects.toMatchObject({ code: '22012' });
    expect(() => reader.execute(one)).toThrow('a reader writes nothing');
  });
});
