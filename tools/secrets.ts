import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVELOPMENT_MARK, type InternalIssuer, newInternalKey, withNewKey } from '@florin/security';

export type StoredService = 'users' | 'accounts' | 'transactions' | 'notifications';
export const STORED_SERVICES: readonly StoredService[] = ['users', 'accounts', 'transactions', 'notifications'];

/** Those that seal what is personal in their databases. */
export type SealingService = 'users' | 'notifications';
export const SEALING_SERVICES: readonly SealingService[] = ['users', 'notifications'];

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
  /** Keys the hashes that people are found by in the database of the users service. */
  readonly usersKey: string;
  readonly cookieKeys: readonly string[];
  /** The files of the keys that lock each service's data keys. */
  readonly keyFiles: Readonly<Record<SealingService, string>>;
}

/** What is in the file of secrets; keys that lock others are each in a file of their own. */
type StoredSecrets = Omit<Secrets, 'keyFiles'>;

/** After the mark there are 23 random bytes, so that text in base64url is one of 32 bytes, as a key is. */
const SECRET_BYTES = 23;

/**
 * Reads the bank's secrets from its home folder, or makes them the first time. What a newer version needs besides is added
 * to what is there, so that it starts on the data of an older one. The file is for its owner only.
 */
export async function loadSecrets(home: string): Promise<Secrets> {
  const file = join(home, 'secrets.json');
  const stored: Partial<StoredSecrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = await completed(stored);
  if (JSON.stringify(secrets) !== JSON.stringify(stored)) {
    mkdirSync(home, { recursive: true, mode: 0o711 });
    writePrivately(file, secrets);
  }
  return { ...secrets, keyFiles: makeKeyFiles(home) };
}

/** Where the keys that lock a service's data keys are, in a bank's home. */
export function keyFileOf(home: string, service: SealingService): string {
  return join(home, 'keys', `${service}.json`);
}

/** Makes the key files that are missing. */
function makeKeyFiles(home: string): Secrets['keyFiles'] {
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
  const files = SEALING_SERVICES.map((service) => {
    const file = keyFileOf(home, service);
    if (!existsSync(file)) writePrivately(file, withNewKey(undefined, `${DEVELOPMENT_MARK}1`));
    return [service, file] as const;
  });
  return Object.fromEntries(files) as Record<SealingService, string>;
}

/** The secrets with new ones for those that are missing. */
async function completed(stored: Partial<StoredSecrets>): Promise<StoredSecrets> {
  const passwords = { ...stored.databasePasswords } as Record<StoredService, DatabasePasswords>;
  for (const service of STORED_SERVICES) passwords[service] ??= { owner: newSecret(), runtime: newSecret() };
  const internalKeys = { ...stored.internalKeys };
  for (const issuer of ISSUERS) internalKeys[issuer] ??= await newInternalKey(issuer, `${DEVELOPMENT_MARK}1`);
  return {
    databasePasswords: passwords,
    internalKeys,
    usersKey: stored.usersKey ?? newSecret(),
    cookieKeys: stored.cookieKeys ?? [newSecret()],
  };
}

/** Writes JSON that only its owner can read, whole or not at all. */
export function writePrivately(file: string, content: unknown): void {
  writeTextPrivately(file, `${JSON.stringify(content, null, 2)}\n`);
}

/** Writes a file that only its owner can read, whole or not at all. */
export function writeTextPrivately(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

/**
 * A random text of 184 bits, safe in addresses and files, that says what it is: no process takes it in production. Read as
 * base64url it is 32 bytes.
 */
export function newSecret(): string {
  return `${DEVELOPMENT_MARK}${randomBytes(SECRET_BYTES).toString('base64url')}`;
}
