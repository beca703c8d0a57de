import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { askForNextKey, readDataKeys, resealRound } from '@florin/data-keys';
import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callApi, KEY, type LoopbackUsers, listenUsers, signUpPerson } from '../fixtures/loopback-users.ts';
import { openDataKeysOf, openedVault } from '../fixtures/opened-vault.ts';
import { insertPasskey } from './repositories/passkeys.ts';
import { findPerson, renamePerson, setLogin } from './repositories/people.ts';
import { SEALED_COLUMNS } from './repositories/sealed-columns.ts';
import { beginTotp } from './repositories/totp-factors.ts';
import { usersMigrations } from './service.ts';

let database: TestDatabase;
let users: LoopbackUsers;
beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  users = await listenUsers(database.url);
});
afterAll(async () => {
  await users.close();
  await database.close();
});

const db = () => database.database;
const nameOf = async (id: string) =>
  (await callApi(users.origin, 'GET', '/v1/me', { token: `person:${id}:customer` })).body?.name;

/** A value as the version before data keys sealed it. */
function sealedBefore(plain: string, context: string): Buffer {
  const key = hkdfSync('sha256', Buffer.from(KEY, 'base64url'), Buffer.alloc(0), 'florin.users.field.v1', 32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([Buffer.of(1, 1), iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

test('a database from before data keys is read at once, and sealed again with the own keys of its people', async () => {
  const id = await signUpPerson(users.origin, 'older@example.com', 'Maria Keller');
  await db().execute(sql`
    UPDATE person SET email_sealed = ${sealedBefore('older@example.com', `person.email|${id}`)},
                      name_sealed = ${sealedBefore('Maria Before', `person.name|${id}`)} WHERE id = ${id}`);
  expect(await nameOf(id)).toBe('Maria Before');
  expect(await resealRound(db(), await openDataKeysOf(db()), SEALED_COLUMNS)).toBe(0);
  const [row] = await db().query<{ email: string; name: string }>(sql`
    SELECT encode(substring(email_sealed FROM 1 FOR 5), 'hex') AS email,
           encode(substring(name_sealed FROM 1 FOR 5), 'hex') AS name FROM person WHERE id = ${id}`);
  expect(row).toEqual({ email: '0200000000', name: '0200000000' });
  expect(await nameOf(id)).toBe('Maria Before');
});

test('a new data key while two instances sign people up and read them: nothing is unreadable, the old one retires', async () => {
  const other = await listenUsers(database.url, { issuer: users.origin });
  const ids: string[] = [];
  let isOver = false;
  const traffic = [users, other].map(async ({ origin }, at) => {
    for (let round = 0; !isOver; round += 1) {
      ids.push(await signUpPerson(origin, `person${at}-${round}@example.com`, `Person ${at} ${round}`));
      const id = ids[(round * 7) % ids.length] ?? '';
      expect(await nameOf(id)).toMatch(/^Person/);
    }
  });
  const keys = await openDataKeysOf(db());
  await askForNextKey(db());
  // The chores of both instances make it and learn it; its time is then made to come.
  await expect.poll(async () => (await readDataKeys(db())).length, { timeout: 20_000 }).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await db().execute(sql`UPDATE data_key SET seals_from = now() WHERE id = 2`);
  await expect
    .poll(async () => (await readDataKeys(db())).map(({ isRetired }) => isRetired), { timeout: 40_000 })
    .toEqual([false, true]);
  isOver = true;
  await Promise.all(traffic);
  await keys.refresh();
  for (const id of ids) expect(await nameOf(id)).toMatch(/^Person/);
  await other.close();
}, 90_000);

test('what is personal is sealed with the own key of its person from the first moment', async () => {
  const id = await signUpPerson(users.origin, 'own@example.com', 'Maria');
  const vault = await openedVault(db());
  await renamePerson(db(), vault, id, 'Maria Keller');
  await setLogin(db(), vault, id, 'own-key');
  await beginTotp(db(), vault, { personId: id, enrolmentId: id, secret: 'JBSWY3DPEHPK3PXP' });
  const passkey = { passkeyId: id, personId: id, credentialId: Buffer.of(1), publicKey: Buffer.of(2), counter: 0 };
  await insertPasskey(db(), vault, { ...passkey, transports: [], name: 'Phone' });
  const rows = await db().query<{ front: string }>(sql`
    SELECT encode(substring(sealed FROM 1 FOR 5), 'hex') AS front FROM (
      SELECT unnest(ARRAY[email_sealed, name_sealed, login_sealed]) AS sealed FROM person WHERE id = ${id}
      UNION ALL SELECT secret_sealed FROM totp_factor WHERE person_id = ${id}
      UNION ALL SELECT name_sealed FROM passkey WHERE person_id = ${id}) AS everything`);
  expect(rows.map(({ front }) => front)).toEqual(Array.from({ length: 5 }, () => '0200000000'));
});

test('T53: the name of somebody else, an address as a name, and a flipped bit do not open', async () => {
  const [maria, jan] = [
    await signUpPerson(users.origin, 'maria@example.com', 'Maria'),
    await signUpPerson(users.origin, 'jan@example.com', 'Jan'),
  ];
  const vault = await openedVault(db());
  const spoil = async (change: ReturnType<typeof sql>) => {
    await renamePerson(db(), vault, maria, 'Maria');
    await db().execute(change);
    await expect(findPerson(db(), vault, maria)).rejects.toMatchObject({ code: 'ciphertext-invalid' });
  };
  await spoil(
    sql`UPDATE person SET name_sealed = (SELECT name_sealed FROM person WHERE id = ${jan}) WHERE id = ${maria}`,
  );
  await spoil(sql`UPDATE person SET name_sealed = email_sealed WHERE id = ${maria}`);
  await spoil(
    sql`UPDATE person SET name_sealed = set_bit(name_sealed, 150, 1 - get_bit(name_sealed, 150)) WHERE id = ${maria}`,
  );
  expect(await nameOf(jan)).toBe('Jan');
});
