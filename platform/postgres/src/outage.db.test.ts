import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from './database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { removeEmbeddedPostgres } from './embedded-removal.ts';
import { openSession, type Session } from './session.ts';
import { sql } from './sql.ts';

/** What a caller may wait for the answer that the database is away. */
const ANSWER_MS = 2_000;

let folder: string;
let server: EmbeddedPostgres;
let database: Database;
let session: Session;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'florin-outage-'));
  chmodSync(folder, 0o711);
  server = await startEmbeddedPostgres({ dataFolder: folder });
  const connection = { url: server.url, applicationName: 'outage' };
  database = openDatabase({ ...connection, poolSize: 4 });
  session = openSession(connection);
});
afterAll(async () => {
  await Promise.all([database.close(), session.close()]);
  await server.stop();
  await removeEmbeddedPostgres(folder);
});

const away = { code: 'database-unavailable', retryable: true, retryAfterSeconds: 1 };

async function bringBack(): Promise<void> {
  await server.stop();
  server = await startEmbeddedPostgres({ dataFolder: folder, port: server.port });
}

test('a server killed in the middle of everything is a fault at once, and nothing needs a restart when it is back', async () => {
  await database.execute(sql`create table kept (id int)`);
  const sleeping = [
    database.query(sql`select pg_sleep(30)`),
    database.transaction((tx) => tx.query(sql`select pg_sleep(30)`)),
    session.query(sql`select pg_sleep(30)`),
  ];
  const answers = Promise.allSettled(sleeping);
  await database.execute(sql`insert into kept values (1)`);
  process.kill(server.pid, 'SIGKILL');
  for (const answer of await answers) expect(answer).toMatchObject({ status: 'rejected', reason: away });

  // The processes of connections that were idle live on for a moment.
  await expect.poll(() => database.query(sql`select 1`).catch((error) => error)).toMatchObject(away);
  await expect.poll(() => session.query(sql`select 1`).catch((error) => error)).toMatchObject(away);
  // Away: more callers than the pool has connections, all answered.
  const askedAt = performance.now();
  const callers = Array.from({ length: 20 }, () => database.query(sql`select 1`));
  for (const answer of await Promise.allSettled([...callers, session.query(sql`select 1`)])) {
    expect(answer).toMatchObject({ status: 'rejected', reason: away });
  }
  expect(performance.now() - askedAt).toBeLessThan(ANSWER_MS);

  await bringBack();
  expect(await database.query(sql`select id from kept`)).toEqual([{ id: 1 }]);
  expect(await session.query(sql`select id from kept`)).toEqual([{ id: 1 }]);
});

test('connections that died idle are replaced without a caller seeing it', async () => {
  await Promise.all(Array.from({ length: 4 }, () => database.query(sql`select pg_sleep(0.05)`)));
  expect(database.usage().idle).toBe(4);
  await bringBack();
  await expect.poll(() => database.usage().total).toBe(0);
  expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
});
