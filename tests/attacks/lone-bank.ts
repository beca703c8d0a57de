import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@florin/contracts';
import { ensureServiceDatabase, type ServiceDatabase } from '@florin/postgres';
import { systemClock } from '@florin/primitives';
import { newInternalKey, withNewKey } from '@florin/security';
import { startTestServer } from '@florin/testing';
import { ensureCertificates } from '../../tools/development-certificates.ts';
import { edgeFiles } from '../../tools/edge-files.ts';
import { freePortPair } from '../../tools/free-ports.ts';
import { STORED_SERVICES } from '../../tools/secrets.ts';

export type Settings = Readonly<Record<string, string>>;

/** Every entry point of the bank that runs alone. */
export type Entry = 'gateway' | ServiceName;

/** What it takes to run each part of the bank in a process of its own: databases, keys, certificates and ports. */
export interface LoneBank {
  readonly certsFolder: string;
  readonly superuserUrl: string;
  readonly ports: Readonly<Record<Entry, number>>;
  readonly databases: Readonly<Record<ServiceName, ServiceDatabase>>;
  /** The environment of an entry point, with https and mutual TLS. */
  settingsOf(entry: Entry): Settings;
  close(): Promise<void>;
}

export const MAINS: Readonly<Record<Entry, string>> = {
  gateway: 'gateway/src/main.ts',
  users: 'services/users/src/main.ts',
  accounts: 'services/accounts/src/main.ts',
  transactions: 'services/transactions/src/main.ts',
  notifications: 'services/notifications/src/main.ts',
};

/** Makes all of it, on a database server of its own. No process of the bank runs yet. */
export async function prepareLoneBank(): Promise<LoneBank> {
  const home = await mkdtemp(join(tmpdir(), 'florin-lone-'));
  const { folder } = await ensureCertificates(home, { clock: systemClock });
  const server = await startTestServer();
  const databases = await makeDatabases(server.url);
  const ports = await freePorts();
  const keys = {
    gateway: await newInternalKey('gateway'),
    users: await newInternalKey('users'),
    accounts: await newInternalKey('accounts'),
    transactions: await newInternalKey('transactions'),
  };
  const keyFile = join(home, 'gateway-internal.json');
  await writeFile(keyFile, JSON.stringify(keys.gateway.privateJwk), { mode: 0o600 });

  const urlOf = (service: ServiceName) => `https://127.0.0.1:${ports[service]}`;
  const edge = edgeFiles(home);
  const own: Readonly<Record<Entry, Settings>> = {
    gateway: {
      FLORIN_PORT: String(ports.gateway),
      FLORIN_INTERNAL_KEY_FILE: keyFile,
      FLORIN_TLS_CERTIFICATE_FILE: edge.certificateFile,
      FLORIN_TLS_KEY_FILE: edge.keyFile,
      ...Object.fromEntries(STORED_SERVICES.map((service) => [`FLORIN_${service.toUpperCase()}_URL`, urlOf(service)])),
    },
    users: {
      FLORIN_ACCOUNTS_URL: urlOf('accounts'),
      FLORIN_USERS_PRIVATE_JWK: JSON.stringify(keys.users.privateJwk),
      FLORIN_PUBLIC_URL: `https://localhost:${ports.gateway}`,
      FLORIN_KEY_FILE: await newKeyFile(home, 'users'),
      FLORIN_MAIL_URL: 'smtps://mail.example',
      FLORIN_USERS_KEY: randomBytes(32).toString('base64url'),
      FLORIN_USERS_COOKIE_KEYS: randomBytes(32).toString('base64url'),
    },
    accounts: {
      FLORIN_TRANSACTIONS_URL: urlOf('transactions'),
      FLORIN_USERS_URL: urlOf('users'),
      FLORIN_ACCOUNTS_PRIVATE_JWK: JSON.stringify(keys.accounts.privateJwk),
    },
    transactions: {
      FLORIN_USERS_URL: urlOf('users'),
      FLORIN_TRANSACTIONS_PRIVATE_JWK: JSON.stringify(keys.transactions.privateJwk),
    },
    notifications: { FLORIN_KEY_FILE: await newKeyFile(home, 'notifications') },
  };
  const jwks = JSON.stringify({ keys: Object.values(keys).map(({ publicJwk }) => publicJwk) });

  return {
    certsFolder: folder,
    superuserUrl: server.url,
    ports,
    databases,
    settingsOf: (entry) => ({
      ...(entry === 'gateway' ? {} : serviceSettings(entry, ports[entry], databases[entry], jwks)),
      ...own[entry],
      FLORIN_PEER_CERTIFICATE_FILE: join(folder, `${entry}.pem`),
      FLORIN_PEER_KEY_FILE: join(folder, `${entry}-key.pem`),
      FLORIN_PEER_CA_FILE: join(folder, 'ca.pem'),
    }),
    async close() {
      await server.close();
      await rm(home, { recursive: true });
    },
  };
}

async function newKeyFile(home: string, service: ServiceName): Promise<string> {
  const file = join(home, `${service}-keys.json`);
  await writeFile(file, JSON.stringify(withNewKey(undefined, 'kek-1')), { mode: 0o600 });
  return file;
}

function serviceSettings(service: ServiceName, port: number, database: ServiceDatabase, jwks: string): Settings {
  const prefix = `FLORIN_${service.toUpperCase()}`;
  return {
    FLORIN_INTERNAL_JWKS: jwks,
    [`${prefix}_DATABASE_URL`]: database.runtimeUrl,
    [`${prefix}_OWNER_URL`]: database.ownerUrl,
    [`${prefix}_PORT`]: String(port),
  };
}

async function freePorts(): Promise<Record<Entry, number>> {
  const ports: Record<string, number> = {};
  for (const entry of Object.keys(MAINS)) {
    let port = await freePortPair();
    // Nobody listens yet, so the same pair may come up again.
    while (Object.values(ports).some((taken) => Math.abs(taken - port) < 2)) port = await freePortPair();
    ports[entry] = port;
  }
  return ports as Record<Entry, number>;
}

async function makeDatabases(serverUrl: string): Promise<Record<ServiceName, ServiceDatabase>> {
  const made = await Promise.all(
    STORED_SERVICES.map(async (name) => {
      const passwords = { ownerPassword: newPassword(), runtimePassword: newPassword() };
      return [name, await ensureServiceDatabase(serverUrl, { name, ...passwords })] as const;
    }),
  );
  return Object.fromEntries(made) as Record<ServiceName, ServiceDatabase>;
}

function newPassword(): string {
  return randomBytes(16).toString('hex');
}
