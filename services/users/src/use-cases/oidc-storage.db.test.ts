import { sql } from '@florin/postgres';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openedVault } from '../../fixtures/opened-vault.ts';
import type { Vault } from '../domain/vault.ts';
import type { RevokedGrant } from '../repositories/oidc-records.ts';
import { usersMigrations } from '../service.ts';
import { createOidcStorage } from './oidc-storage.ts';
import { purgeExpired } from './purge-expired.ts';

let vault: Vault;
const accountId = '01a20394-1fc7-7800-97b3-65e585b452e0';
const IDLE_SECONDS = 600;

let database: TestDatabase;
let revoked: { grant: RevokedGrant; cause: string }[];
let storage: ReturnType<typeof createOidcStorage>;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  vault = await openedVault(database.database);
});
afterAll(() => database.close());
beforeEach(() => {
  revoked = [];
  storage = createOidcStorage(
    database.database,
    vault,
    async (_tx, grant, cause) => {
      revoked.push({ grant, cause });
    },
    noClient,
  );
});

async function noClient(): Promise<undefined> {}

const expireAll = () => database.database.execute(sql`UPDATE oidc_record SET expires_at = now() - interval '1 second'`);

async function family(grantId: string) {
  await storage('Grant').upsert(grantId, { accountId, clientId: 'c', jti: grantId, kind: 'Grant' }, 60);
  for (const [model, id] of [
    ['AuthorizationCode', `code-${grantId}`],
    ['RefreshToken', `old-${grantId}`],
    ['RefreshToken', `new-${grantId}`],
  ] as const) {
    await storage(model).upsert(id, { grantId, accountId, clientId: 'c', jti: id, kind: model }, 60);
  }
}

describe('a record', () => {
  test('comes back as it was stored, by its id alone', async () => {
    await storage('RefreshToken').upsert('rt', { jti: 'rt', kind: 'RefreshToken', scope: 'bank', exp: 5 }, 60);
    expect(await storage('RefreshToken').find('rt')).toEqual({
      jti: 'rt',
      kind: 'RefreshToken',
      scope: 'bank',
      exp: 5,
    });
    expect(await storage('AuthorizationCode').find('rt')).toBeUndefined();
    expect(await storage('RefreshToken').find('rt2')).toBeUndefined();
    await storage('RefreshToken').destroy('rt');
    expect(await storage('RefreshToken').find('rt')).toBeUndefined();
  });

  test('is gone once the database’s clock says so, for every way to look', async () => {
    await storage('Session').upsert('s', { jti: 's', uid: 'u', accountId, kind: 'Session' }, 60);
    expect((await storage('Session').findByUid('u'))?.jti).toBe('s');
    await expireAll();
    expect(await storage('Session').find('s')).toBeUndefined();
    expect(await storage('Session').findByUid('u')).toBeUndefined();
  });

  test('moved to another row does not open', async () => {
    await storage('RefreshToken').upsert('mine', { jti: 'mine', accountId, kind: 'RefreshToken' }, 60);
    await storage('RefreshToken').upsert('theirs', { jti: 'theirs', kind: 'RefreshToken' }, 60);
    await database.database.execute(sql`
      UPDATE oidc_record SET payload_sealed = (SELECT payload_sealed FROM oidc_record WHERE id = ${vault.hash('oidc-id', 'theirs')})
       WHERE id = ${vault.hash('oidc-id', 'mine')}`);
    await expect(storage('RefreshToken').find('mine')).rejects.toMatchObject({ code: 'ciphertext-invalid' });
  });

  test('written again stays consumed', async () => {
    await storage('RefreshToken').upsert('twice', { jti: 'twice', kind: 'RefreshToken' }, 60);
    await storage('RefreshToken').consume('twice');
    await storage('RefreshToken').upsert('twice', { jti: 'twice', kind: 'RefreshToken' }, 60);
    expect(await storage('RefreshToken').find('twice')).toMatchObject({ consumed: true });
  });
});

describe('what may happen once', () => {
  test('a proof is accepted once of ten times at once', async () => {
    const proof = { jti: 'proof', iss: 'client', kind: 'ReplayDetection' };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => storage('ReplayDetection').upsert('proof', proof, 60)),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  test('a code is consumed once of ten times at once; the others end its grant, once, with everything on it', async () => {
    await family('a');
    await family('b');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => storage('AuthorizationCode').consume('code-a')),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ error: 'invalid_grant' });
    }
    expect(revoked.map(({ grant, cause }) => [grant.accountId, cause])).toEqual([[accountId, 'replayed']]);
    expect(await storage('Grant').find('a')).toBeUndefined();
    expect(await storage('RefreshToken').find('new-a')).toBeUndefined();
    expect(await storage('Grant').find('b')).toBeDefined();
    expect(await storage('RefreshToken').find('new-b')).toBeDefined();
  });

  test('ending a grant ten times at once, in every way the library does it, is one ending', async () => {
    await family('d');
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        index % 2 === 0 ? storage('RefreshToken').revokeByGrantId('d') : storage('Grant').destroy('d'),
      ),
    );
    expect(revoked).toHaveLength(1);
    expect(await storage('AuthorizationCode').find('code-d')).toBeUndefined();
  });

  test('the news of a revocation and the revocation are one transaction', async () => {
    await family('e');
    const failing = createOidcStorage(database.database, vault, () => Promise.reject(new Error('no outbox')), noClient);
    await expect(failing('Grant').destroy('e')).rejects.toThrow('no outbox');
    expect(await storage('Grant').find('e')).toBeDefined();
    expect(await storage('RefreshToken').find('new-e')).toBeDefined();
  });
});

test('a sweep deletes what has expired and nothing else', async () => {
  await purgeExpired(database.database, IDLE_SECONDS);
  await storage('RefreshToken').upsert('old', { jti: 'old', kind: 'RefreshToken' }, 60);
  await expireAll();
  await storage('RefreshToken').upsert('young', { jti: 'young', kind: 'RefreshToken' }, 60);
  expect(await purgeExpired(database.database, IDLE_SECONDS)).toBeGreaterThan(0);
  const rows = await database.database.query<{ id: Buffer }>(sql`SELECT id FROM oidc_record`);
  expect(rows.map((row) => row.id)).toEqual([vault.hash('oidc-id', 'young')]);
});
