import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InternalIssuer, newInternalKey } from '@florin/security';

export type StoredService = 'users' | 'accounts' | 'transactions' | 'notifications';
export const STORED_SERVICES: readonly StoredService[] = ['users', 'accounts', 'transactions', 'notifications'];

const ISSUERS: readonly InternalIssuer[] = ['gateway', ...STORED_SERVICES];
type InternalKey = Awaited<ReturnType<typeof newInternalKey>>;

interface DatabasePasswords {
  readonly owner: string;
  readonly runtime: string;
}

/** Everything secret that a bank on one machine makes for itself; a cluster gets these from its own secret store. */
export interface Secrets {
  readonly databasePasswords: Readonly<Record<StoredService, DatabasePasswords>>;
  /** Who may mint internal tokens, and with which key. */
  readonly internalKeys: Readonly<Record<string, InternalKey>>;
  /** Seals what is secret in the database of the users service. */
  readonly usersKey: string;
  readonly cookieKeys: readonly string[];
}

const SECRET_BYTES = 32;

/**
 * Reads the bank's secrets from its home folder, or makes them the first time. What a newer version needs besides is added
 * to what is there, so that it starts on the data of an older one. The file is for its owner only.
 */
export async function loadSecrets(home: string): Promise<Secrets> {
  const file = join(home, 'secrets.json');
  const stored: Partial<Secrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = await completed(stored);
  if (JSON.stringify(secrets) === JSON.stringify(stored)) return secrets;
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writePrivately(file, secrets);
  return secrets;
}

/** The secrets with new ones for those that are missing. */
async function completed(stored: Partial<Secrets>): Promise<Secrets> {
  const passwords = { ...stored.databasePasswords } as Record<StoredService, DatabasePasswords>;
  for (const service of STORED_SERVICES) passwords[service] ??= { owner: secret(), runtime: secret() };
  const internalKeys = { ...stored.internalKeys };
  for (const issuer of ISSUERS) internalKeys[issuer] ??= await newInternalKey(issuer);
  return {
    databasePasswords: passwords,
    internalKeys,
    usersKey: stored.usersKey ?? secret(),
    cookieKeys: stored.cookieKeys ?? [secret()],
  };
}

/** Writes a file that only its owner can read, whole or not at all. */
export function writePrivately(file: string, content: unknown): void {
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/** A random text of 256 bits, safe in addresses and files. */
export function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}
