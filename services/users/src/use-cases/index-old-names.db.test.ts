import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openedVault } from '../../fixtures/opened-vault.ts';
import type { Vault } from '../domain/vault.ts';
import { insertPerson, renamePerson } from '../repositories/people.ts';
import { usersMigrations } from '../service.ts';
import { indexOldNames } from './index-old-names.ts';

let vault: Vault;
/** More than two batches. */
const PEOPLE = 450;

let database: TestDatabase;
let deps: Parameters<typeof indexOldNames>[0];
const ids = Array.from({ length: PEOPLE }, () => newId(0));

interface Indexed {
  readonly id: string;
  readonly words: Buffer[] | null;
}
const indexed = async () => {
  const rows = await database.database.query<Indexed>(sql`SELECT id, name_words AS words FROM person`);
  return new Map(rows.map(({ id, words }) => [id, words?.map((word) => word.toString('hex'))]));
};

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  vault = await openedVault(database.database);
  deps = { database: database.database, vault };
  await Promise.all(
    ids.map((id, at) =>
      insertPerson(database.database, vault, {
        id,
        email: `person${at}@example.com`,
        name: `Person No${at}`,
        emailConfirmed: true,
        passwordHash: 'none',
      }),
    ),
  );
});
afterAll(() => database.close());
beforeEach(() => database.database.execute(sql`UPDATE person SET name_words = NULL`).then(() => undefined));

test('every name is indexed once, however many instances start together, as if it had been written today', async () => {
  const counts = await Promise.all([indexOldNames(deps), indexOldNames(deps), indexOldNames(deps)]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(PEOPLE);
  const words = await indexed();
  for (const [at, id] of ids.entries()) {
    expect(words.get(id)).toEqual(['person', `no${at}`].map((word) => vault.index('name-word', word).toString('hex')));
  }
  expect(await indexOldNames(deps)).toBe(0);
});

test('a rename under way is left alone and has the last word', async () => {
  const [id = ''] = ids;
  await database.database.transaction(async (tx) => {
    await renamePerson(tx, vault, id, 'Somebody Else');
    expect(await indexOldNames(deps)).toBe(PEOPLE - 1);
  });
  const expected = ['somebody', 'else'].map((word) => vault.index('name-word', word).toString('hex'));
  expect((await indexed()).get(id)).toEqual(expected);
  expect(await indexOldNames(deps)).toBe(0);
});

test('a name without a word is indexed as one, and not looked at again', async () => {
  const [, id = ''] = ids;
  await renamePerson(database.database, vault, id, '...');
  await indexOldNames(deps);
  expect((await indexed()).get(id)).toEqual([]);
  await database.database.execute(sql`UPDATE person SET name_words = NULL WHERE id = ${id}`);
  expect([await indexOldNames(deps), await indexOldNames(deps)]).toEqual([1, 0]);
});

test('the hashes of words are no hashes of addresses or logins', () => {
  const [word, email, login] = ['name-word', 'email', 'login'].map((field) => vault.index(field, 'maria'));
  expect(word).not.toEqual(email);
  expect(word).not.toEqual(login);
});
