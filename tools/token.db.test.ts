import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inProcessCalls } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { createLogger } from '@florin/observability';
import { newId, systemClock } from '@florin/primitives';
import { localKeyManagement, withNewKey } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { startUsers, type UsersService, usersMigrations } from '@florin/users';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SignInRefused, signIn } from './sign-in.ts';

const PASSWORD = 'lantern maple harbour';
const TOOL = fileURLToPath(new URL('./token.ts', import.meta.url));

const keys = withNewKey(undefined, 'kek-1');
let database: TestDatabase;
let service: UsersService;
let baseUrl: string;
let home: string;
const server = createServer();

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  service = await startUsers(
    {
      databaseUrl: database.url,
      publicUrl: baseUrl,
      keyEncryptionKey: randomBytes(32).toString('base64url'),
      cookieKeys: [randomBytes(32).toString('base64url')],
    },
    {
      verifyToken: () => ({ subject: 'service:accounts', kind: 'service', roles: [] }),
      keyManagement: localKeyManagement(() => keys),
      calls: inProcessCalls(() => new Map()),
      tokens: { mint: async () => '' },
      broker: memoryBroker(),
      logger: createLogger({ service: 'users', level: 'silent' }),
      clock: systemClock,
      newId,
    },
  );
  server.on('request', service.handle);
  const json = { 'content-type': 'application/json', authorization: 'Bearer service' };
  const person = { email: 'alice@example.com', password: PASSWORD, name: 'Alice Adams' };
  const created = await fetch(`${baseUrl}/v1/users`, { method: 'POST', headers: json, body: JSON.stringify(person) });
  const { id } = await created.json();
  const login = { method: 'PUT', headers: json, body: JSON.stringify({ login: 'alice' }) };
  expect((await fetch(`${baseUrl}/internal/users/${id}/login`, login)).status).toBe(204);
  home = await mkdtemp(join(tmpdir(), 'florin-token-'));
  const users = { alice: { login: 'alice', password: PASSWORD }, bob: { login: 'bob', password: 'not the password' } };
  await writeFile(join(home, 'demo-users.json'), JSON.stringify(users));
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await service.close();
  await database.close();
  await rm(home, { recursive: true });
});

function run(name: string | undefined, environment: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, FLORIN_URL: baseUrl, FLORIN_HOME: home, ...environment };
    execFile(process.execPath, [TOOL, ...(name === undefined ? [] : [name])], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('prints an access token and nothing else', async () => {
  const { code, stdout, stderr } = await run('alice');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const jwks = createRemoteJWKSet(new URL('/oidc/jwks', baseUrl));
  const { payload } = await jwtVerify(stdout.trim(), jwks, {
    issuer: baseUrl,
    audience: `${baseUrl}/v1`,
    typ: 'at+jwt',
  });
  expect(payload).toMatchObject({ client_id: 'florin-cli', scope: 'bank', roles: ['customer'] });
  expect(stdout).toBe(`${stdout.trim()}\n`);
});

test.each([
  ['nobody is named', undefined, {}, 'Say whose token: npm run -s token -- NAME, where NAME is one of alice, bob.'],
  ['the user is unknown', 'carol', {}, 'There is no demo user called carol; there are alice, bob.'],
  ['the name is a trap', '__proto__', {}, 'There is no demo user called __proto__; there are alice, bob.'],
  ['the password is another', 'bob', {}, 'the password in the file of demo users is not that bank'],
  ['no bank runs', 'alice', { FLORIN_URL: 'http://127.0.0.1:9' }, 'The bank does not answer at http://127.0.0.1:9'],
  ['nothing was seeded', 'alice', { FLORIN_HOME: '/nowhere' }, 'There are no demo users yet'],
])('says in one sentence that %s', async (_what, name, environment, sentence) => {
  const { code, stdout, stderr } = await run(name, environment);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('the sign-in itself works with any fetch, and says which rule refused it', async () => {
  const asked: string[] = [];
  const tokens = await signIn({
    baseUrl,
    login: 'alice@example.com',
    password: PASSWORD,
    fetch: (address, init) => {
      asked.push(`${init.method} ${new URL(address).pathname.split('/').slice(0, 3).join('/')}`);
      return fetch(address, init);
    },
  });
  expect(tokens).toMatchObject({ expiresIn: 300, refreshToken: expect.stringMatching(/^.{43}$/) });
  expect(asked[0]).toBe('GET /oidc/auth');
  expect(asked.at(-1)).toBe('POST /oidc/token');
  const wrong = signIn({ baseUrl, fetch, login: 'alice', password: 'wrong password' });
  await expect(wrong).rejects.toBeInstanceOf(SignInRefused);
  await expect(wrong).rejects.toMatchObject({ code: 'wrong-credentials' });
});
