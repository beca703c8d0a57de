import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { invariant } from '@florin/primitives';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { clientOptions, SETUP_TIMEOUT_MS } from './client-options.ts';
import { classify } from './database-error.ts';

export interface ServiceDatabaseOptions {
  /** Lower-case letters, digits and underscores, for example `accounts`; the database is then `florin_accounts`. */
  readonly name: string;
  readonly ownerPassword: string;
  readonly runtimePassword: string;
}

export interface ServiceDatabase {
  readonly database: string;
  /** For migrations: the role that owns the tables. */
  readonly ownerUrl: string;
  /** For the service: a role that owns nothing and may do what the migrations grant it. */
  readonly runtimeUrl: string;
  readonly runtimeRole: string;
}

/** One set-up at a time: grants of two at once would trip over the same catalogue row. The number has no meaning. */
const SETUP_LOCK = 2_718_281_828;

/** The default of PostgreSQL (RFC 7677 asks for at least 4096). */
const SCRAM_ITERATIONS = 4_096;

/**
 * Makes the database of a service and its two roles if they are missing, and sets the passwords. Nobody else may
 * connect to the database. Can be called on every start.
 */
export async function ensureServiceDatabase(
  superuserUrl: string,
  options: ServiceDatabaseOptions,
): Promise<ServiceDatabase> {
  invariant(/^[a-z][a-z0-9_]{0,40}$/.test(options.name), `${options.name} is not a name for a database`);
  const database = `florin_${options.name}`;
  const owner = `${database}_owner`;
  await withClient(superuserUrl, async (client) => {
    // Belongs to the connection, and goes with it.
    await client.query('select pg_advisory_lock($1)', [SETUP_LOCK]);
    await ensureRole(client, owner, options.ownerPassword);
    await ensureRole(client, database, options.runtimePassword);
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    const [quotedDatabase, quotedOwner] = [escapeIdentifier(database), escapeIdentifier(owner)];
    if (found.rowCount === 0) await client.query(`create database ${quotedDatabase} owner ${quotedOwner}`);
    await client.query(`revoke all on database ${quotedDatabase} from public`);
    await client.query(`grant connect on database ${quotedDatabase} to ${quotedDatabase}`);
  });
  return {
    database,
    ownerUrl: urlAs(superuserUrl, database, owner, options.ownerPassword),
    runtimeUrl: urlAs(superuserUrl, database, database, options.runtimePassword),
    runtimeRole: database,
  };
}

/** Makes a role that may log in, or sets the password of one that exists. */
export async function ensureRole(client: Client, role: string, password: string): Promise<void> {
  const verifier = escapeLiteral(scramVerifier(password));
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (found.rowCount === 0) {
    await client.query(`create role ${escapeIdentifier(role)} login password ${verifier}`);
  } else {
    await client.query(`alter role ${escapeIdentifier(role)} login password ${verifier}`);
  }
}

/** Runs work on a connection of its own, with time to spare: for setting up, not for requests. */
export async function withClient<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  timeoutMs: number = SETUP_TIMEOUT_MS,
): Promise<T> {
  const client = new Client({
    ...clientOptions({ url, applicationName: 'florin-setup', statementTimeoutMs: timeoutMs }),
    connectionTimeoutMillis: timeoutMs,
    pipeline: false,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw classify(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The same server, another database and role. */
export function urlAs(url: string, database: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  return changed.href;
}

/**
 * The verifier PostgreSQL stores for a password (SCRAM-SHA-256, RFC 5802 and RFC 7677). Computed here, so the
 * password itself never stands in a statement that a log might quote.
 */
function scramVerifier(password: string): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
