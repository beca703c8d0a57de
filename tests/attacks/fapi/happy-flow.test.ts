import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcessFetch } from '../../../tools/in-process-fetch.ts';
import { expectProblem } from '../answers.ts';
import { PUBLIC_URL } from '../asking.ts';
import { type AttackedBank, emailOf, newKey, startAttackedBank } from '../attacked-bank.ts';
import { type Cast, castOf } from '../people.ts';
import {
  answerConsent,
  askBound,
  CALLBACK,
  codeFor,
  openCookies,
  type Program,
  paymentDetail,
  redeem,
  registerProgram,
  toConsent,
} from './program.ts';

let attacked: AttackedBank;
let cast: Cast;
let program: Program;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  program = await registerProgram(attacked, cast.staff.admin.token, 'Ledgerly');
});
afterAll(() => attacked.close());

/** The reference client (openid-client), pointed at the bank in this process. */
async function discovered() {
  const config = await client.discovery(
    new URL(PUBLIC_URL),
    program.id,
    { token_endpoint_auth_method: 'private_key_jwt' },
    client.PrivateKeyJwt({ key: program.key.privateKey, kid: 'one' }),
    { execute: [client.allowInsecureRequests], [client.customFetch]: fetchInProcess() },
  );
  config[client.customFetch] = fetchInProcess();
  return config;
}

function fetchInProcess(): client.CustomFetch {
  const fetch = inProcessFetch(attacked.bank.gateway);
  return async (address, options) => {
    const answer = await fetch(address, {
      method: options.method as 'POST',
      headers: options.headers,
      redirect: 'manual',
      ...(options.body === undefined || options.body === null ? {} : { body: String(options.body) }),
    });
    const headers = new Headers();
    for (const name of ['content-type', 'www-authenticate', 'dpop-nonce']) {
      const value = answer.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(await answer.text(), { status: answer.status, headers });
  };
}

async function pushedByLibrary(config: client.Configuration, DPoP: client.DPoPHandle, toIban: string) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const params = {
    redirect_uri: CALLBACK,
    scope: 'openid accounts:read payments:write',
    state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    authorization_details: paymentDetail(toIban, '12.50', { creditorName: 'Carol Counterparty' }),
  };
  return { address: await client.buildAuthorizationUrlWithPAR(config, params, { DPoP }), verifier, state };
}

it('HappyFlow, RefreshToken: pushed, consented, bound to a key, paid once, renewed and taken back', async () => {
  const { alice, carol } = cast;
  const config = await discovered();
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const { address, verifier, state } = await pushedByLibrary(config, DPoP, carol.iban);
  const requestUri = address.searchParams.get('request_uri') ?? '';
  const cookies = openCookies(attacked.ask);
  const consent = await toConsent(cookies, program, requestUri, emailOf('Alice Attacked'));
  const asked = await cookies('GET', consent);
  expect(asked.body).toMatchObject({
    prompt: 'consent',
    client: { id: program.id, name: 'Ledgerly' },
    consent: {
      scopes: ['accounts:read', 'payments:write'],
      payment: { toIban: carol.iban, amount: { amount: '12.50', currency: 'EUR' }, creditorName: 'Carol Counterparty' },
    },
  });
  const back = await answerConsent(cookies, consent, 'consent');
  const tokens = await client.authorizationCodeGrant(
    config,
    back,
    { pkceCodeVerifier: verifier, expectedState: state, idTokenExpected: true },
    undefined,
    { DPoP },
  );
  expect(tokens.token_type).toBe('dpop');
  const bound = async (path: string, method = 'GET', body?: object, headers: Record<string, string> = {}) => {
    const all = new Headers({ ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
    const url = new URL(path, PUBLIC_URL);
    const text = body === undefined ? undefined : JSON.stringify(body);
    return client.fetchProtectedResource(config, tokens.access_token, url, method, text, all, { DPoP });
  };
  expect((await bound('/v1/accounts')).status).toBe(200);

  const payment = { fromAccountId: alice.accountId, toIban: carol.iban, amount: { amount: '12.50', currency: 'EUR' } };
  const key = newKey();
  const paid = await bound('/v1/transfers', 'POST', payment, { 'idempotency-key': key });
  expect(paid.status).toBe(201);
  const again = await bound('/v1/transfers', 'POST', payment, { 'idempotency-key': key });
  expect([again.status, await again.text()]).toEqual([201, await paid.text()]);
  const twice = await bound('/v1/transfers', 'POST', payment, { 'idempotency-key': newKey() }).catch((error) => error);
  expect(twice.status).toBe(409);

  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP });
  expect(renewed.token_type).toBe('dpop');
  expect(renewed.refresh_token ?? tokens.refresh_token).toBe(tokens.refresh_token);

  const listed = await attacked.ask({ path: '/v1/me/consents', token: alice.token });
  const [given] = listed.body['data'] as { id: string; client: { name: string } }[];
  expect(given?.client.name).toBe('Ledgerly');
  const path = `/v1/me/consents/${given?.id}`;
  expectProblem(await attacked.ask({ method: 'DELETE', path, token: cast.bob.token }), 404, 'consent-not-found');
  expect((await attacked.ask({ method: 'DELETE', path, token: alice.token })).status).toBe(204);
  await expect.poll(async () => (await bound('/v1/accounts').catch((error) => error)).status).toBe(401);
  await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })).rejects.toMatchObject(
    {
      error: 'invalid_grant',
    },
  );
});

describe('DiscoveryEndpointVerification', () => {
  it('says what is asked for, and no more', async () => {
    const { body } = await attacked.ask({ path: '/.well-known/openid-configuration' });
    expect(body).toMatchObject({
      issuer: PUBLIC_URL,
      pushed_authorization_request_endpoint: `${PUBLIC_URL}/oidc/par`,
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      authorization_details_types_supported: ['payment'],
      dpop_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
    });
    const methods = body['token_endpoint_auth_methods_supported'] as string[];
    expect([...methods].sort()).toEqual(['none', 'private_key_jwt']);
    const jwks = await attacked.ask({ path: '/oidc/jwks' });
    const keys = jwks.body['keys'] as Record<string, unknown>[];
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(Object.keys(key)).not.toContain('d');
  });
});

it('ends everything of a program that is shut out', async () => {
  const other = await registerProgram(attacked, cast.staff.admin.token, 'Shut Out');
  const answer = await redeem(attacked.ask, other, await codeFor(attacked, other, emailOf('Bob Burglar')));
  const token = String(answer.body['access_token']);
  expect((await askBound(attacked.ask, other, token, { path: '/v1/accounts' })).status).toBe(200);
  const path = `/v1/admin/clients/${other.id}/disable`;
  const disabled = await attacked.ask({ method: 'POST', path, token: cast.staff.admin.token });
  expect([disabled.status, disabled.body['status']]).toEqual([200, 'disabled']);
  await expect
    .poll(async () => (await askBound(attacked.ask, other, token, { path: '/v1/accounts' })).status)
    .toBe(401);
});
