import { spawn } from 'node:child_process';
import { withClient } from '@florin/postgres';
import type { Sample } from './sample.ts';

/** Branches of TPC-B: as many as the most clients, as pgbench's manual asks for, so they do not queue on one row. */
const SCALE = 128;
const DATABASE = 'pgbench';
const THREADS = 2;

/** pgbench could not be used; the message is one sentence for a person. */
export class PgbenchMissing extends Error {}

/** Fills the yardstick's database, about 2 GB, once per data folder. */
export async function preparePgbench(serverUrl: string, say: (text: string) => void): Promise<void> {
  await run(serverUrl, ['--version']);
  const accounts = await withClient(serverUrl, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`create database ${DATABASE}`);
    return found.rowCount === 0 ? 0 : countAccounts(databaseUrl(serverUrl));
  });
  if (accounts === SCALE) return;
  say(`filling the yardstick's database (pgbench -i -s ${SCALE}), once, about a minute ...`);
  await run(serverUrl, ['-i', '-q', '-s', String(SCALE), DATABASE]);
}

async function countAccounts(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const table = await client.query<{ found: string | null }>(`select to_regclass('pgbench_branches') as found`);
    if (!table.rows[0]?.found) return 0;
    // The branches are filled with the accounts but the primary keys come last: without them the filling was broken off.
    const keys = await client.query(`select 1 from pg_indexes where indexname = 'pgbench_accounts_pkey'`);
    const branches = await client.query<{ count: string }>('select count(*)::text as count from pgbench_branches');
    return keys.rowCount === 1 ? Number(branches.rows[0]?.count) : 0;
  });
}

/** TPC-B as pgbench has it: five statements and one commit a transaction, prepared, one connection a client. */
export async function runPgbench(serverUrl: string, clients: number, durationMs: number): Promise<Sample> {
  await withClient(databaseUrl(serverUrl), async (client) => {
    await client.query('truncate pgbench_history');
    await client.query('vacuum pgbench_branches, pgbench_tellers');
  });
  const seconds = String(Math.round(durationMs / 1000));
  const output = await run(serverUrl, [
    ...['-n', '-M', 'prepared', '-c', String(clients), '-j', String(THREADS), '-T', seconds],
    DATABASE,
  ]);
  return parsePgbench(output);
}

/** Reads the summary pgbench prints. */
export function parsePgbench(output: string): Sample {
  const number = (pattern: RegExp) => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const rate = number(/^tps = ([\d.]+)/m);
  if (!(rate > 0)) throw new Error(`pgbench printed no rate: ${output}`);
  const failed = number(/^number of failed transactions: (\d+)/m) || 0;
  return {
    rate,
    averageMs: number(/^latency average = ([\d.]+) ms/m),
    refusals: failed > 0 ? [`${failed} transactions failed`] : [],
  };
}

function databaseUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${DATABASE}`;
  return url.href;
}

/** The password travels in the environment: arguments can be read by everybody on the machine. */
function run(serverUrl: string, args: readonly string[]): Promise<string> {
  const { hostname, port, username, password } = new URL(serverUrl);
  return new Promise((resolve, reject) => {
    const child = spawn('pgbench', args, {
      env: {
        ...process.env,
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: decodeURIComponent(username),
        PGPASSWORD: decodeURIComponent(password),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let complaints = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (complaints += chunk));
    child.once('error', () =>
      reject(new PgbenchMissing('pgbench is not on PATH; Debian and Ubuntu have it in the package postgresql')),
    );
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`pgbench: ${complaints.trim()}`))));
  });
}
