import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { type AccessTokenVerifier, createAccessTokenVerifier } from './access-tokens.ts';

const NOW_SECONDS = 1_780_000_000;
const ISSUER = 'http://bank.test';
const AUDIENCE = 'http://bank.test/v1';

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let publicJwk: JWK;

beforeAll(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true }));
  publicJwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' };
});

/** A verifier with a clock that stands still until a test moves it, and a count of the fetches of the keys. */
function verifierAt(nowSeconds = NOW_SECONDS) {
  const time = { ms: nowSeconds * 1_000 };
  const fetches = { count: 0, fail: false, keys: (): JSONWebKeySet => ({ keys: [publicJwk] }) };
  const verifier: AccessTokenVerifier = createAccessTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    clock: () => time.ms,
    jwks: () => {
      fetches.count += 1;
      return fetches.fail ? Promise.reject(new Error('connection refused')) : Promise.resolve(fetches.keys());
    },
  });
  return { verifier, time, fetches };
}

const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'user-1',
  client_id: 'florin-web',
  scope: 'bank',
  jti: 'token-1',
  iat: NOW_SECONDS - 10,
  exp: NOW_SECONDS + 290,
  roles: ['customer'],
  sid: 'session-1',
  acr: 'pwd',
  auth_time: NOW_SECONDS - 20,
  name: 'Alice Example',
};
const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'key-1' };

/** A token with some claims changed (undefined removes one), signed with the real key unless told otherwise. */
function signed(claims: object = {}, header: object = {}, key = privateKey): Promise<string> {
  const payload = JSON.parse(JSON.stringify({ ...CLAIMS, ...claims }));
  return new SignJWT(payload).setProtectedHeader({ ...HEADER, ...header }).sign(key);
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function refused(token: string): Promise<void> {
  const { verifier } = verifierAt();
  expect(await verifier.verify(token)).toBeUndefined();
  // A refusal must not depend on whether a good token was seen before.
  await verifier.verify(await signed());
  expect(await verifier.verify(token)).toBeUndefined();
}

describe('a good access token', () => {
  it('is a person, with what the token says about them', async () => {
    expect(await verifierAt().verifier.verify(await signed())).toEqual({
      subject: 'user-1',
      kind: 'person',
      roles: ['customer'],
      clientId: 'florin-web',
      sessionId: 'session-1',
      acr: 'pwd',
      authTimeSeconds: NOW_SECONDS - 20,
      name: 'Alice Example',
      tokenId: 'token-1',
      issuedAtSeconds: NOW_SECONDS - 10,
      expiresAtSeconds: NOW_SECONDS + 290,
    });
  });

  it('may name us as one of several audiences and write its type in full', async () => {
    const token = await signed({ aud: ['http://other.test', AUDIENCE] }, { typ: 'application/AT+JWT' });
    expect(await verifierAt().verifier.verify(token)).toMatchObject({ subject: 'user-1' });
  });

  it('gives no right this bank does not know', async () => {
    const token = await signed({ roles: ['customer', 'root', 'ADMIN'] });
    expect(await verifierAt().verifier.verify(token)).toMatchObject({ roles: ['customer'] });
  });

  it('is answered at once the second time, and checked again after 30 s or when it expires', async () => {
    const { verifier, time } = verifierAt();
    const token = await signed();
    const first = verifier.verify(token);
    expect(first).toBeInstanceOf(Promise);
    const person = await first;
    expect(verifier.verify(token)).toBe(person);
    time.ms += 29_999;
    expect(verifier.verify(token)).toBe(person);
    time.ms += 1;
    expect(verifier.verify(token)).toBeInstanceOf(Promise);
    const short = await signed({ exp: NOW_SECONDS + 31 });
    await verifier.verify(short);
    time.ms = (NOW_SECONDS + 31) * 1_000;
    expect(verifier.verify(short)).toBeInstanceOf(Promise);
    time.ms += 6_000;
    expect(await verifier.verify(short)).toBeUndefined();
  });

  it('is checked once when many arrive together', async () => {
    const { verifier } = verifierAt();
    const token = await signed();
    const answers = Array.from({ length: 50 }, () => verifier.verify(token));
    expect(new Set(answers).size).toBe(1);
    expect(await answers[0]).toMatchObject({ subject: 'user-1' });
  });
});

describe('T01, T02: the algorithm', () => {
  it('alg none, with and without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      const unsigned = `${encode({ ...HEADER, alg })}.${encode(CLAIMS)}.`;
      await refused(unsigned);
      await refused(unsigned + (await signed()).split('.')[2]);
    }
  });

  it('HS256 with our public key as the secret', async () => {
    const secrets = [await exportSPKI(publicKey), JSON.stringify(publicJwk)];
    for (const secret of secrets) {
      const body = `${encode({ ...HEADER, alg: 'HS256' })}.${encode(CLAIMS)}`;
      await refused(`${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`);
    }
  });

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])('%s', async (alg) => {
    const { privateKey: key } = await generateKeyPair(alg);
    await refused(await new SignJWT(CLAIMS).setProtectedHeader({ ...HEADER, alg }).sign(key));
  });
});

describe('T03: a token that brings its own key', () => {
  it.each([
    ['kid', { kid: '../../dev/null' }],
    ['kid of another type', { kid: 7 }],
    ['empty kid', { kid: '' }],
    ['no kid', { kid: undefined }],
    ['jku', { jku: 'http://evil.test/keys' }],
    ['x5u', { x5u: 'http://evil.test/cert' }],
    ['x5c', { x5c: ['MIIB'] }],
    ['unknown crit', { crit: ['exp-v2'], 'exp-v2': 1 }],
    ['b64', { b64: true }],
  ])('%s', async (_name, header) => {
    const token = `${encode({ ...HEADER, ...header })}.${encode(CLAIMS)}`;
    const { privateKey: other } = await generateKeyPair('ES256');
    await refused(`${token}.${(await signed({}, {}, other)).split('.')[2]}`);
  });

  it('jwk in the header, signed with that key, under a known and an unknown id', async () => {
    const other = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(other.publicKey);
    await refused(await signed({}, { jwk }, other.privateKey));
    await refused(await signed({}, { jwk, kid: 'mine' }, other.privateKey));
  });

  it('a good signature by our own key does not excuse a key in the header', async () => {
    await refused(await signed({}, { jwk: publicJwk }));
  });
});

describe('T04: made-up key ids', () => {
  it('cost one fetch of the keys in 30 s', async () => {
    const { verifier, time, fetches } = verifierAt();
    await verifier.verify(await signed());
    expect(fetches.count).toBe(1);
    time.ms += 30_000;
    const forged = await Promise.all(
      Array.from({ length: 200 }, (_, index) => signed({}, { kid: `made-up-${index}` })),
    );
    for (const token of forged.slice(0, 100)) expect(await verifier.verify(token)).toBeUndefined();
    await Promise.all(forged.slice(100).map((token) => verifier.verify(token)));
    expect(fetches.count).toBe(2);
    expect(await verifier.verify(await signed())).toMatchObject({ subject: 'user-1' });
  });

  it('do not keep a new key of the issuer out, nor an old one in', async () => {
    const { verifier, time, fetches } = verifierAt();
    await verifier.verify(await signed());
    const next = await generateKeyPair('ES256', { extractable: true });
    const nextJwk = { ...(await exportJWK(next.publicKey)), kid: 'key-2' };
    fetches.keys = () => ({ keys: [nextJwk, { kty: 'RSA', kid: 'rsa', n: 'AQAB', e: 'AQAB' }] });
    time.ms += 30_000;
    const fresh = { iat: NOW_SECONDS, exp: NOW_SECONDS + 900 };
    expect(await verifier.verify(await signed(fresh, { kid: 'key-2' }, next.privateKey))).toBeDefined();
    expect(await verifier.verify(await signed(fresh))).toBeUndefined();
  });

  it('a key set that cannot be fetched is a fault, not a bad token; known keys keep working', async () => {
    const { verifier, time, fetches } = verifierAt();
    fetches.fail = true;
    const token = await signed({ exp: NOW_SECONDS + 3_600 });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'signing-keys-unavailable', retryable: true });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'signing-keys-unavailable' });
    expect(fetches.count).toBe(1);
    fetches.fail = false;
    time.ms += 1_000;
    expect(await verifier.verify(token)).toBeDefined();
    fetches.fail = true;
    time.ms += 11 * 60_000;
    expect(await verifier.verify(token)).toMatchObject({ subject: 'user-1' });
    await expect(verifier.verify(await signed({}, { kid: 'new' }))).resolves.toBeUndefined();
  });
});

describe('T05: a token for something else', () => {
  it.each([
    ['another audience', { aud: 'http://other.test' }, {}],
    ['no audience', { aud: undefined }, {}],
    ['another issuer', { iss: 'http://evil.test' }, {}],
    ['no issuer', { iss: undefined }, {}],
    ['an ID token', {}, { typ: 'JWT' }],
    ['a logout token', {}, { typ: 'logout+jwt' }],
    ['an internal token', {}, { typ: 'florin-internal+jwt' }],
    ['no type', {}, { typ: undefined }],
    ['a service', { sub: 'service:accounts' }, {}],
    ['nobody', { sub: 'anonymous' }, {}],
  ])('%s', async (_name, claims, header) => refused(await signed(claims, header)));
});

describe('T06: times, claims, signature, size', () => {
  it.each([
    ['expired 6 s ago', { exp: NOW_SECONDS - 6 }],
    ['not yet valid for 6 s', { nbf: NOW_SECONDS + 6 }],
    ['issued 6 s in the future', { iat: NOW_SECONDS + 6 }],
    ['no sub', { sub: undefined }],
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['no jti', { jti: undefined }],
    ['no client_id', { client_id: undefined }],
    ['exp as text', { exp: String(NOW_SECONDS + 290) }],
    ['sub as a number', { sub: 7 }],
    ['an endless sub', { sub: 'u'.repeat(101) }],
    ['roles as text', { roles: 'admin' }],
    ['roles of numbers', { roles: [1] }],
    ['client_id as a list', { client_id: ['a'] }],
  ])('%s', async (_name, claims) => refused(await signed(claims)));

  it.each([
    ['exp 4 s ago', { exp: NOW_SECONDS - 4 }],
    ['nbf in 5 s', { nbf: NOW_SECONDS + 5 }],
    ['iat in 5 s', { iat: NOW_SECONDS + 5 }],
  ])('%s is within the skew', async (_name, claims) => {
    expect(await verifierAt().verifier.verify(await signed(claims))).toBeDefined();
  });

  it('a signature of zeros, a changed payload, a cut token, another key', async () => {
    const token = await signed();
    const [header, payload = '', signature] = token.split('.');
    await refused(`${header}.${payload}.${Buffer.alloc(64).toString('base64url')}`);
    await refused(`${header}.${encode({ ...CLAIMS, roles: ['admin'] })}.${signature}`);
    await refused(token.slice(0, -10));
    await refused(await signed({}, {}, (await generateKeyPair('ES256')).privateKey));
  });

  it.each(['', '.', '..', 'a.b.c', 'Bearer', 'null', '\u0000', '{}', 'e30.e30.e30', 'bnVsbA.e30.e30'])(
    '%j is no token',
    (token) => refused(token),
  );

  it('refuses 8 KiB and more before reading any of it, even when it is signed', async () => {
    await refused(await signed({ padding: 'p'.repeat(9_000) }));
    const { verifier, fetches } = verifierAt();
    expect(verifier.verify(`${encode(HEADER)}.${'a'.repeat(8_000_000)}.b`)).toBeUndefined();
    expect(fetches.count).toBe(0);
  });
});
