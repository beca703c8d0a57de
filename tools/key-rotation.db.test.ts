import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataKeyMigrations, keyChores, openDataKeys, readDataKeys } from '@florin/data-keys';
import { openKeyFile, withNewKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { follow, type KeyedService, readProgress, wish } from './key-rotation.ts';
import { writePrivately } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-rotation-'));
const keyFile = join(folder, 'users.json');
const WITHIN_MS = 30_000;
let database: TestDatabase;
let service: KeyedService;
let isOver = false;
let running: Promise<void>;

/** An instance that runs, with its chores coming round quickly. */
beforeAll(async () => {
  database = await testDatabase([dataKeyMigrations]);
  writePrivately(keyFile, withNewKey(undefined, 'development-1'));
  service = { name: 'users', database: database.database, keyFile };
  const keys = await openDataKeys({
    service: 'users',
    database: database.database,
    management: openKeyFile(keyFile),
    sealsAfterMs: 100,
  });
  const chores = keyChores(database.database, keys, []);
  running = (async () => {
    while (!isOver) {
      for (const chore of chores) await chore.run();
      await sleep(20);
    }
  })();
});
afterAll(async () => {
  isOver = true;
  await running;
  await database.close();
  rmSync(folder, { recursive: true });
});

test('a new data key and a new key-encryption key are taken up by an instance that runs, and it is said how far it is', async () => {
  const said: string[] = [];
  const say = (sentence: string): void => void said.push(sentence);
  await wish('dek', service);
  expect((await readProgress(service)).isDone).toBe(false);
  expect(await follow([service], { say, withinMs: WITHIN_MS })).toBe(true);
  expect((await readDataKeys(database.database)).map(({ id, isRetired }) => [id, isRetired])).toEqual([
    [2, false],
    [1, true],
  ]);
  await wish('kek', service);
  expect(await follow([service], { say, withinMs: WITHIN_MS })).toBe(true);
  expect(said.at(-1)).toBe('users: development-2 locks 2 of 2 data keys; data key 2 seals, 0 values left');
  expect(Object.keys(JSON.parse(readFileSync(keyFile, 'utf8')).keys)).toEqual(['development-1', 'development-2']);
});

test('who follows gives up after a while, and the wish stays', async () => {
  const nobody = { ...service, keyFile: join(folder, 'elsewhere.json') };
  await wish('kek', nobody);
  expect(await follow([nobody], { say: () => undefined, withinMs: 500 })).toBe(false);
  expect((await readProgress(nobody)).sentence).toContain('kek-1 locks 0 of 2 data keys');
});
