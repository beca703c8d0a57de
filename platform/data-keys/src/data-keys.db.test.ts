import { createSecretKey, randomBytes } from 'node:crypto';
import { sql } from '@florin/postgres';
import { type LocalKeys, localKeyManagement, sealedWith, sealField, withNewKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { customerKeyOf } from './customer-keys.ts';
import { dataKeyMigrations } from './data-key-migrations.ts';
import { askForNextKey, readDataKeys } from './data-key-rows.ts';
import { type DataKeys, openDataKeys } from './data-keys.ts';
import { keyChores, resealRound } from './key-upkeep.ts';
import { CUSTOMER_KEYS, reseal, type SealedColumn } from './sealed-column.ts';

let database: TestDatabase;
let local: LocalKeys;

const NOTES: SealedColumn = {
  table: 'note',
  column: 'text_sealed',
  key: ['id'],
  context: (row) => noteContext(Number(row['id'])),
};
const NAMES: SealedColumn = {
  table: 'note',
  column: 'name_sealed',
  key: ['id'],
  customer: 'customer',
  context: (row) => `note.name|${row['id']}`,
};
const COLUMNS = [CUSTOMER_KEYS, NOTES, NAMES];
const noteContext = (id: number): string => `note.text|${id}`;

beforeAll(async () => {
  database = await testDatabase([dataKeyMigrations, new URL('../fixtures/migrations/', import.meta.url)]);
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const table of [sql`data_key`, sql`customer_key`, sql`note`]) {
    await database.database.execute(sql`DELETE FROM ${table}`);
  }
  local = withNewKey(undefined, 'kek-1');
});

/** An instance of a service on this database. A new key seals at once unless told otherwise. */
const open = (
  options: { readonly sealsAfterMs?: number; readonly derivedKey?: Buffer; readonly service?: string } = {},
) =>
  openDataKeys({
    service: 'notes',
    database: database.database,
    management: localKeyManagement(() => local),
    sealsAfterMs: 0,
    ...options,
  });

async function write(keys: DataKeys, id: number, text: string): Promise<void> {
  const sealed = keys.seal(text, noteContext(id));
  await database.database.execute(sql`
    INSERT INTO note (id, text_sealed) VALUES (${id}, ${sealed})
    ON CONFLICT (id) DO UPDATE SET text_sealed = excluded.text_sealed`);
}

async function read(keys: DataKeys, id: number): Promise<string> {
  const rows = await database.database.query<{ sealed: Buffer }>(sql`
    SELECT text_sealed AS sealed FROM note WHERE id = ${id}`);
  return keys.open(rows[0]?.sealed ?? Buffer.alloc(0), noteContext(id));
}

const dataKeys = () => readDataKeys(database.database);
const next = async (...instances: readonly DataKeys[]): Promise<void> => {
  await askForNextKey(database.database);
  // Once to make it, once to learn it.
  for (const _round of [1, 2]) for (const keys of instances) await keys.refresh();
};

describe('data keys', () => {
  test('instances that start at once on an empty database have the same key', async () => {
    const [one, two, three] = await Promise.all([open(), open(), open()]);
    await write(one, 1, 'Maria');
    expect([await read(two, 1), await read(three, 1)]).toEqual(['Maria', 'Maria']);
    expect((await dataKeys()).map(({ id, keyId }) => [id, keyId])).toEqual([[1, 'kek-1']]);
  });

  test('T53: with the wrong key, or the keys of another service, nothing starts, and one sentence says why', async () => {
    await open();
    await expect(open({ service: 'others' })).rejects.toThrow('does not unlock data_key|others|1');
    local = withNewKey(undefined, 'kek-1');
    await expect(open()).rejects.toMatchObject({ code: 'key-wrong' });
    local = withNewKey(undefined, 'kek-2');
    await expect(open()).rejects.toThrow('the key file does not hold the key kek-1');
  });

  test('a new key seals only when every instance has had the time to learn it', async () => {
    const [one, two] = [await open({ sealsAfterMs: 60_000 }), await open()];
    await askForNextKey(database.database);
    await one.refresh();
    await one.refresh();
    expect([(await dataKeys()).length, one.front().keyId]).toEqual([2, 1]);
    await database.database.execute(sql`UPDATE data_key SET seals_from = now()`);
    await one.refresh();
    await write(one, 1, 'sealed with the second');
    // It slept through the time: it asks to be asked again, and knows by then.
    await expect(read(two, 1)).rejects.toMatchObject({ code: 'data-key-unknown', retryable: true });
    await two.refresh();
    expect(await read(two, 1)).toBe('sealed with the second');
  });

  test('of several instances that make the next key one does, and nobody makes two', async () => {
    const all = await Promise.all([open(), open(), open()]);
    await askForNextKey(database.database);
    await Promise.all(all.map((keys) => keys.refresh()));
    await Promise.all(all.map((keys) => keys.refresh()));
    expect((await dataKeys()).map(({ id }) => id)).toEqual([2, 1]);
    expect(all.map((keys) => keys.front().keyId)).toEqual([2, 2, 2]);
  });

  test('uses are counted by key, and half of what one key bears makes the next', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    for (let at = 0; at < 5; at += 1) one.seal('a', 'b');
    two.seal('a', 'b');
    await Promise.all([one.refresh(), two.refresh()]);
    expect((await dataKeys())[0]?.uses).toBe(6n);
    await database.database.execute(sql`UPDATE data_key SET uses = ${2 ** 31}`);
    await one.refresh();
    expect((await dataKeys()).map(({ id }) => id)).toEqual([2, 1]);
  });

  test('a key that sealed all it may seals nothing more', async () => {
    const keys = await open();
    await database.database.execute(sql`UPDATE data_key SET uses = ${2 ** 32 - 1}`);
    await keys.refresh();
    keys.seal('the last', 'b');
    expect(() => keys.seal('one more', 'b')).toThrow('sealed all it may');
  });
});

describe('a new key-encryption key', () => {
  test('is taken up by whoever runs, and the old one is needed no more', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    await next(one, two);
    await write(one, 1, 'Maria');
    local = withNewKey(local, 'kek-2');
    await Promise.all([one.refresh(), two.refresh()]);
    expect((await dataKeys()).map(({ keyId }) => keyId)).toEqual(['kek-2', 'kek-2']);
    const { 'kek-2': only = '' } = local.keys;
    local = { current: 'kek-2', keys: { 'kek-2': only } };
    expect(await read(await open(), 1)).toBe('Maria');
    expect(await read(two, 1)).toBe('Maria');
  });
});

describe('sealing again', () => {
  const derivedKey = randomBytes(32);
  const fill = async (keys: DataKeys, rows: number): Promise<void> => {
    await Promise.all(Array.from({ length: rows }, (_, id) => write(keys, id, `text ${id}`)));
  };

  test('goes on while two instances read and write, shares the work, and retires the old key', async () => {
    const [one, two] = await Promise.all([open({ sealsAfterMs: 60_000 }), open({ sealsAfterMs: 60_000 })]);
    await fill(one, 900);
    let isOver = false;
    let reads = 0;
    const traffic = [one, two].map(async (keys, at) => {
      for (let round = 0; !isOver; round += 1) {
        const id = (round * 7 + at) % 900;
        await write(keys, id, `text ${id}`);
        expect(await read(keys, (id * 13) % 900)).toBe(`text ${(id * 13) % 900}`);
        reads += 1;
      }
    });
    await next(one, two);
    // Both have learnt it, and then its time comes.
    await database.database.execute(sql`UPDATE data_key SET seals_from = now()`);
    await one.refresh();
    const left = async (keys: DataKeys): Promise<void> => {
      for (let round = 0; round < 50 && (await resealRound(database.database, keys, COLUMNS)) > 0; round += 1) {
        await keys.refresh();
      }
    };
    await left(one);
    await two.refresh();
    await Promise.all([left(one), left(two)]);
    isOver = true;
    await Promise.all(traffic);
    expect(reads).toBeGreaterThan(10);
    await resealRound(database.database, one, COLUMNS);
    for (let id = 0; id < 900; id += 1) expect(await read(two, id)).toBe(`text ${id}`);
    const fronts = await database.database.query<{ front: Buffer }>(sql`
      SELECT DISTINCT substring(text_sealed FROM 1 FOR 5) AS front FROM note`);
    expect(fronts.map(({ front }) => front)).toEqual([sealedWith(2)]);
    expect((await dataKeys()).map(({ id, isRetired, valuesLeft }) => [id, isRetired, valuesLeft])).toEqual([
      [2, false, 0n],
      [1, true, undefined],
    ]);
  });

  test('killed between batches it goes on, by whoever is there', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    await fill(one, 30);
    await next(one, two);
    const killed = database.database.transaction(async (tx) => {
      await reseal(tx, one, NOTES, 10);
      throw new Error('killed');
    });
    await expect(killed).rejects.toThrow('killed');
    await database.database.transaction((tx) => reseal(tx, one, NOTES, 10));
    expect((await dataKeys()).some(({ isRetired }) => isRetired)).toBe(false);
    expect(await resealRound(database.database, two, COLUMNS)).toBe(0);
    for (let id = 0; id < 30; id += 1) expect(await read(one, id)).toBe(`text ${id}`);
  });

  test('finds what an instance that slept wrote with an old key, and takes that key back meanwhile', async () => {
    const [one, sleeper] = await Promise.all([open(), open()]);
    await next(one);
    expect(await resealRound(database.database, one, COLUMNS)).toBe(0);
    await write(sleeper, 1, 'late');
    const blocked = database.database.transaction(async (tx) => {
      await tx.query(sql`SELECT FROM note FOR UPDATE`);
      expect(await resealRound(database.database, one, COLUMNS)).toBe(1);
      expect((await dataKeys()).map(({ isRetired }) => isRetired)).toEqual([false, false]);
    });
    await blocked;
    expect(await resealRound(database.database, one, COLUMNS)).toBe(0);
    expect((await dataKeys()).map(({ isRetired }) => isRetired)).toEqual([false, true]);
    expect(await read(one, 1)).toBe('late');
  });

  test('what the key of the setting sealed, and what was sealed for a customer without a key, gets the own key', async () => {
    const keys = await open({ derivedKey });
    const sealed = keys.seal('Maria', 'note.name|1');
    await database.database.execute(sql`INSERT INTO note (id, customer, name_sealed) VALUES (1, 'maria', ${sealed})`);
    expect(await resealRound(database.database, keys, COLUMNS)).toBe(0);
    const [row] = await database.database.query<{ name: Buffer }>(sql`SELECT name_sealed AS name FROM note`);
    expect(row?.name.subarray(0, 5)).toEqual(sealedWith(0));
    const own = await customerKeyOf(database.database, keys, 'maria');
    expect(own?.open(row?.name ?? Buffer.alloc(0), 'note.name|1')).toBe('Maria');
  });

  test('stops at a value that was tampered with, and writes nothing of its batch', async () => {
    const keys = await open();
    await fill(keys, 3);
    await database.database.execute(sql`UPDATE note SET text_sealed = set_byte(text_sealed, 20, 0) WHERE id = 1`);
    await next(keys);
    await expect(resealRound(database.database, keys, COLUMNS)).rejects.toMatchObject({ code: 'ciphertext-invalid' });
    expect(await read(keys, 0)).toBe('text 0');
  });

  test('T53: a value in another row or column, and one of another key, does not open', async () => {
    const keys = await open();
    await fill(keys, 2);
    await database.database.execute(sql`
      UPDATE note SET text_sealed = (SELECT text_sealed FROM note WHERE id = 1) WHERE id = 0`);
    await expect(read(keys, 0)).rejects.toMatchObject({ code: 'ciphertext-invalid' });
    const stranger = sealField(1, createSecretKey(randomBytes(32)), 'a', noteContext(0));
    expect(() => keys.open(stranger, noteContext(0))).toThrow('does not decrypt');
  });

  test('is a chore, and once nothing is left only looks now and then', async () => {
    const keys = await open();
    const [chore] = keyChores(database.database, keys, [NOTES, NAMES]);
    await fill(keys, 3);
    await next(keys);
    await chore?.run();
    expect((await dataKeys())[0]?.valuesLeft).toBe(0n);
    await database.database.execute(sql`UPDATE data_key SET values_left = NULL`);
    await chore?.run();
    expect((await dataKeys())[0]?.valuesLeft).toBeUndefined();
    await next(keys);
    await chore?.run();
    expect((await dataKeys())[0]?.valuesLeft).toBe(0n);
  });
});
