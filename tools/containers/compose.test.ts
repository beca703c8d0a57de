import { readFileSync } from 'node:fs';
import { ACCOUNTS_SETTINGS } from '@florin/accounts';
import { GATEWAY_SETTINGS } from '@florin/gateway';
import { NOTIFICATIONS_SETTINGS } from '@florin/notifications';
import type { ServiceDatabase } from '@florin/postgres';
import type { SettingTable } from '@florin/primitives';
import { TRANSACTIONS_SETTINGS } from '@florin/transactions';
import { USERS_SETTINGS } from '@florin/users';
import { expect, it } from 'vitest';
import type { Secrets, StoredService } from '../secrets.ts';
import { type BankProcessSpec, PROCESSES } from '../stack/processes.ts';
import { LEFT_OUT } from './composition.ts';
import { secretSettings } from './process-files.ts';
import { STAND_INS } from './stand-ins.ts';

const COMPOSE = readFileSync(new URL('../../deploy/compose/compose.yaml', import.meta.url), 'utf8');
const DOCKERFILE = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');

const TABLES: Readonly<Record<BankProcessSpec['program'], SettingTable>> = {
  gateway: GATEWAY_SETTINGS,
  users: USERS_SETTINGS,
  accounts: ACCOUNTS_SETTINGS,
  transactions: TRANSACTIONS_SETTINGS,
  notifications: NOTIFICATIONS_SETTINGS,
};

const DATABASE: ServiceDatabase = { database: 'd', ownerUrl: 'pg://o@h/d', runtimeUrl: 'pg://r@h/d', runtimeRole: 'r' };

const MATERIAL = {
  secrets: { internalKeys: {}, usersKey: 'k', cookieKeys: ['c'] } as unknown as Secrets,
  databases: Object.fromEntries(
    ['users', 'accounts', 'transactions', 'notifications'].map((name) => [name, DATABASE]),
  ) as Record<StoredService, ServiceDatabase>,
  redisPassword: 'p',
};

/** The text under a key of the file, with that of every anchor it merges. */
function blockOf(key: string): string {
  const lines = COMPOSE.split('\n');
  const start = lines.findIndex((line) => line.trimEnd() === key || line.startsWith(`${key} &`));
  if (start < 0) return '';
  const indent = key.length - key.trimStart().length;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && !line.startsWith(' '.repeat(indent + 1)));
  const own = rest.slice(0, end < 0 ? undefined : end).join('\n');
  const merged = [...own.matchAll(/<<: \*([a-z-]+)/g)].map(([, anchor]) => {
    const defined = lines.find((line) => line.endsWith(`: &${anchor}`)) ?? '';
    return blockOf(defined.slice(0, defined.indexOf(' &')));
  });
  return [own, ...merged].join('\n');
}

it.each(PROCESSES)(
  'has the process $name, which is told everything it must be and nothing it does not know',
  ({ name, program }) => {
    const block = blockOf(`  ${name}:`);
    const folder = program === 'gateway' ? 'gateway' : `services/${program}`;
    expect(block).toContain(`command: [node, --env-file=/run/florin/settings.env, ${folder}/src/main.ts]`);
    expect(block).toContain(`'${program}:/run/florin:ro'`);
    const told = [
      ...[...block.matchAll(/^ +(FLORIN_\w+):/gm)].map(([, setting]) => setting),
      ...Object.keys(secretSettings(MATERIAL, program)),
    ];
    const table = TABLES[program];
    expect(told.filter((setting) => setting === undefined || !(setting in table))).toEqual([]);
    const needed = Object.entries(table).filter(([, setting]) => !('default' in setting) && !('otherwise' in setting));
    expect(needed.map(([setting]) => setting).filter((setting) => !told.includes(setting))).toEqual([]);
    // What it listens on is what health checks, NGINX and Prometheus are told.
    expect(block).toMatch(/FLORIN_(\w+_)?PORT: '8080'/);
  },
);

it('names no image that nobody stands in for, but those that are left out by name', () => {
  const named = [...COMPOSE.matchAll(/^ +image: ([a-z/]+:\S+)$/gm)].map(([, image]) => image ?? '');
  const standIns: readonly string[] = [...STAND_INS.servers, ...STAND_INS.node];
  const strangers = named.filter((image) => !standIns.includes(image));
  expect(strangers.map((image) => image.split(/[/:]/)[0])).toEqual(LEFT_OUT);
  expect(named).toEqual(expect.arrayContaining([...STAND_INS.servers]));
  for (const [, image] of DOCKERFILE.matchAll(/^FROM (\S+:\S+)/gm)) expect(standIns).toContain(image);
});

it('publishes ports on this machine only, and holds no password', () => {
  const published = [...COMPOSE.matchAll(/^ +ports: (.+)$/gm)].map(([, ports]) => ports);
  expect(published.length).toBe(3);
  for (const ports of published) expect(ports).toMatch(/^\['127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+'\]$/);
  expect(COMPOSE).not.toMatch(/(PASSWORD|SECRET|_KEY|_JWK\w*): (?!\/run\/florin\/)/);
});
