import { expect, it } from 'vitest';
import { readConfig } from './config.ts';

const rest = {
  FLORIN_INTERNAL_JWKS: '{"keys":[]}',
  FLORIN_USERS_URL: 'http://users',
  FLORIN_TRANSACTIONS_PRIVATE_JWK: '{}',
};
const addresses = (databases: string, owners: string) => ({
  FLORIN_TRANSACTIONS_DATABASE_URL: databases,
  FLORIN_TRANSACTIONS_OWNER_URL: owners,
  ...rest,
});

it('one address is one shard', () => {
  expect(readConfig(addresses('pg://a', 'pg://o')).shards).toEqual([{ databaseUrl: 'pg://a', ownerUrl: 'pg://o' }]);
});

it('several are the shards in their order, however they are spaced', () => {
  expect(readConfig(addresses('  pg://a\n pg://b ', 'pg://o pg://p')).shards).toEqual([
    { databaseUrl: 'pg://a', ownerUrl: 'pg://o' },
    { databaseUrl: 'pg://b', ownerUrl: 'pg://p' },
  ]);
});

it('standbys go with the databases, in their order, and are as many', () => {
  const settings = addresses('pg://a pg://b', 'pg://o pg://p');
  const { shards } = readConfig({ ...settings, FLORIN_TRANSACTIONS_STANDBY_URL: 'pg://c pg://d' });
  expect(shards.map(({ standbyUrl }) => standbyUrl)).toEqual(['pg://c', 'pg://d']);
  const withoutOne = readConfig({ ...settings, FLORIN_TRANSACTIONS_STANDBY_URL: 'pg://c pg://b' }).shards;
  expect(withoutOne.map(({ standbyUrl }) => standbyUrl)).toEqual(['pg://c', undefined]);
  expect(() => readConfig({ ...settings, FLORIN_TRANSACTIONS_STANDBY_URL: 'pg://c' })).toThrow(
    'FLORIN_TRANSACTIONS_STANDBY_URL must have as many addresses',
  );
});

it.each([
  ['more databases than owners', 'pg://a pg://b', 'pg://o', 'must have as many addresses as'],
  ['more owners than databases', 'pg://a', 'pg://o pg://p', 'must have as many addresses as'],
  ['only spaces', ' ', ' ', 'must have from 1 to 16 addresses'],
  ['too many', 'a '.repeat(17), 'o '.repeat(17), 'must have from 1 to 16 addresses'],
])('%s: a fault that names the setting', (_, databases, owners, message) => {
  expect(() => readConfig(addresses(databases, owners))).toThrow(
    expect.objectContaining({ code: 'setting-invalid', message: expect.stringContaining(message) }),
  );
});

it('who confirms payments is one of two answers, and nobody means anything by a third', () => {
  const settings = addresses('pg://a', 'pg://o');
  expect(readConfig(settings).strongAuthentication).toBe('enrolled');
  expect(readConfig({ ...settings, FLORIN_STRONG_AUTHENTICATION: 'always' }).strongAuthentication).toBe('always');
  expect(() => readConfig({ ...settings, FLORIN_STRONG_AUTHENTICATION: 'never' })).toThrow(
    expect.objectContaining({ code: 'setting-invalid' }),
  );
});
