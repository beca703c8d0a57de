import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factorUsers, STEP_MS } from '../../fixtures/factor-owner.fixture.ts';
import { openBrowser, PASSWORD } from '../../fixtures/loopback-users.ts';

let bank: Awaited<ReturnType<typeof factorUsers>>;

beforeAll(async () => {
  bank = await factorUsers();
});
afterAll(() => bank.close());

const TOTP = '/v1/me/mfa/totp';
const codes = (answers: readonly { readonly status: number; readonly body: { readonly code?: string } | null }[]) =>
  answers.map(({ status, body }) => body?.code ?? status);

/** What the web client's own browser ends up with. */
async function claimsAfter(browser: ReturnType<typeof openBrowser>, location: string) {
  const code = (await browser.get(location)).location;
  const callback = await browser.get(code);
  expect(callback.status).toBe(302);
  const cookie = browser.cookie('florin_sid');
  const resolved = await bank.call('service', 'POST', '/internal/sessions/resolve', { cookie });
  return JSON.parse(Buffer.from(resolved.body.accessToken.split('.')[1], 'base64url').toString());
}

describe('setting up an app', () => {
  test('takes a secret and a code of it, and gives ten recovery codes with the first factor', async () => {
    const owner = await bank.person();
    const token = owner.token('password');
    const begun = await bank.call(token, 'POST', TOTP);
    expect(begun.status).toBe(201);
    expect(begun.body.secret).toMatch(/^[A-Z2-7]{32}$/);
    const address = new URL(begun.body.address);
    expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp']);
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ secret: begun.body.secret, issuer: 'Florin' });
    expect((await bank.call(token, 'GET', '/v1/me/mfa')).body).toEqual({
      totp: null,
      recoveryCodesLeft: 0,
      passkeys: [],
      fresh: true,
    });
    const code = bank.codeOf(begun.body.secret);
    const confirmed = await bank.call(token, 'POST', `${TOTP}/confirm`, { code });
    expect(confirmed.status).toBe(200);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    const mine = await bank.call(token, 'GET', '/v1/me/mfa');
    expect(mine.body).toMatchObject({ totp: { since: expect.any(String) }, recoveryCodesLeft: 10, fresh: false });
    // Neither the secret nor a code is in the database as it is.
    const rows = await bank.database.database.query<{ stored: Buffer }>({
      text: 'SELECT secret_sealed AS stored FROM totp_factor UNION ALL SELECT code_hash FROM recovery_code',
      values: [],
    });
    expect(rows.length).toBeGreaterThanOrEqual(11);
    for (const text of [begun.body.secret, ...confirmed.body.recoveryCodes]) {
      const plain = [text, text.replaceAll('-', '')];
      expect(rows.some(({ stored }) => plain.some((one) => stored.includes(one)))).toBe(false);
    }
  });

  test('wants a code of the secret that was begun last, and there is one app at a time', async () => {
    const owner = await bank.person();
    const token = owner.token('password');
    const confirm = (code: string) => bank.call(token, 'POST', `${TOTP}/confirm`, { code });
    expect(codes([await confirm('123456')])).toEqual(['totp-not-begun']);
    const first = await bank.call(token, 'POST', TOTP);
    const second = await bank.call(token, 'POST', TOTP);
    const answers = [await confirm(bank.codeOf(first.body.secret)), await confirm(bank.codeOf(second.body.secret))];
    expect(codes(answers)).toEqual(['wrong-code', 200]);
    expect(codes([await confirm(bank.codeOf(second.body.secret, 1))])).toEqual(['totp-not-begun']);
    expect(codes([await bank.call(owner.token('mfa'), 'POST', TOTP)])).toEqual(['totp-exists']);
  });

  test('is on record and said, and leaves other sessions alone', async () => {
    const owner = await bank.withTotp();
    await bank.users.service.idle();
    const mine = bank.users.published.filter(({ data }) => (data['userId'] ?? data['resource']) === owner.personId);
    const changes = mine
      .filter(({ type }) => type === 'users.second-factor-changed.v1')
      .map(({ data }) => data['change']);
    expect(changes).toEqual(['totp-added', 'recovery-codes-made']);
    expect(mine.map(({ data }) => data['action'])).toContain('users.totp-added');
    expect(mine.map(({ type }) => type)).not.toContain('users.sessions-revoked.v1');
    expect(JSON.stringify(mine)).not.toContain(owner.recoveryCodes[0]);
  });
});

describe('a sign-in with an app', () => {
  test('asks for the code after the right password, and is two factors', async () => {
    const owner = await bank.withTotp();
    const { browser, address, submit, accepted } = await bank.afterPassword(owner.login);
    expect(accepted).toMatchObject({ status: 202, body: { secondFactors: ['totp', 'recovery-code'] } });
    expect(JSON.parse((await browser.ask(address)).text).secondFactors).toEqual(['totp', 'recovery-code']);
    const done = await submit('/code', { code: bank.codeOf(owner.secret) });
    expect(done.status).toBe(200);
    const claims = await claimsAfter(browser, done.body.location);
    expect(claims).toMatchObject({ acr: 'urn:florin:acr:mfa', amr: ['pwd', 'otp', 'mfa'], sub: owner.personId });
    expect(claims.auth_time).toEqual(expect.any(Number));
    expect(claims.second_factor).toBe(true);
  });

  test('is one factor for who has no second', async () => {
    const owner = await bank.person();
    const { browser, accepted } = await bank.afterPassword(owner.login);
    const claims = await claimsAfter(browser, accepted.body.location);
    expect(claims).toMatchObject({ acr: 'urn:florin:acr:password', amr: ['pwd'] });
    expect(claims).not.toHaveProperty('second_factor');
  });

  test('is nothing without the code: the provider gives no code for half of it', async () => {
    const owner = await bank.withTotp();
    const { browser, uid } = await bank.afterPassword(owner.login);
    const onward = await browser.get(`/oidc/auth/${uid}`);
    expect(onward.location).not.toContain('code=');
  });

  test('says nothing of a second factor before the right password', async () => {
    const [owner, plain] = [await bank.withTotp(), await bank.person()];
    const answers = await Promise.all(
      [owner.login, plain.login, 'nobody@example.com'].map(async (login) => {
        const { browser, address, submit } = await bank.begin();
        const { traceId: _, ...body } = (await submit('', { login, password: 'wrong password' })).body;
        return {
          body,
          seen: JSON.parse((await browser.ask(address)).text).secondFactors,
          cookie: browser.cookie('florin_device'),
        };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const { submit } = await bank.begin();
    expect(codes([await submit('/code', { code: bank.codeOf(owner.secret) })])).toEqual(['password-first']);
  });

  test('T14: a code is worth nothing in another browser or another sign-in', async () => {
    const owner = await bank.withTotp();
    const mine = await bank.afterPassword(owner.login);
    const body = { code: bank.codeOf(owner.secret) };
    const stranger = await openBrowser(bank.users.origin).submit(`${mine.address}/code`, body);
    expect(stranger.status).toBe(404);
    const other = await bank.begin();
    expect(codes([await other.submit('/code', body)])).toEqual(['password-first']);
    expect((await mine.submit('/code', body)).status).toBe(200);
    expect((await mine.submit('/code', body)).status).toBe(409);
  });
});

describe('guessing and replaying', () => {
  test('T18: a code is good once, and so is every code before it', async () => {
    const owner = await bank.withTotp();
    const use = async (code: string) => (await bank.afterPassword(owner.login)).submit('/code', { code });
    const code = bank.codeOf(owner.secret);
    expect(codes([await use(code), await use(code)])).toEqual([200, 'wrong-code']);
    bank.time.ms += STEP_MS;
    const ahead = bank.codeOf(owner.secret, 1);
    // The app is one step ahead: taken. What lies before is spent with it.
    expect(codes([await use(ahead), await use(bank.codeOf(owner.secret))])).toEqual([200, 'wrong-code']);
  });

  test('T18: one step early or late is taken, two are not', async () => {
    const owner = await bank.withTotp();
    bank.time.ms += 10 * STEP_MS;
    const use = async (steps: number) =>
      (await bank.afterPassword(owner.login)).submit('/code', { code: bank.codeOf(owner.secret, steps) });
    expect(codes([await use(-2), await use(2), await use(-1), await use(1)])).toEqual([
      'wrong-code',
      'wrong-code',
      200,
      200,
    ]);
  });

  test('T18: of parallel uses of one code one succeeds', async () => {
    const owner = await bank.withTotp();
    const sides = await Promise.all(Array.from({ length: 4 }, () => bank.afterPassword(owner.login)));
    const body = { code: bank.codeOf(owner.secret) };
    const answers = await Promise.all(sides.map(({ submit }) => submit('/code', body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('T18: the sixth guess waits, however right it is', async () => {
    const owner = await bank.withTotp();
    const { submit } = await bank.afterPassword(owner.login);
    for (let guess = 0; guess < 5; guess += 1) {
      expect(codes([await submit('/code', { code: `00000${guess}` })])).toEqual(['wrong-code']);
    }
    const sixth = await submit('/code', { code: '000005' });
    expect(codes([sixth])).toEqual(['sign-in-delayed']);
    expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(50);
    const right = { code: bank.codeOf(owner.secret) };
    expect(codes([await submit('/code', right)])).toEqual(['sign-in-delayed']);
    // A new password does not start the count anew.
    const again = await bank.afterPassword(owner.login);
    expect(codes([await again.submit('/code', right)])).toEqual(['sign-in-delayed']);
    await bank.blockFor(0);
    expect((await again.submit('/code', right)).status).toBe(200);
  });

  test('T18: of guesses in parallel no more than five are looked at', async () => {
    const owner = await bank.withTotp();
    const { submit } = await bank.afterPassword(owner.login);
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, at) => submit('/code', { code: `0000${10 + at}` })),
    );
    const looked = guesses.filter(({ status }) => status === 401);
    expect(looked.length).toBeLessThanOrEqual(5);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(20 - looked.length);
  });

  test('T21: who fails on purpose does not keep the owner out of the browser they know', async () => {
    const owner = await bank.withTotp();
    const known = openBrowser(bank.users.origin);
    const first = await bank.afterPassword(owner.login, known);
    expect((await first.submit('/code', { code: bank.codeOf(owner.secret) })).status).toBe(200);
    expect(known.cookie('florin_device')).toMatch(/^[\w-]{60,}$/);
    bank.time.ms += STEP_MS;

    const attacker = await bank.begin();
    for (let guess = 0; guess < 4; guess += 1) await attacker.submit('', { login: owner.login, password: 'a guess' });
    await bank.blockFor(60);
    const credentials = { login: owner.login, password: PASSWORD };
    expect(codes([await attacker.submit('', credentials)])).toEqual(['sign-in-delayed']);
    const mine = await bank.afterPassword(owner.login, known);
    expect(mine.accepted.status).toBe(202);
    expect((await mine.submit('/code', { code: bank.codeOf(owner.secret) })).status).toBe(200);

    // Nor by wrong codes, should they have the password as well.
    await bank.blockFor(0);
    const insider = await bank.afterPassword(owner.login);
    for (let guess = 0; guess < 5; guess += 1) await insider.submit('/code', { code: '000000' });
    expect(codes([await insider.submit('/code', { code: '000000' })])).toEqual(['sign-in-delayed']);
    bank.time.ms += STEP_MS;
    const again = await bank.afterPassword(owner.login, known);
    expect((await again.submit('/code', { code: bank.codeOf(owner.secret) })).status).toBe(200);

    // The cookie is the owner's: it gives no counter of its own at somebody else's name, and a forged one gives none.
    const forged = openBrowser(bank.users.origin);
    forged.plant('florin_device', `${known.cookie('florin_device')?.slice(0, -4)}AAAA`);
    const begun = await bank.begin(forged);
    for (let guess = 0; guess < 4; guess += 1) await attacker.submit('', { login: owner.login, password: 'a guess' });
    await bank.blockFor(60);
    expect(codes([await begun.submit('', credentials)])).toEqual(['sign-in-delayed']);
    await bank.blockFor(0);
  });
});

describe('changing it', () => {
  test('needs a sign-in of the last five minutes with both factors, or a code along', async () => {
    const owner = await bank.withTotp();
    const remove = (token: string, code?: string) =>
      bank.call(token, 'DELETE', TOTP, undefined, code === undefined ? {} : { 'x-second-factor': code });
    const stale = [
      await remove(owner.token('mfa', 301)),
      await remove(owner.token('password', 1)),
      await remove(`person:${owner.personId}:customer`),
    ];
    expect(codes(stale)).toEqual(Array(3).fill('fresh-sign-in-needed'));
    expect(stale[0]?.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
    expect(codes([await remove(owner.token('mfa', 301), '000000')])).toEqual(['wrong-code']);
    const other = await bank.withTotp();
    expect(codes([await remove(owner.token('password', 900), bank.codeOf(other.secret))])).toEqual(['wrong-code']);
    expect((await remove(owner.token('password', 900), bank.codeOf(owner.secret))).status).toBe(204);
    expect(codes([await remove(owner.token('mfa'))])).toEqual(['factor-not-found']);
    const left = await bank.call(owner.token('password'), 'GET', '/v1/me/mfa');
    expect(left.body).toMatchObject({ totp: null, recoveryCodesLeft: 0 });
    expect((await bank.afterPassword(owner.login)).accepted.status).toBe(200);
  });

  test('setting one up needs a fresh sign-in too', async () => {
    const owner = await bank.person();
    expect(codes([await bank.call(owner.token('password', 301), 'POST', TOTP)])).toEqual(['fresh-sign-in-needed']);
    expect((await bank.call(owner.token('password', 300), 'POST', TOTP)).status).toBe(201);
  });
});
