import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres, withClient } from '@florin/postgres';

/** The one PostgreSQL server that the bank and its yardstick share, with the settings `npm start` gives it. */
export async function startBenchServer(folder: string): Promise<EmbeddedPostgres> {
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return startEmbeddedPostgres({ dataFolder: join(folder, 'postgres') });
}

/** Every run starts on empty books, so its rate does not depend on the runs before it. The yardstick's data stays. */
export async function dropBankDatabases(serverUrl: string): Promise<void> {
  await withClient(serverUrl, async (client) => {
    for (const name of await bankDatabases(serverUrl)) {
      await client.query(`drop database ${client.escapeIdentifier(name)} with (force)`);
    }
  });
}

/** Before each leg: what the leg before has left to write is written now, not during this one. */
export async function settle(serverUrl: string): Promise<void> {
  await withClient(serverUrl, (client) => client.query('checkpoint'));
}

export async function postgresVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const answer = await client.query<{ server_version: string }>('show server_version');
    return answer.rows[0]?.server_version ?? 'unknown';
  });
}

const OUTBOX_POLL_MS = 100;

/** Whether every outbox is empty within `withinMs`. */
export async function outboxesDrain(serverUrl: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const waiting = await Promise.all((await bankDatabases(serverUrl)).map((name) => hasEvents(serverUrl, name)));
    if (!waiting.includes(true)) return true;
    if (performance.now() > deadline) return false;
    await sleep(OUTBOX_POLL_MS);
  }
}

async function bankDatabases(serverUrl: string): Promise<string[]> {
  return withClient(serverUrl, async (client) => {
    const found = await client.query<{ datname: string }>(
      `select datname from pg_database where datname like 'florin\\_%' order by datname`,
    );
    return found.rows.map((row) => row.datname);
  });
}

/** The address of one database of the server. */
export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function hasEvents(serverUrl: string, database: string): Promise<boolean> {
  return withClient(databaseUrl(serverUrl, database), async (client) => {
    const table = await client.query<{ found: string | null }>(`select to_regclass('outbox') as found`);
    if (!table.rows[0]?.found) return false;
    return ((await client.query('select 1 from outbox limit 1')).rowCount ?? 0) > 0;
  });
}
