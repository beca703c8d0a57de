import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canReach, READ_AND_RUN, serverAccount } from './embedded-account.ts';
import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts';
import { isPostmasterOf } from './embedded-postmaster.ts';
import { removeEmbeddedPostgres } from './embedded-removal.ts';
import { withClient } from './service-database.ts';

const ROOT = process.getuid?.() === 0;
const here = new URL('./embedded-postgres.ts', import.meta.url);
/** One data folder for all tests that leave it as it was: making the data takes a second. */
let lasting: string;
let outer: string;
let folder: string;
let children: ChildProcess[] = [];
let servers: EmbeddedPostgres[] = [];
beforeAll(() => {
  lasting = newFolder();
});
beforeEach(() => {
  outer = lasting;
  folder = join(outer, 'postgres');
});
afterEach(async () => {
  await Promise.all(children.map((child) => killed(child, 'SIGKILL')));
  await Promise.all(servers.map((server) => server.stop()));
  children = [];
  servers = [];
  if (outer !== lasting) await removed(outer);
});
afterAll(() => removed(lasting));

function newFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'florin-embedded-'));
  chmodSync(made, 0o711);
  return made;
}

function inFolderOfItsOwn(): void {
  outer = newFolder();
  folder = join(outer, 'postgres');
}

async function removed(path: string): Promise<void> {
  await removeEmbeddedPostgres(join(path, 'postgres'));
  rmSync(path, { recursive: true, force: true });
}

/** Starts the server from this process; what a failed test leaves running is stopped after it. */
async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataFolder: folder, fast: true, ...options });
  servers.push(server);
  return server;
}

const ask = async (server: EmbeddedPostgres, text: string): Promise<unknown[]> =>
  withClient(server.url, async (client) => (await client.query(text)).rows);

interface Told {
  readonly pid?: number;
  readonly port?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Starts the server from another Node process, which then stays; answers the process and what it told. */
async function startElsewhere(account?: { uid: number; gid: number }): Promise<{ child: ChildProcess; told: Told }> {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(here.href)};
    const tell = (value) => console.log(JSON.stringify(value));
    startEmbeddedPostgres({ dataFolder: ${JSON.stringify(folder)}, fast: true }).then(
      ({ pid, port }) => { tell({ pid, port }); setInterval(() => {}, 1000); },
      ({ code, message }) => tell({ code, message }),
    );`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface(child.stdout)) return { child, told: JSON.parse(line) as Told };
  throw new Error('the other process said nothing');
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = Promise.withResolvers<void>();
  child.once('exit', () => gone.resolve());
  child.kill(signal);
  await gone.promise;
}

describe('the embedded server', () => {
  test('starts, is safe by its settings, keeps its data and stops', async () => {
    const server = await start({ fast: false });
    const settings = await ask(
      server,
      `select string_agg(setting, ' ' order by name) as found from pg_settings where name in ('data_checksums', 'fsync',
       'full_page_writes', 'listen_addresses', 'max_connections', 'max_prepared_transactions', 'synchronous_commit',
       'unix_socket_directories', 'wal_level')`,
    );
    expect(settings).toEqual([{ found: 'on on on 127.0.0.1 300 64 on  replica' }]);
    await ask(server, 'create table kept as select 42 as answer');
    const modes = [folder, join(folder, 'password'), join(folder, 'postgres.log')].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o711, 0o600, 0o600]);
    if (ROOT) expect(statSync(server.dataFolder).uid).not.toBe(0);
    await Promise.all([server.stop(), server.stop()]);
    expect(isPostmasterOf(server.pid, server.dataFolder)).toBe(false);

    const again = await start({ fast: false });
    expect(again.adopted).toBe(false);
    expect(await ask(again, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await again.stop();
  });

  test('lets nobody in without the password', async () => {
    const server = await start();
    const url = new URL(server.url);
    url.password = 'postgres';
    await expect(withClient(url.href, (client) => client.query('select 1'))).rejects.toMatchObject({
      cause: { code: '28P01' },
    });
    await server.stop();
  });

  test('is adopted when the process that started it was killed', async () => {
    const { child, told } = await startElsewhere();
    await killed(child, 'SIGKILL');
    const server = await start();
    expect(server).toMatchObject({ adopted: true, pid: told.pid, port: told.port });
    expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(isPostmasterOf(server.pid, server.dataFolder)).toBe(false);
  });

  test('is stopped and started anew when it was left on another port', async () => {
    const { child, told } = await startElsewhere();
    await killed(child, 'SIGKILL');
    const port = await unusedPort();
    const server = await start({ port });
    expect(server).toMatchObject({ adopted: false, port });
    expect(isPostmasterOf(told.pid ?? 0, server.dataFolder)).toBe(false);
    await server.stop();
  });

  test('comes back after it was killed itself, with all that was committed', async () => {
    const first = await start();
    await ask(first, 'create table committed as select 42 as answer');
    const busy = ask(first, 'select pg_sleep(30)').catch(() => 'lost');
    process.kill(first.pid, 'SIGKILL');
    expect(await busy).toBe('lost');
    await first.stop();
    const second = await start();
    expect(await ask(second, 'select answer from committed')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  test('is not confused by a left-over number that another program has now', async () => {
    const first = await start();
    await first.stop();
    const { uid, gid } = statSync(first.dataFolder);
    const other = spawn('sleep', ['60'], { ...(ROOT ? { uid, gid } : {}), cwd: '/' });
    children.push(other);
    const lines = [other.pid, first.dataFolder, '1', '5432', '', '127.0.0.1', '0 0', 'ready', ''];
    writeFileSync(join(first.dataFolder, 'postmaster.pid'), lines.join('\n'));
    const second = await start();
    expect(second.adopted).toBe(false);
    await second.stop();
  });
});

describe('a start is refused in one sentence', () => {
  test('when the port is taken', async () => {
    const taken = createServer();
    const port = await listen(taken);
    await expect(start({ port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: `Port ${port} of PostgreSQL is in use by another program.`,
    });
    taken.close();
    const server = await start();
    await server.stop();
  });

  test('when the data is of another version', async () => {
    const server = await start();
    await server.stop();
    const versionFile = join(server.dataFolder, 'PG_VERSION');
    writeFileSync(versionFile, '17\n');
    await expect(start()).rejects.toMatchObject({
      code: 'data-version',
      message: expect.stringContaining('PostgreSQL 17'),
    });
    writeFileSync(versionFile, '18\n');
  });

  test('when the folder cannot be made', async () => {
    writeFileSync(join(outer, 'a-file'), '');
    const attempt = startEmbeddedPostgres({ dataFolder: join(outer, 'a-file', 'postgres') });
    await expect(attempt).rejects.toMatchObject({ code: 'data-not-writable' });
  });

  test('when the folder belongs to someone else', async (context) => {
    const account = serverAccount();
    if (!(ROOT && canReach(account, process.execPath, READ_AND_RUN) && canReach(account, new URL(here).pathname, 4))) {
      context.skip('needs root, and a checkout that other users can read');
    }
    inFolderOfItsOwn();
    mkdirSync(folder, { mode: 0o755 });
    const { told } = await startElsewhere(account);
    expect(told).toEqual({
      code: 'data-not-writable',
      message: `The folder ${folder} cannot be written by this user.`,
    });
  });

  test('when its password was lost', async () => {
    const server = await start();
    await server.stop();
    renameSync(join(folder, 'password'), join(folder, 'lost'));
    await expect(start()).rejects.toMatchObject({ code: 'password-missing' });
    renameSync(join(folder, 'lost'), join(folder, 'password'));
  });

  test('when another process uses the folder, until that one is gone', async () => {
    const both = await Promise.all([startElsewhere(), startElsewhere()]);
    const winners = both.filter(({ told }) => told.pid !== undefined);
    const losers = both.filter(({ told }) => told.code === 'already-running');
    expect([winners.length, losers.length]).toEqual([1, 1]);
    await expect(start()).rejects.toMatchObject({ code: 'already-running' });
    const [winner] = winners;
    if (winner !== undefined) await killed(winner.child, 'SIGKILL');
    const server = await start();
    expect(server.adopted).toBe(true);
    await server.stop();
  });
});

test('a server whose user cannot reach the checkout keeps its data elsewhere, and a reset finds it', async (context) => {
  if (!ROOT) context.skip('needs root: an ordinary user runs the server as itself');
  inFolderOfItsOwn();
  chmodSync(outer, 0o700);
  const lines: string[] = [];
  const logger = { info: (line: string) => void lines.push(line) };
  const server = await start({ logger });
  expect(lines).toEqual([
    `PostgreSQL keeps its data in ${server.dataFolder}, since its user could not reach ${folder}.`,
  ]);
  expect(server.dataFolder).toMatch(/^\/var\/lib\/florin-[0-9a-f]{12}\/data-[0-9a-f]{12}$/);
  await server.stop();
  chmodSync(outer, 0o711);
  expect(await start()).toMatchObject({ dataFolder: server.dataFolder });
  await servers[1]?.stop();
  await removeEmbeddedPostgres(folder);
  expect([existsSync(server.dataFolder), existsSync(folder)]).toEqual([false, false]);
});

test('a start that was killed while it made the data leaves nothing that stands in the way', async () => {
  inFolderOfItsOwn();
  mkdirSync(join(folder, 'data.new-1'), { recursive: true });
  writeFileSync(join(folder, 'data.new-1.password'), 'left over');
  const server = await start();
  expect(readdirSync(folder).sort()).toEqual(['data', 'holder', 'password', 'postgres.log']);
  await server.stop();
});

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  return port;
}
