import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
