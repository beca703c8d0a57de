import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditAction, auditAction, type Role, registerUser, type ServiceName } from '@florin/contracts';
import { createLogger } from '@florin/observability';
import { startTestServer } from '@florin/testing';
import { type Bank, type BankOptions, startBank } from '../../tools/bank.ts';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { loadSecrets, type Secrets } from '../../tools/secrets.ts';
import { type SignedIn, signIn } from '../../tools/sign-in.ts';
import { type Ask, askPort, askThrough, PUBLIC_URL } from './asking.ts';
import { createForge, type Forge } from './forge.ts';
import { openStores, type Stores } from './stores.ts';

/** Of everyone whom the attacks register: also a canary, which no log and no answer may hold. */
export const PASSWORD = 'canary-password-of-everybody';
const RAISED = { ratePerSecond: 100_000, burst: 100_000 };

/** A whole bank, and what an attacker of a test may see besides its door: its database, its audit records and its log. */
export interface AttackedBank {
  readonly bank: Bank;
  readonly secrets: Secrets;
  /** The superuser's address of its database server. */
  readonly serverUrl: string;
  /** The door, as anybody reaches it. */
  readonly ask: Ask;
  /** The door by its public port, which the first question opens. */
  readonly askPort: Ask;
  /** Makes access tokens that are good, and such that are not. */
  readonly forge: Forge;
  readonly stores: Stores;
  /** A service itself, behind the door. */
  askService(service: ServiceName): Ask;
  /** A sign-in as a program does it: authorisation code, PKCE, and the password of everybody. */
  signIn(login: string): Promise<SignedIn>;
  /** Makes a person of these roles; answers their id. */
  register(name: string, roles: readonly Role[]): Promise<string>;
  /** The audit records that were committed since `stores.mark()`. */
  audits(): Promise<readonly AuditAction[]>;
  /** Where its mail goes, a file each; not there before the first. */
  readonly mailFolder: string;
  /** Every line that was logged, at level debug, since the start. */
  logged(): string;
  /** Opens the public port; answers its address. */
  listen(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/** Starts a bank on a database server of its own, the way `npm start` does, with its log in memory. */
export async function startAttackedBank(
  options: Partial<Pick<BankOptions, 'limits' | 'shards' | 'strongAuthentication'>> = {},
): Promise<AttackedBank> {
  const home = await mkdtemp(join(tmpdir(), 'florin-attacks-'));
  const server = await startTestServer();
  const secrets = await loadSecrets(home);
  const forge = await createForge();
  const lines: string[] = [];
  const bank = await startBank({
    postgresUrl: server.url,
    secrets,
    publicUrl: PUBLIC_URL,
    mailUrl: `file:${join(home, 'mail')}`,
    host: '127.0.0.1',
    port: 0,
    limits: options.limits ?? { address: RAISED, caller: RAISED, signIn: RAISED },
    ...(options.shards === undefined ? {} : { shards: options.shards }),
    ...(options.strongAuthentication && { strongAuthentication: options.strongAuthentication }),
    logger: createLogger({
      service: 'florin',
      level: 'debug',
      destination: { write: (line) => void lines.push(line) },
    }),
    extraAccessKeys: forge.publicKeys,
    validateResponses: true,
  });
  const stores = await openStores(server.url);
  let opened: Promise<{ readonly port: number }> | undefined;
  const listen = () => {
    opened ??= bank.listen();
    return opened;
  };

  return {
    bank,
    secrets,
    serverUrl: server.url,
    ask: askThrough(bank.gateway),
    askPort: askPort(async () => (await listen()).port),
    forge,
    stores,
    askService(name) {
      const service = bank.services.find((one) => one.name === name);
      if (service === undefined) throw new Error(`there is no service ${name}`);
      return askThrough(service);
    },
    signIn: (login) => signIn({ baseUrl: PUBLIC_URL, fetch: inProcessFetch(bank.gateway), login, password: PASSWORD }),
    register: (name, roles) => register(bank, name, roles),
    async audits() {
      const events = await stores.eventsSinceMark();
      return events.filter(({ type }) => type === auditAction.topic).map(({ data }) => data as AuditAction);
    },
    mailFolder: join(home, 'mail'),
    logged: () => lines.join(''),
    listen,
    async close() {
      await stores.close();
      await bank.close();
      await server.close();
      await rm(home, { recursive: true });
    },
  };
}

async function register(bank: Bank, name: string, roles: readonly Role[]): Promise<string> {
  const token = await bank.tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, 'users');
  const body = { email: emailOf(name), password: PASSWORD, name, roles };
  const { method, path } = registerUser;
  const answer = await bank.calls.call({ service: 'users', method, path, token, body });
  if (answer.status !== 201) throw new Error(`registering ${name} answered ${answer.status}`);
  return String((answer.body as { id: string }).id);
}

export function emailOf(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
}

/** A key for one request that moves money. */
export function newKey(): string {
  return randomUUID();
}
