import { sql } from '@florin/postgres';
import { localKeyManagement, withNewKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { customerKeyOf, customerKeysOf, eraseCustomerKey } from './customer-keys.ts';
import { dataKeyMigrations } from './data-key-migrations.ts';
import { openDataKeys } from './data-keys.ts';

let database: TestDatabase;
const local = withNewKey(undefined, 'kek-1');

beforeAll(async () => {
  database = await testDatabase([dataKeyMigrations, new URL('../fixtures/migrations/', import.meta.url)]);
});
afterAll(() => database.close());
beforeEach(() => database.database.execute(sql`DELETE FROM customer_key`).then(() => undefined));

const open = () =>
  openDataKeys({ service: 'notes', database: database.database, management: localKeyManagement(() => local) });

describe('the own key of a customer', () => {
  test('is made once, however many ask at once', async () => {
    const keys = await open();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => customerKeysOf(database.database, keys, ['maria', 'jan', 'maria'])),
    );
    const sealed = all[0]?.get('maria')?.seal('a', 'b') ?? Buffer.alloc(0);
    for (const own of all) expect(own.get('maria')?.open(sealed, 'b')).toBe('a');
    expect(() => all[0]?.get('jan')?.open(sealed, 'b')).toThrow('does not decrypt');
  });

  test('T53: is of no use in the row of somebody else', async () => {
    const keys = await open();
    await customerKeysOf(database.database, keys, ['maria', 'jan']);
    await database.database.execute(sql`
      UPDATE customer_key SET key_sealed = (SELECT key_sealed FROM customer_key WHERE customer_id = 'jan')
       WHERE customer_id = 'maria'`);
    await expect(customerKeyOf(database.database, keys, 'maria')).rejects.toMatchObject({ code: 'ciphertext-invalid' });
  });

  test('once destroyed it is gone for every instance, and nobody makes another', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const sealed = (await customerKeyOf(database.database, one, 'maria'))?.seal('a', 'b');
    expect(sealed).toBeDefined();
    await eraseCustomerKey(database.database, 'maria');
    expect(await customerKeyOf(database.database, one, 'maria')).toBeUndefined();
    expect(await customerKeyOf(database.database, two, 'maria')).toBeUndefined();
    // Also for who never had one.
    await eraseCustomerKey(database.database, 'jan');
    expect(await customerKeyOf(database.database, two, 'jan')).toBeUndefined();
    expect(() => two.open(sealed ?? Buffer.alloc(0), 'b')).toThrow('does not decrypt');
  });
});
