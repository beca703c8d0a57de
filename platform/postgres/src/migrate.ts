import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '@florin/primitives';
import { Client, escapeIdentifier } from 'pg';
import { clientOptions, SETUP_TIMEOUT_MS } from './client-options.ts';
import { classify } from './database-error.ts';

export interface MigrateOptions {
  /** Address of the database, as the role that owns its tables. */
  readonly url: string;
  /** Folders of `0001_name.sql` files, run one after the other. */
  readonly folder: URL | readonly URL[];
  /** The role the service runs as; takes the place of `:runtime_role` in the files. */
  readonly runtimeRole?: string;
}

interface Migration {
  readonly collection: string;
  readonly file: string;
  readonly text: string;
  readonly checksum: string;
}

/** One key for all databases: a server has one migrator a database at a time. The number has no meaning. */
const ADVISORY_LOCK = 7_304_911_020;
/** How long a second migrator waits for the first; also the limit of waiting for a table. */
const LOCK_TIMEOUT_MS = 60_000;
/** A migration may rewrite a big table. */
const STATEMENT_TIMEOUT_MS = 30 * 60_000;

/**
 * Brings a database up to date: runs the files that were not run yet, each in one transaction, forward only. The
 * sha256 of every file is kept. Safe to run from several processes at once: one works, the others wait and find
 * nothing left to do. Answers the files it ran.
 * Faults: `migration-changed` (a file that ran was edited or removed), `migration-order` (a new file sorts before one
 * that ran), `migration-failed` (the SQL of a file; nothing of that file remains), `database-unavailable`.
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[] }> {
  const folders = options.folder instanceof URL ? [options.folder] : options.folder;
  const migrations = (await Promise.all(folders.map(readMigrations))).flat();
  const client = new Client({
    ...clientOptions({
      url: options.url,
      applicationName: 'florin-migrate',
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      settings: { lock_timeout: String(LOCK_TIMEOUT_MS) },
    }),
    connectionTimeoutMillis: SETUP_TIMEOUT_MS,
    pipeline: false,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    // A session lock: it also goes when this process dies in the middle.
    await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(`create table if not exists florin_migration (
      collection text not null, file text not null, checksum text not null,
      applied_at timestamptz not null default now(), primary key (collection, file))`);
    return { applied: await applyMissing(client, migrations, options.runtimeRole) };
  } catch (error) {
    throw classify(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The migrations of a folder in order, with the checksum of each file as written (line ends apart). */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const path = fileURLToPath(folder).replace(/\/+$/, '');
  const collection = basename(path) === 'migrations' ? basename(dirname(path)) : basename(path);
  const files = (await readdir(path)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file) => {
      if (!/^\d{4}_[a-z0-9_]+\.sql$/.test(file)) {
        throw new Fault('migration-name', `${file} is not named like 0001_what_it_does.sql`);
      }
      const text = (await readFile(`${path}/${file}`, 'utf8')).replaceAll('\r\n', '\n');
      return { collection, file, text, checksum: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function applyMissing(
  client: Client,
  migrations: readonly Migration[],
  runtimeRole: string | undefined,
): Promise<string[]> {
  const rows = await client.query<{ collection: string; file: string; checksum: string }>(
    'select collection, file, checksum from florin_migration order by collection, file',
  );
  const wanted = new Map(migrations.map((migration) => [keyOf(migration), migration]));
  const collections = new Set(migrations.map((migration) => migration.collection));
  const newest = new Map<string, string>();
  const done = new Set<string>();
  for (const row of rows.rows) {
    // Another set of folders may live in the same database; its files are not ours to judge.
    if (!collections.has(row.collection)) continue;
    const migration = wanted.get(keyOf(row));
    if (migration?.checksum !== row.checksum) throw changed(row.file, migration === undefined);
    done.add(keyOf(row));
    newest.set(row.collection, row.file);
  }
  const applied: string[] = [];
  for (const migration of migrations) {
    if (done.has(keyOf(migration))) continue;
    const last = newest.get(migration.collection);
    if (last !== undefined && migration.file < last) {
      throw new Fault('migration-order', `${migration.file} must sort after ${last}, which has run already`);
    }
    await applyOne(client, migration, runtimeRole);
    applied.push(migration.file);
  }
  return applied;
}

async function applyOne(client: Client, migration: Migration, runtimeRole: string | undefined): Promise<void> {
  const text = migration.text.replace(/(?<!:):runtime_role\b/g, () => {
    if (runtimeRole !== undefined) return escapeIdentifier(runtimeRole);
    throw new Fault('migration-failed', `${migration.file} names :runtime_role, and none was given`);
  });
  try {
    await client.query('begin');
    await client.query(text);
    await client.query('insert into florin_migration (collection, file, checksum) values ($1, $2, $3)', [
      migration.collection,
      migration.file,
      migration.checksum,
    ]);
    const { command } = await client.query('commit');
    if (command !== 'COMMIT') throw new Fault('migration-failed', `${migration.file} ended its own transaction`);
  } catch (error) {
    await client.query('rollback').catch(() => {});
    const known = classify(error);
    if (known instanceof Fault) throw known;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('migration-failed', `${migration.collection}/${migration.file}: ${reason}`, { cause: error });
  }
}

function changed(file: string, removed: boolean): Fault {
  const what = removed ? 'was removed' : 'was changed';
  return new Fault('migration-changed', `${file} ${what} after it ran; put it back and write a new migration instead`);
}

function keyOf(migration: { readonly collection: string; readonly file: string }): string {
  return `${migration.collection}/${migration.file}`;
}
