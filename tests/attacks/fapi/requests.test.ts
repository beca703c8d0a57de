import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PUBLIC_URL, type Seen } from '../asking.ts';
import { type AttackedBank, emailOf, startAttackedBank } from '../attacked-bank.ts';
import { type Cast, castOf } from '../people.ts';
import {
  answerConsent,
  askBound,
  assertionOf,
  CALLBACK,
  codeFor,
  form,
  lifetimeOf,
  newKeyPair,
  openCookies,
  type Program,
  passTheirTime,
  paymentDetail,
  proofOf,
  pushed,
  redeem,
  registerProgram,
  requestOf,
  sendForm,
  toConsent,
} from './program.ts';

let attacked: AttackedBank;
let cast: Cast;
let program: Program;
let other: Program;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
  program = await registerProgram(attacked, cast.staff.admin.token, 'Ledgerly');
  other = await registerProgram(attacked, cast.staff.admin.token, 'Budgetly');
});
afterAll(() => attacked.close());

const ALICE = emailOf('Alice Attacked');
const push = (more: Readonly<Record<string, string | undefined>>, sent = {}) =>
  sendForm(attacked.ask, program, '/oidc/par', requestOf(program, more).params, sent);
const code = (more = {}) => codeFor(attacked, program, ALICE, more);
const errorOf = ({ status, body }: Seen) => [status, body['error']];

describe('pushed requests', () => {
  it('UnsignedAuthorizationRequestWithoutUsingParFails', async () => {
    const seen = await attacked.ask({ path: `/oidc/auth?${form(requestOf(program).params)}` });
    expect(seen.headers.location ?? seen.text).not.toContain('/interaction/');
  });

  const REFUSED: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
    EnsurePKCERequired: { code_challenge: undefined, code_challenge_method: undefined },
    PlainPKCERejected: { code_challenge_method: 'plain' },
    'PKCE without a method': { code_challenge_method: undefined },
    EnsureRegisteredRedirectUri: { redirect_uri: 'https://evil.example/callback' },
    'a redirect that is almost it': { redirect_uri: `${CALLBACK}/` },
    'no redirect': { redirect_uri: undefined },
    EnsureResponseTypeTokenFails: { response_type: 'token' },
    EnsureResponseTypeCodeIdTokenFails: { response_type: 'code id_token' },
    RejectRequestUriInPar: { request_uri: 'urn:ietf:params:oauth:request_uri:made-up' },
    RejectRequestUriInParAsAddress: { request_uri: 'https://evil.example/request' },
    'details that are no JSON': { scope: 'openid payments:write', authorization_details: '{' },
    'details of another type': { scope: 'openid payments:write', authorization_details: '[{"type":"loan"}]' },
    'a payment without its scope': { authorization_details: paymentDetail('DE89370400440532013000') },
    'two payments': {
      scope: 'openid payments:write',
      authorization_details: JSON.stringify(
        [1, 2].map((n) => ({
          type: 'payment',
          toIban: 'DE89370400440532013000',
          amount: { amount: `${n}.00`, currency: 'EUR' },
        })),
      ),
    },
    'a payment to no IBAN': { scope: 'openid payments:write', authorization_details: paymentDetail('DE00') },
    'a payment of nothing': {
      scope: 'openid payments:write',
      authorization_details: paymentDetail('DE89370400440532013000', '0.00'),
    },
    'a payment with a field that nobody is shown': {
      scope: 'openid payments:write',
      authorization_details: paymentDetail('DE89370400440532013000', '1.00', { recurring: true }),
    },
    'a payment to a name that reads backwards': {
      scope: 'openid payments:write',
      authorization_details: paymentDetail('DE89370400440532013000', '1.00', { creditorName: 'Al\u202eice' }),
    },
    'an audience that is not the API': { resource: 'https://evil.example/' },
  };

  it.each(Object.entries(REFUSED))('%s', async (_, more) => {
    const seen = await push(more);
    expect(seen.status, seen.text).toBe(400);
    expect(seen.body['request_uri']).toBeUndefined();
  });

  it('RejectInvalidHttpVerb', async () => {
    for (const method of ['GET', 'PUT', 'DELETE'] as const) {
      const seen = await attacked.ask({ method, path: '/oidc/par' });
      expect(seen.status, method).toBeGreaterThanOrEqual(400);
    }
  });

  it('AttemptReuseRequestUri: once it led to a code', async () => {
    const { params } = requestOf(program);
    const uri = await pushed(attacked.ask, program, params);
    const cookies = openCookies(attacked.ask);
    await answerConsent(cookies, await toConsent(cookies, program, uri, ALICE), 'consent');
    const query = form({ client_id: program.id, request_uri: uri });
    const again = await openCookies(attacked.ask)('GET', `/oidc/auth?${query}`);
    expect(String(again.headers.location ?? '')).not.toContain('/interaction/');
  });

  it('AttemptToUseExpiredRequestUri: it lives for ten minutes at most', async () => {
    const uri = await pushed(attacked.ask, program, requestOf(program).params);
    expect(await lifetimeOf(attacked, 'PushedAuthorizationRequest')).toBeLessThanOrEqual(600);
    await passTheirTime(attacked, 'PushedAuthorizationRequest');
    const query = form({ client_id: program.id, request_uri: uri });
    const late = await openCookies(attacked.ask)('GET', `/oidc/auth?${query}`);
    expect(late.status).toBeGreaterThanOrEqual(300);
    expect(String(late.headers.location ?? '')).not.toContain('/interaction/');
  });

  it('ServerAcceptsReusedRequestUriBeforeAuthenticationCompletion', async () => {
    const uri = await pushed(attacked.ask, program, requestOf(program).params);
    const query = form({ client_id: program.id, request_uri: uri });
    for (const _ of [1, 2]) {
      const seen = await attacked.ask({ path: `/oidc/auth?${query}` });
      expect(String(seen.headers.location)).toContain('/interaction/');
    }
  });

  it('a request of one program is nothing for another', async () => {
    const uri = await pushed(attacked.ask, program, requestOf(program).params);
    const seen = await attacked.ask({ path: `/oidc/auth?${form({ client_id: other.id, request_uri: uri })}` });
    expect(String(seen.headers.location ?? '')).not.toContain('/interaction/');
  });

  it('LongState, LongNonce, WithoutState, WithoutNonce', async () => {
    const long = 'x'.repeat(384);
    for (const more of [{ state: long, nonce: long }, { state: undefined }, { nonce: undefined }]) {
      expect((await push(more)).status).toBe(201);
    }
  });
});

describe('T08: client assertions', () => {
  const REFUSED: Readonly<Record<string, () => Promise<string>>> = {
    ArrayAudienceFails: () => assertionOf(program, { aud: [PUBLIC_URL, 'https://evil.example'] }),
    EndpointAsAudienceFails: () => assertionOf(program, { aud: `${PUBLIC_URL}/oidc/par` }),
    'another audience': () => assertionOf(program, { aud: 'https://evil.example' }),
    expired: () => assertionOf(program, { exp: Math.floor(Date.now() / 1_000) - 120 }),
    'no expiry': () => assertionOf(program, { exp: undefined }),
    'no jti': () => assertionOf(program, { jti: undefined }),
    'the name of another': () => assertionOf({ id: other.id, key: program.key }),
    'the key of another': () => assertionOf({ id: program.id, key: other.key }),
    'a subject that is not the issuer of it': () => assertionOf(program, { sub: other.id }),
  };
  it.each(Object.entries(REFUSED))('T08: %s', async (_, make) => {
    const seen = await push({}, { assertion: await make() });
    expect(seen.status, seen.text).toBeGreaterThanOrEqual(400);
    expect(seen.body['error']).toMatch(/invalid_client|invalid_request/);
  });

  it('T08: one of them ten times at once: one of them passes', async () => {
    const assertion = await assertionOf(program);
    const seen = await Promise.all(Array.from({ length: 10 }, () => push({}, { assertion })));
    expect(seen.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await push({}, { assertion })).status).toBe(401);
  });

  it('T08: no assertion, and a secret in its place', async () => {
    const { params } = requestOf(program);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const more of [{}, { client_secret: 'secret' }]) {
      const seen = await attacked.ask({
        method: 'POST',
        path: '/oidc/par',
        text: form({ ...params, ...more }),
        headers,
      });
      expect(seen.status).toBeGreaterThanOrEqual(400);
      expect(seen.body['request_uri']).toBeUndefined();
    }
  });
});

describe('codes', () => {
  it('UserRejectsAuthentication', async () => {
    const cookies = openCookies(attacked.ask);
    const uri = await pushed(attacked.ask, program, requestOf(program).params);
    const back = await answerConsent(cookies, await toConsent(cookies, program, uri, ALICE), 'cancel');
    expect(back.origin + back.pathname).toBe(CALLBACK);
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('iss')).toBe(PUBLIC_URL);
  });

  it('consent is answered in the browser that was asked, and after the sign-in only', async () => {
    const cookies = openCookies(attacked.ask);
    const uri = await pushed(attacked.ask, program, requestOf(program).params);
    const query = form({ client_id: program.id, request_uri: uri });
    const begun = await cookies('GET', `/oidc/auth?${query}`);
    const early = await cookies('POST', `${begun.headers.location}/consent`);
    expect(early.status).toBe(404);
    const consent = await toConsent(openCookies(attacked.ask), program, uri, ALICE);
    const elsewhere = await openCookies(attacked.ask)('POST', `${consent}/consent`);
    expect(elsewhere.status).toBe(404);
  });

  it('T09: of one program, redeemed by another, or with another verifier or redirect', async () => {
    const good = await code();
    const proof = () => proofOf(other.tokenKey, 'POST', '/oidc/token');
    expect(errorOf(await redeem(attacked.ask, other, good, { proof: await proof() }))).toEqual([400, 'invalid_grant']);
    const wrong = { ...good, verifier: 'x'.repeat(43) };
    expect(errorOf(await redeem(attacked.ask, program, wrong))).toEqual([400, 'invalid_grant']);
    const elsewhere = await redeem(attacked.ask, program, good, { redirectUri: `${CALLBACK}?x` });
    expect(errorOf(elsewhere)).toEqual([400, 'invalid_grant']);
  });

  it('T09: AttemptToUseExpiredCode: it lives for a minute at most', async () => {
    const late = await code();
    expect(await lifetimeOf(attacked, 'AuthorizationCode')).toBeLessThanOrEqual(60);
    await passTheirTime(attacked, 'AuthorizationCode');
    expect(errorOf(await redeem(attacked.ask, program, late))).toEqual([400, 'invalid_grant']);
  });

  it('AttemptReuseAuthorizationCodeAfterOneSecond: and what came of it is dead', async () => {
    const good = await code();
    const tokens = await redeem(attacked.ask, program, good);
    expect(tokens.status, tokens.text).toBe(200);
    expect(errorOf(await redeem(attacked.ask, program, good))).toEqual([400, 'invalid_grant']);
    const token = String(tokens.body['access_token']);
    await vi.waitUntil(
      async () => (await askBound(attacked.ask, program, token, { path: '/v1/accounts' })).status === 401,
    );
  });

  it('EnsureHolderOfKeyRequired, DpopAuthCodeBinding, MismatchedDpopJkt', async () => {
    const good = await code();
    const { verifier } = good;
    const fields = {
      grant_type: 'authorization_code',
      code: good.code,
      code_verifier: verifier,
      redirect_uri: CALLBACK,
    };
    const bare = await sendForm(attacked.ask, program, '/oidc/token', fields);
    expect(bare.status).toBe(400);
    const bound = await code({ dpop_jkt: program.tokenKey.thumbprint });
    const stranger = await newKeyPair();
    const proof = await proofOf(stranger, 'POST', '/oidc/token');
    expect((await redeem(attacked.ask, program, bound, { proof })).status).toBe(400);
    const mismatched = await push(
      { dpop_jkt: stranger.thumbprint },
      { proof: await proofOf(program.tokenKey, 'POST', '/oidc/par') },
    );
    expect(mismatched.status).toBe(400);
  });

  it('ProofAtParEndpointBinding: the key of the proof there is the one of the token', async () => {
    const { params, verifier } = requestOf(program);
    const proof = await proofOf(program.tokenKey, 'POST', '/oidc/par');
    const answer = await sendForm(attacked.ask, program, '/oidc/par', params, { proof });
    const cookies = openCookies(attacked.ask);
    const consent = await toConsent(cookies, program, String(answer.body['request_uri']), ALICE);
    const back = await answerConsent(cookies, consent, 'consent');
    const good = { code: back.searchParams.get('code') ?? '', verifier };
    const stranger = await proofOf(await newKeyPair(), 'POST', '/oidc/token');
    expect((await redeem(attacked.ask, program, good, { proof: stranger })).status).toBe(400);
  });

  it('T08: a proof at the token endpoint, a second time', async () => {
    const jti = randomUUID();
    const proof = await proofOf(program.tokenKey, 'POST', '/oidc/token', { jti });
    expect((await redeem(attacked.ask, program, await code(), { proof })).status).toBe(200);
    expect((await redeem(attacked.ask, program, await code(), { proof })).status).toBeGreaterThanOrEqual(400);
  });

  it('EnsureClientIdInToken: it names the program, what it may, and the key', async () => {
    const { body } = await redeem(attacked.ask, program, await code());
    const claims = JSON.parse(Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({
      client_id: program.id,
      scope: 'accounts:read',
      roles: ['customer'],
      cnf: { jkt: program.tokenKey.thumbprint },
    });
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(300);
  });
});
