import { importJWK, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInternalTokenVerifier } from './internal-token-verifier.ts';
import { createInternalTokenMinter, newInternalKey } from './internal-tokens.ts';
import { ANONYMOUS, type Principal } from './principal.ts';

const START_MS = 1_780_000_000_000;
const ALICE: Principal = {
  subject: 'user-1',
  kind: 'person',
  roles: ['customer', 'teller'],
  clientId: 'florin-web',
  sessionId: 'session-1',
  acr: 'pwd',
  authTimeSeconds: 1_779_999_990,
  name: 'Alice Example',
};

type Key = Awaited<ReturnType<typeof newInternalKey>>;
let gatewayKey: Key;
let accountsKey: Key;

beforeAll(async () => {
  gatewayKey = await newInternalKey('gateway');
  accountsKey = await newInternalKey('accounts');
});

function setUp() {
  const time = { ms: START_MS };
  const clock = () => time.ms;
  const publicJwks = { keys: [gatewayKey.publicJwk, accountsKey.publicJwk] };
  return {
    time,
    gateway: createInternalTokenMinter({ privateJwk: gatewayKey.privateJwk, issuer: 'gateway', clock }),
    accounts: createInternalTokenMinter({ privateJwk: accountsKey.privateJwk, issuer: 'accounts', clock }),
    verifier: createInternalTokenVerifier({ publicJwks, audience: 'transactions', clock }),
  };
}

/** What someone with a real key but bad intentions could sign. */
async function forged(key: JWK, claims: object, header: object = {}): Promise<string> {
  const seconds = START_MS / 1_000;
  const payload = {
    iss: 'gateway',
    aud: 'transactions',
    sub: 'user-1',
    kind: 'person',
    jti: 'token-1',
    iat: seconds,
    exp: seconds + 60,
  };
  return new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'florin-internal+jwt', kid: key.kid ?? '', ...header })
    .sign(await importJWK(key, 'ES256'));
}

describe('an internal token', () => {
  it('carries a person, whole', async () => {
    const { gateway, verifier } = setUp();
    expect(await verifier.verify(await gateway.mint(ALICE, 'transactions'))).toEqual(ALICE);
  });

  it('carries a service and nobody', async () => {
    const { accounts, gateway, verifier } = setUp();
    const service: Principal = { subject: 'service:accounts', kind: 'service', roles: [] };
    expect(await verifier.verify(await accounts.mint(service, 'transactions'))).toEqual(service);
    expect(await verifier.verify(await gateway.mint(ANONYMOUS, 'transactions'))).toEqual(ANONYMOUS);
  });

  it('lets a service ask on behalf of a person', async () => {
    const { accounts, verifier } = setUp();
    expect(await verifier.verify(await accounts.mint(ALICE, 'transactions'))).toEqual(ALICE);
  });

  it('is made once per principal and audience in 30 s, whether or not the object is the same', async () => {
    const { gateway, time } = setUp();
    const first = await gateway.mint(ALICE, 'transactions');
    expect(await gateway.mint({ ...ALICE }, 'transactions')).toBe(first);
    expect(await gateway.mint(ALICE, 'accounts')).not.toBe(first);
    expect(await gateway.mint({ ...ALICE, roles: ['customer'] }, 'transactions')).not.toBe(first);
    expect(await gateway.mint({ ...ALICE, sessionId: 'session-2' }, 'transactions')).not.toBe(first);
    time.ms += 29_999;
    expect(await gateway.mint(ALICE, 'transactions')).toBe(first);
    time.ms += 1;
    expect(await gateway.mint(ALICE, 'transactions')).not.toBe(first);
  });

  it('is answered at once the second time, and is over after 60 s', async () => {
    const { gateway, verifier, time } = setUp();
    const token = await gateway.mint(ALICE, 'transactions');
    const principal = await verifier.verify(token);
    expect(verifier.verify(token)).toBe(principal);
    time.ms += 59_999;
    expect(verifier.verify(token)).toBe(principal);
    time.ms += 6_001;
    expect(await verifier.verify(token)).toBeUndefined();
  });
});

describe('an internal token that is not good', () => {
  it('was minted for another service', async () => {
    const { gateway, verifier } = setUp();
    expect(await verifier.verify(await gateway.mint(ALICE, 'accounts'))).toBeUndefined();
  });

  it.each([
    ['a service that speaks as the gateway', () => forged(accountsKey.privateJwk, { iss: 'gateway' })],
    ['a service with a name of its own making', () => forged(gatewayKey.privateJwk, { kind: 'service', sub: 'root' })],
    [
      'the gateway as another service',
      () => forged(gatewayKey.privateJwk, { kind: 'service', sub: 'service:accounts' }),
    ],
    [
      'a service as another service',
      () => forged(accountsKey.privateJwk, { iss: 'accounts', kind: 'service', sub: 'service:transactions' }),
    ],
    ['a person with the name of a service', () => forged(gatewayKey.privateJwk, { sub: 'service:accounts' })],
    ['nobody with a name', () => forged(gatewayKey.privateJwk, { kind: 'anonymous', roles: ['admin'] })],
    ['no kind', () => forged(gatewayKey.privateJwk, { kind: undefined })],
    ['an unknown kind', () => forged(gatewayKey.privateJwk, { kind: 'root' })],
    ['the type of an access token', () => forged(gatewayKey.privateJwk, {}, { typ: 'at+jwt' })],
    ['an unknown key', async () => forged((await newInternalKey('gateway', '2')).privateJwk, {})],
    ['another key under a known id', async () => forged((await newInternalKey('gateway')).privateJwk, {})],
    ['expired', () => forged(gatewayKey.privateJwk, { exp: START_MS / 1_000 - 6 })],
    ['no expiry', () => forged(gatewayKey.privateJwk, { exp: undefined })],
    ['text', () => Promise.resolve('not-a-token')],
    ['nothing', () => Promise.resolve('')],
  ])('%s', async (_name, make) => {
    expect(await setUp().verifier.verify(await make())).toBeUndefined();
  });

  it('a good one of the same making is accepted, so the refusals above mean something', async () => {
    expect(await setUp().verifier.verify(await forged(gatewayKey.privateJwk, {}))).toMatchObject({ subject: 'user-1' });
  });
});

describe('a minter', () => {
  it("refuses to start with another issuer's key", () => {
    const mint = () =>
      createInternalTokenMinter({ privateJwk: accountsKey.privateJwk, issuer: 'gateway', clock: () => 0 });
    expect(mint).toThrow("another's");
  });
});
