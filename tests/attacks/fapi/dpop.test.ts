import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanLog, expectProblem } from '../answers.ts';
import { PUBLIC_URL } from '../asking.ts';
import { type AttackedBank, emailOf, newKey, startAttackedBank } from '../attacked-bank.ts';
import { type Cast, castOf } from '../people.ts';
import { athOf, codeFor, type KeyPair, newKeyPair, type Program, proofOf, redeem, registerProgram } from './program.ts';

let attacked: AttackedBank;
let cast: Cast;
let program: Program;
let token: string;
let stranger: KeyPair;
let rsa: KeyPair;
let pss: KeyPair;
let edwards: KeyPair;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  program = await registerProgram(attacked, cast.staff.admin.token, 'Ledgerly');
  const answer = await redeem(attacked.ask, program, await codeFor(attacked, program, emailOf('Alice Attacked')));
  token = String(answer.body['access_token']);
  stranger = await newKeyPair();
  rsa = await newKeyPair('RS256');
  pss = await newKeyPair('PS256');
  edwards = await newKeyPair('Ed25519');
});
afterAll(() => attacked.close());

const PATH = '/v1/accounts';
const now = () => Math.floor(Date.now() / 1_000);

type Changes = Readonly<Record<string, unknown>>;

function proof(claims: Changes = {}, header: Changes = {}, key = program.tokenKey): Promise<string> {
  return proofOf(key, 'GET', PATH, { ath: athOf(token), ...claims }, header);
}

const read = (headers: Readonly<Record<string, string>>, path = PATH) => attacked.ask({ path, headers });
const show = (dpop: string, scheme = 'DPoP') => read({ authorization: `${scheme} ${token}`, dpop });

function unsigned(claims: Changes, header: Changes): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const all = { jti: randomUUID(), htm: 'GET', htu: `${PUBLIC_URL}${PATH}`, iat: now(), ath: athOf(token), ...claims };
  return `${part({ typ: 'dpop+jwt', jwk: program.tokenKey.publicJwk, ...header })}.${part(all)}.`;
}

async function brokenSignature(): Promise<string> {
  const good = await proof();
  const [head, claims, signature = ''] = good.split('.');
  return `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}

async function withPrivateKey(): Promise<string> {
  return proof({}, { jwk: await exportJWK(program.tokenKey.privateKey) });
}

/** What is wrong with a proof, as the modules of the OpenID Foundation's suite change it. */
const REFUSED: Readonly<Record<string, () => Promise<string> | string>> = {
  'not a JWT': () => 'not-a-proof',
  'an empty one': () => '',
  'signed with RS256': () => proof({}, { alg: 'RS256', jwk: rsa.publicJwk }, rsa),
  'algorithm none': () => unsigned({}, { alg: 'none' }),
  'no algorithm': () => unsigned({}, {}),
  'no type': () => proof({}, { typ: undefined }),
  'type JWT': () => proof({}, { typ: 'JWT' }),
  'no key': () => proof({}, { jwk: undefined }),
  'a key with its private part': withPrivateKey,
  'the key of somebody else': () => proof({}, { jwk: stranger.publicJwk }, stranger),
  'our key, and the signature of somebody else': () =>
    proof({}, {}, { ...program.tokenKey, privateKey: stranger.privateKey }),
  'a key of another kind': () => proof({}, { alg: 'PS256', jwk: pss.publicJwk }, pss),
  'an Edwards key': () => proof({}, { alg: 'Ed25519', jwk: edwards.publicJwk }, edwards),
  'a key that is none': () => proof({}, { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }),
  'a signature that was changed': brokenSignature,
  'no ath': () => proof({ ath: undefined }),
  'the ath of another token': () => proof({ ath: athOf('another') }),
  'no htm': () => proof({ htm: undefined }),
  'another htm': () => proof({ htm: 'POST' }),
  'htm in another case': () => proof({ htm: 'get' }),
  'no htu': () => proof({ htu: undefined }),
  'the htu of another path': () => proof({ htu: `${PUBLIC_URL}/v1/me` }),
  'the htu of another host': () => proof({ htu: `http://evil.example${PATH}` }),
  'the htu of another scheme': () => proof({ htu: `https://localhost:8080${PATH}` }),
  'an htu that is no address': () => proof({ htu: PATH }),
  'an htu in a list': () => proof({ htu: [`${PUBLIC_URL}${PATH}`] }),
  'no iat': () => proof({ iat: undefined }),
  'an iat of an hour ago': () => proof({ iat: now() - 3_600 }),
  'an iat in an hour': () => proof({ iat: now() + 3_600 }),
  'an iat of two minutes ago': () => proof({ iat: now() - 120 }),
  'an iat that is text': () => proof({ iat: String(now()) }),
  'no jti': () => proof({ jti: undefined }),
  'an empty jti': () => proof({ jti: '' }),
  'a jti that is a number': () => proof({ jti: 7 }),
  expired: () => proof({ exp: now() - 3_600 }),
  'not good yet': () => proof({ nbf: now() + 3_600 }),
  'longer than any': () => proof({ padding: 'x'.repeat(5_000) }),
  'two in one header': async () => `${await proof()}, ${await proof()}`,
};

describe('T08: a DPoP proof is refused', () => {
  it.each(Object.entries(REFUSED))('T08: %s', async (_, make) => {
    const seen = await show(await make());
    expectProblem(seen, 401, 'unauthenticated');
    expect(seen.headers['www-authenticate']).toBe('DPoP error="invalid_dpop_proof", algs="ES256 PS256 EdDSA Ed25519"');
    expect((await show(await proof())).status).toBe(200);
  });

  it('T08: none at all, or the token as a Bearer token, with a proof and without', async () => {
    expectProblem(await read({ authorization: `DPoP ${token}` }), 401, 'unauthenticated');
    expectProblem(await read({ authorization: `Bearer ${token}` }), 401, 'unauthenticated');
    expectProblem(await show(await proof(), 'Bearer'), 401, 'unauthenticated');
    // A token that is bound to no key gains nothing by a proof.
    const dpop = await proofOf(stranger, 'GET', PATH, { ath: athOf(cast.alice.token) });
    expectProblem(await read({ authorization: `DPoP ${cast.alice.token}`, dpop }), 401, 'unauthenticated');
  });

  it('T08: two headers', async () => {
    const { port } = await attacked.listen();
    const dpop = [await proof(), await proof()];
    const status = await new Promise((resolve, reject) => {
      const headers = { host: new URL(PUBLIC_URL).host, authorization: `DPoP ${token}`, dpop };
      const sent = request({ port, host: '127.0.0.1', path: PATH, headers, agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(status).toBe(401);
  });

  it('T08: a second time, and ten times at once: one of them passes', async () => {
    const once = await proof();
    expect((await show(once)).status).toBe(200);
    expectProblem(await show(once), 401, 'unauthenticated');
    const racing = await proof();
    const seen = await Promise.all(Array.from({ length: 10 }, () => show(racing)));
    expect(seen.filter(({ status }) => status === 200)).toHaveLength(1);
    // The same id by another signature is the same proof.
    const jti = randomUUID();
    expect((await show(await proof({ jti }))).status).toBe(200);
    expectProblem(await show(await proof({ jti, iat: now() - 1 })), 401, 'unauthenticated');
  });

  it('T08: of a request that reads, for one that pays', async () => {
    const dpop = await proof();
    const body = {
      fromAccountId: cast.alice.accountId,
      toIban: cast.carol.iban,
      amount: { amount: '1.00', currency: 'EUR' },
    };
    const headers = { authorization: `DPoP ${token}`, dpop };
    const seen = await attacked.ask({ method: 'POST', path: '/v1/transfers', key: newKey(), body, headers });
    expectProblem(seen, 401, 'unauthenticated');
  });
});

/** What is no reason to refuse a proof. */
const ACCEPTED: Readonly<Record<string, () => Promise<string>>> = {
  'as it should be': () => proof(),
  'an htu with a query': () => proof({ htu: `${PUBLIC_URL}${PATH}?page=2` }),
  'an htu with a fragment': () => proof({ htu: `${PUBLIC_URL}${PATH}#top` }),
  'an htu whose scheme and host are in capitals': () => proof({ htu: `HTTP://LOCALHOST:8080${PATH}` }),
  'an htu with dots in its path': () => proof({ htu: `${PUBLIC_URL}/v1/./accounts` }),
  'an iat of ten seconds ago': () => proof({ iat: now() - 10 }),
  'an iat in ten seconds': () => proof({ iat: now() + 10 }),
  'an expiry that has not come': () => proof({ exp: now() + 60, nbf: now() - 60 }),
  'claims that we do not know': () => proof({ purpose: 'reading', nested: { a: 1 } }),
  'the type with its prefix': () => proof({}, { typ: 'application/dpop+jwt' }),
  'a kid': () => proof({}, { kid: 'one' }),
};

describe('a DPoP proof is taken', () => {
  it.each(Object.entries(ACCEPTED))('T08: %s', async (_, make) => {
    const seen = await show(await make());
    expect(seen.status, seen.text).toBe(200);
  });

  it('T08: AccessTokenTypeHeaderCaseSensitivity: whatever the case of the scheme and of the name of the header', async () => {
    for (const scheme of ['DPoP', 'dpop', 'DPOP']) expect((await show(await proof(), scheme)).status).toBe(200);
    const headers = { Authorization: `DPoP ${token}`, dPOP: await proof() };
    expect((await read(headers)).status).toBe(200);
  });

  it('T08: for an address with a query', async () => {
    const path = `/v1/accounts/${cast.alice.accountId}/transactions?limit=1`;
    const dpop = await proofOf(program.tokenKey, 'GET', path, { ath: athOf(token) });
    expect((await read({ authorization: `DPoP ${token}`, dpop }, path)).status).toBe(200);
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
