import { createHash, randomBytes } from 'node:crypto';
import { type Database, ensureRole, migrate, openDatabase, readMigrations, urlAs, withClient } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import { TEST_SERVER_VARIABLE } from './test-server.ts';

export interface TestDatabase {
  /** As the runtime role, the way a service runs. */
  readonly url: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  /** A pool as the runtime role; `close` closes it too. */
  readonly database: Database;
  /** Closes the pool and drops the database, whoever is still connected. */
  close(): Promise<void>;
}

const OWNER = 'florin_test_owner';
const RUNTIME = 'florin_test';
/** The server listens on this machine alone and lives as long as the test run. */
const PASSWORD = 'test';
/** One template is made at a time, also by test files that run side by side. The number has no meaning. */
const TEMPLATE_LOCK = 5_120_300_414;
const POOL_SIZE = 10;

type Client = Parameters<Parameters<typeof withClient>[1]>[0];

/**
 * A database of its own for a test, with the given migrations in it: a clone of a template that is made once a set of
 * migration files. Takes about a tenth of a second.
 */
export async function testDatabase(migrations: URL | readonly URL[]): Promise<TestDatabase> {
  const serverUrl = process.env[TEST_SERVER_VARIABLE];
  invariant(serverUrl, 'testDatabase() needs the test server: name the file *.db.test.ts, so that vitest starts it');
  const folders = migrations instanceof URL ? [migrations] : migrations;
  const template = `florin_template_${await fingerprint(folders)}`;
  const name = `florin_test_${randomBytes(8).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    await ensureTemplate(client, serverUrl, template, folders);
    await client.query(`create database ${name} template ${template} owner ${OWNER}`);
  });
  const url = urlAs(serverUrl, name, RUNTIME, PASSWORD);
  const database = openDatabase({ url, applicationName: 'florin-test', poolSize: POOL_SIZE });
  const superuser = new URL(serverUrl);
  superuser.pathname = `/${name}`;
  return {
    url,
    ownerUrl: urlAs(serverUrl, name, OWNER, PASSWORD),
    superuserUrl: superuser.href,
    database,
    async close() {
      await database.close();
      await rollBackPrepared(serverUrl, superuser.href, name);
      await withClient(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** A prepared transaction outlives its connection, and a database that holds one cannot be dropped. */
async function rollBackPrepared(serverUrl: string, url: string, name: string): Promise<void> {
  const prepared = await withClient(serverUrl, (client) =>
    client.query<{ gid: string }>('select gid from pg_prepared_xacts where database = $1', [name]),
  );
  if (prepared.rows.length === 0) return;
  await withClient(url, async (client) => {
    for (const { gid } of prepared.rows) await client.query(`rollback prepared ${client.escapeLiteral(gid)}`);
  });
}

async function ensureTemplate(
  client: Client,
  serverUrl: string,
  template: string,
  folders: readonly URL[],
): Promise<void> {
  if (await databaseExists(client, template)) return;
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await databaseExists(client, template)) return;
    await ensureRole(client, OWNER, PASSWORD);
    await ensureRole(client, RUNTIME, PASSWORD);
    const unfinished = `${template}_new`;
    await client.query(`drop database if exists ${unfinished} with (force)`);
    await client.query(`create database ${unfinished} owner ${OWNER}`);
    await migrate({ url: urlAs(serverUrl, unfinished, OWNER, PASSWORD), folder: folders, runtimeRole: RUNTIME });
    // Its name says that it is whole.
    await client.query(`alter database ${unfinished} rename to ${template}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function databaseExists(client: Client, name: string): Promise<boolean> {
  const found = await client.query('select 1 from pg_database where datname = $1', [name]);
  return found.rowCount === 1;
}

async function fingerprint(folders: readonly URL[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    for (const { collection, file, checksum } of await readMigrations(folder)) {
      hash.update(`${collection}/${file}:${checksum}\n`);
    }
  }
  return hash.digest('hex').slice(0, 16);
}
