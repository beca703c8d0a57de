import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';

/** Registers itself, asks a customer for one payment, makes it, and shows their accounts: `docs/guides/third-party-clients.md`. */

const PORT = 4_000;
const CALLBACK = `http://127.0.0.1:${PORT}/callback`;

const { values } = parseArgs({
  options: {
    bank: { type: 'string', default: 'http://localhost:8080' },
    admin: { type: 'string' },
    to: { type: 'string' },
    amount: { type: 'string', default: '1.00' },
    currency: { type: 'string', default: 'EUR' },
  },
});
const { bank, admin, to, amount, currency } = values;
if (admin === undefined || to === undefined) {
  console.error('node src/main.ts --admin TOKEN --to IBAN [--amount 1.00] [--currency EUR] [--bank ADDRESS]');
  process.exit(2);
}

/** A real program keeps its key, and was registered once. */
async function register(token: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const answer = await fetch(new URL('/v1/admin/clients', bank), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Ledgerly',
      redirectUris: [CALLBACK],
      scopes: ['accounts:read', 'payments:write'],
      keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }],
    }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  const { id } = (await answer.json()) as { readonly id: string };
  return { id, privateKey };
}

/** Waits for the browser to come back. */
async function cameBack(): Promise<URL> {
  const server = createServer().listen(PORT, '127.0.0.1');
  const [request, response] = await once(server, 'request');
  response.end('You can close this window.');
  server.close();
  return new URL(request.url, CALLBACK);
}

const program = await register(admin);
const config = await client.discovery(
  new URL(bank),
  program.id,
  undefined,
  client.PrivateKeyJwt({ key: program.privateKey, kid: 'one' }),
  // The bank of a development machine speaks plain http.
  { execute: [client.allowInsecureRequests] },
);
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
const payment = { toIban: to, amount: { amount, currency } };
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const address = await client.buildAuthorizationUrlWithPAR(
  config,
  {
    redirect_uri: CALLBACK,
    scope: 'openid accounts:read payments:write',
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    authorization_details: JSON.stringify([{ type: 'payment', ...payment }]),
  },
  { DPoP },
);
const back = cameBack();
console.log(`Open this within a minute:\n\n  ${address.href}\n`);

const checks = { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true };
const tokens = await client.authorizationCodeGrant(config, await back, checks, undefined, { DPoP });

async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const headers = new Headers(
    body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
  );
  const answer = await client.fetchProtectedResource(
    config,
    tokens.access_token,
    new URL(path, bank),
    body === undefined ? 'GET' : 'POST',
    body === undefined ? undefined : JSON.stringify(body),
    headers,
    { DPoP },
  );
  return (await answer.json()) as Answer;
}

interface Account {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly balance: { readonly available: { readonly amount: string } };
}

const { data } = await ask<{ readonly data: readonly Account[] }>('/v1/accounts');
for (const account of data) console.log(account.name, account.balance.available.amount, account.currency);
const from = data.find((account) => account.currency === currency);
console.log(await ask('/v1/transfers', { fromAccountId: from?.id, ...payment }));
