import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortPair } from '../../tools/free-ports.ts';
import { clientOf } from '../bank-client.ts';
import { type BankProcess, startBankProcess } from '../bank-process.ts';

const STOP_MS_MAX = 5_000;
const home = mkdtempSync(join(tmpdir(), 'florin-newcomer-'));
let bank: BankProcess;
let port: number;

beforeAll(async () => {
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(home, 0o711);
  port = await freePortPair();
  bank = await startBankProcess(home, port);
});
afterAll(async () => {
  await bank.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Runs a tool the way an npm script does; answers what it printed and how it ended. */
function run(tool: string, args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL(`../../tools/${tool}`, import.meta.url)), ...args], {
      env: { ...process.env, FLORIN_HOME: home, FLORIN_URL: bank.url },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

async function signedIn(login: string) {
  const { code, out } = await run('token.ts', [login]);
  expect(code).toBe(0);
  return clientOf(bank.url, out.trim());
}

interface AccountBody {
  readonly id: string;
  readonly iban: string;
  readonly openedAt: string;
  readonly balance: { readonly posted: { readonly amount: string } };
}

describe('what the README shows', () => {
  it('moves money once, however often it is asked with one key, and shows it at once', async () => {
    const [alice, bob] = await Promise.all([signedIn('alice'), signedIn('bob')]);
    const [mine] = (await alice.get('/v1/accounts')).body['data'] as AccountBody[];
    const [theirs] = (await bob.get('/v1/accounts')).body['data'] as AccountBody[];
    if (mine === undefined || theirs === undefined) throw new Error('the demo has accounts');
    const body = {
      fromAccountId: mine.id,
      toIban: theirs.iban,
      amount: { amount: '12.50', currency: 'EUR' },
      reference: 'Lunch',
    };
    const first = await alice.post('/v1/transfers', body, 'lunch-1');
    expect([first.status, first.isReplay]).toEqual([201, false]);
    const balance = (await alice.get(`/v1/accounts/${mine.id}/balance`)).body;
    expect(balance).toMatchObject(first.body['balance'] as object);
    const again = await alice.post('/v1/transfers', body, 'lunch-1');
    expect([again.status, again.isReplay, again.body]).toEqual([201, true, first.body]);
    const history = await alice.get(`/v1/accounts/${mine.id}/transactions?limit=1`);
    expect(history.body['data']).toMatchObject([
      { transferId: first.body['id'], amount: { amount: '-12.50' }, counterparty: { name: 'Bob de Vries' } },
    ]);
    const dashboard = await alice.get('/v1/dashboard');
    expect(dashboard.body).toMatchObject({ missing: [], accounts: [{ balance }, {}, {}, {}] });
  });

  it('has more than three months of history, with a salary in each', async () => {
    const alice = await signedIn('alice');
    const [account] = (await alice.get('/v1/accounts')).body['data'] as AccountBody[];
    const lines: { bookedAt: string; amount: { amount: string } }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await alice.get(`/v1/accounts/${account?.id}/transactions?limit=100${query}`);
      lines.push(...(page.body['data'] as typeof lines));
      cursor = page.body['nextCursor'] as string | null;
    }
    expect(lines.length).toBeGreaterThan(100);
    const days = new Set(lines.map(({ bookedAt }) => bookedAt.slice(0, 10)));
    expect(days.size).toBeGreaterThan(50);
    const oldest = Date.parse(lines.at(-1)?.bookedAt ?? '');
    expect(Date.parse(lines[0]?.bookedAt ?? '') - oldest).toBeGreaterThan(90 * 86_400_000);
    expect(lines.filter(({ amount }) => Number(amount.amount) > 3_000).length).toBeGreaterThanOrEqual(3);
  });

  it('has money without cents and with thousandths', async () => {
    const [alice, bob] = await Promise.all([signedIn('alice'), signedIn('bob')]);
    const amountsOf = async ({ get }: typeof alice) =>
      ((await get('/v1/accounts')).body['data'] as AccountBody[]).map(({ balance }) => balance.posted.amount);
    expect((await amountsOf(alice)).filter((amount) => /^\d+$/.test(amount))).toHaveLength(1);
    expect((await amountsOf(bob)).filter((amount) => /^\d+\.\d{3}$/.test(amount))).toHaveLength(1);
  });

  it("answers 404 for somebody else's account, and serves its own description", async () => {
    const [alice, bob] = await Promise.all([signedIn('alice'), signedIn('bob')]);
    const [theirs] = (await bob.get('/v1/accounts')).body['data'] as AccountBody[];
    expect((await alice.get(`/v1/accounts/${theirs?.id}`)).status).toBe(404);
    const document = (await alice.get('/openapi.json')).body;
    expect(document['openapi']).toBe('3.1.0');
    const paths = Object.keys(document['paths'] as object);
    expect(paths).toContain('/v1/transfers');
    expect(paths.filter((path) => path.includes('internal'))).toEqual([]);
  });

  it('tells an auditor that every service is ready, and a browser with a dead cookie that nobody is signed in', async () => {
    const auditor = await signedIn('amir');
    const { status, body } = await auditor.get('/v1/service-health');
    expect(status).toBe(200);
    const states = body['data'] as { service: string; ready: boolean }[];
    expect(states.map(({ service }) => service).sort()).toEqual([
      'accounts',
      'gateway',
      'notifications',
      'transactions',
      'users',
    ]);
    expect(states.every(({ ready }) => ready)).toBe(true);
    const headers = { cookie: 'florin_sid=dead', accept: 'application/json' };
    expect(await (await fetch(`${bank.url}/session`, { headers })).json()).toMatchObject({ user: null, csrf: null });
    const refused = await fetch(`${bank.url}/v1/accounts`, { headers, redirect: 'manual' });
    expect([refused.status, await refused.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
  });

  it('says in one sentence when a demo user is unknown or the port is taken', async () => {
    const unknown = await run('token.ts', ['nobody']);
    expect(unknown.code).toBe(1);
    expect(unknown.err.trim().split('\n')).toHaveLength(1);
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const takenPort = typeof address === 'object' && address !== null ? address.port : 0;
    const second = await run('start.ts', ['--port', String(takenPort)]);
    taken.close();
    expect(second.code).toBe(1);
    expect(second.err).toContain(`port ${takenPort} is in use`);
    expect(second.err.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a second bank on the same folder, in one sentence', async () => {
    const second = await run('start.ts', ['--port', String(await freePortPair())]);
    expect(second.code).toBe(1);
    expect(second.err.trim().split('\n')).toHaveLength(1);
  });

  it('keeps secrets to itself, and stops within five seconds when it is told to, even twice', async () => {
    for (const file of ['secrets.json', 'demo-users.json']) {
      expect(() => readFileSync(join(home, file))).not.toThrow();
    }
    const startedAt = performance.now();
    process.kill(bank.pid, 'SIGINT');
    process.kill(bank.pid, 'SIGINT');
    expect(await bank.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(STOP_MS_MAX);
    bank = await startBankProcess(home, port);
    const [account] = (await (await signedIn('alice')).get('/v1/accounts')).body['data'] as AccountBody[];
    expect(account).toBeDefined();
  });
});
