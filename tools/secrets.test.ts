import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEVELOPMENT_MARK } from '@florin/security';
import { afterAll, expect, it } from 'vitest';
import { loadSecrets } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes secrets once, and reads the same ones afterwards', async () => {
  const home = join(folder, 'new');
  const made = await loadSecrets(home);
  const file = join(home, 'secrets.json');
  const writtenAtMs = statSync(file).mtimeMs;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await loadSecrets(home)).toEqual(made);
  expect(statSync(file).mtimeMs).toBe(writtenAtMs);
});

it('marks every secret as one for development, and still makes keys of 32 bytes', async () => {
  const { databasePasswords, internalKeys, usersKey, cookieKeys } = await loadSecrets(join(folder, 'marked'));
  const passwords = Object.values(databasePasswords).flatMap(({ owner, runtime }) => [owner, runtime]);
  const ids = Object.values(internalKeys).map(({ privateJwk }) => privateJwk.kid);
  for (const text of [...passwords, ...ids, usersKey, ...cookieKeys]) expect(text).toContain(DEVELOPMENT_MARK);
  expect(Buffer.from(usersKey, 'base64url')).toHaveLength(32);
  expect(new Set([...passwords, usersKey, ...cookieKeys]).size).toBe(passwords.length + 2);
});

it('adds what a newer version needs, and leaves what is there', async () => {
  const home = join(folder, 'older');
  const made = await loadSecrets(home);
  const file = join(home, 'secrets.json');
  const older = JSON.parse(readFileSync(file, 'utf8'));
  delete older.databasePasswords.accounts;
  delete older.internalKeys.accounts;
  writeFileSync(file, JSON.stringify(older));
  const completed = await loadSecrets(home);
  expect(completed).toMatchObject(older);
  expect(completed.databasePasswords.accounts.owner).not.toBe(made.databasePasswords.accounts.owner);
  expect(await loadSecrets(home)).toEqual(completed);
});
