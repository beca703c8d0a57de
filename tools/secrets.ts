import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InternalIssuer, newInternalKey } from '@florin/security';

export type StoredService = 'users' | 'accounts' | 'transactions';
export const STORED_SERVICES: readonly StoredService[] = ['users', 'accounts', 'transactions'];

const ISSUERS: readonly InternalIssuer[] = ['gateway', ...STORED_SERVICES];
type InternalKey = Awaited<ReturnType<typeof newInternalKey>>;

/** Everything secret that a bank on one machine makes for itself; a cluster gets these from its own secret store. */
export interface Secrets {
  readonly databasePasswords: Readonly<Record<StoredService, { readonly owner: string; readonly runtime: string }>>;
  /** Who may mint internal tokens, and with which key. */
  readonly internalKeys: Readonly<Record<string, InternalKey>>;
  /** Seals what is secret in the database of the users service. */
  readonly usersKey: string;
  readonly cookieKeys: readonly string[];
}

const SECRET_BYTES = 32;

/** Reads the bank's secrets from its home folder, or makes them the first time. The file is for its owner only. */
export async function loadSecrets(home: string): Promise<Secrets> {
  const file = join(home, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const secrets: Secrets = {
    databasePasswords: {
      users: { owner: secret(), runtime: secret() },
      accounts: { owner: secret(), runtime: secret() },
      transactions: { owner: secret(), runtime: secret() },
    },
    internalKeys: Object.fromEntries(
      await Promise.all(ISSUERS.map(async (issuer) => [issuer, await newInternalKey(issuer)] as const)),
    ),
    usersKey: secret(),
    cookieKeys: [secret()],
  };
  writePrivately(file, secrets);
  return secrets;
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
