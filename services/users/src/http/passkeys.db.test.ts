import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factorUsers } from '../../fixtures/factor-owner.fixture.ts';
import { softAuthenticator } from '../../fixtures/soft-authenticator.ts';

let bank: Awaited<ReturnType<typeof factorUsers>>;

beforeAll(async () => {
  bank = await factorUsers();
});
afterAll(() => bank.close());

const PASSKEYS = '/v1/me/mfa/passkeys';
const codes = (answers: readonly { readonly status: number; readonly body: { readonly code?: string } | null }[]) =>
  answers.map(({ status, body }) => body?.code ?? status);

type Begun = Awaited<ReturnType<typeof bank.begin>>;
const optionsOf = async ({ submit }: Begun) => (await submit('/passkey/options', {})).body;

describe('making a passkey', () => {
  test('is several of them, named, listed and removed', async () => {
    const owner = await bank.person();
    const first = await bank.addPasskey(owner, owner.token('password'), '  My phone ');
    expect(first.made.status).toBe(201);
    expect(first.made.body).toMatchObject({ passkey: { name: 'My phone', lastUsedAt: null } });
    expect(first.made.body.recoveryCodes).toHaveLength(10);
    const second = await bank.addPasskey(owner, owner.token('mfa'), 'Key in the drawer');
    expect([second.made.status, second.made.body.recoveryCodes]).toEqual([201, null]);
    const listed = await bank.call(owner.token('mfa'), 'GET', '/v1/me/mfa');
    expect(listed.body.passkeys.map(({ name }: { name: string }) => name)).toEqual(['My phone', 'Key in the drawer']);
    const options = await bank.call(owner.token('mfa'), 'POST', `${PASSKEYS}/options`);
    expect(options.body.excludeCredentials.map(({ id }: { id: string }) => id)).toEqual([
      first.authenticator.credentialId,
      second.authenticator.credentialId,
    ]);
    expect(options.body.authenticatorSelection).toMatchObject({
      userVerification: 'required',
      residentKey: 'required',
    });
    const { id } = first.made.body.passkey;
    const other = await bank.person();
    expect(codes([await bank.call(other.token('mfa'), 'DELETE', `${PASSKEYS}/${id}`)])).toEqual(['factor-not-found']);
    expect(codes([await bank.call(owner.token('password'), 'DELETE', `${PASSKEYS}/${id}`)])).toEqual([
      'fresh-sign-in-needed',
    ]);
    expect((await bank.call(owner.token('mfa'), 'DELETE', `${PASSKEYS}/${id}`)).status).toBe(204);
    const last = second.made.body.passkey.id;
    expect((await bank.call(owner.token('mfa'), 'DELETE', `${PASSKEYS}/${last}`)).status).toBe(204);
    expect((await bank.call(owner.token('mfa'), 'GET', '/v1/me/mfa')).body.recoveryCodesLeft).toBe(0);
    await bank.users.service.idle();
    const changes = bank.users.published.filter(
      ({ data }) => data['change'] !== undefined && data['userId'] === owner.personId,
    );
    expect(changes.map(({ data }) => data['change'])).toEqual([
      'passkey-added',
      'recovery-codes-made',
      'passkey-added',
      'passkey-removed',
      'passkey-removed',
    ]);
  });

  test('ends at ten', async () => {
    const owner = await bank.person();
    await bank.addPasskey(owner);
    for (let count = 1; count < 10; count += 1) await bank.addPasskey(owner, owner.token('mfa'));
    const more = await bank.call(owner.token('mfa'), 'POST', `${PASSKEYS}/options`);
    expect(codes([more])).toEqual(['too-many-passkeys']);
  });

  test('T19: is refused for another origin, another name of ours, without its user, and for another challenge', async () => {
    const owner = await bank.person();
    const token = owner.token('password');
    const attempt = async (
      behaviour: object,
      change: (options: Record<string, unknown>) => object = (same) => same,
    ) => {
      const options = (await bank.call(token, 'POST', `${PASSKEYS}/options`)).body;
      const creation = softAuthenticator().create(change(options) as typeof options, { ...bank.right, ...behaviour });
      return bank.call(token, 'POST', PASSKEYS, { name: 'Mine', creation });
    };
    const refused = [
      await attempt({ origin: 'https://florin-bank.example' }),
      await attempt({ rpId: 'florin-bank.example' }),
      await attempt({ verifiesUser: false }),
      await attempt({}, (options) => ({ ...options, challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })),
    ];
    expect(codes(refused)).toEqual(Array(4).fill('passkey-not-made'));
    expect((await attempt({})).status).toBe(201);
  });

  test('T19: a challenge is good once, for who asked, in the session that asked, and for five minutes', async () => {
    const [owner, other] = [await bank.person(), await bank.person()];
    const options = (await bank.call(owner.token('password'), 'POST', `${PASSKEYS}/options`)).body;
    const make = (token: string, asked = options) =>
      bank.call(token, 'POST', PASSKEYS, { name: 'Mine', creation: softAuthenticator().create(asked, bank.right) });
    expect(codes([await make(other.token('password'))])).toEqual(['passkey-not-made']);
    expect(codes([await make(`person:${owner.personId}:customer:another-session`)])).toEqual(['passkey-not-made']);
    expect(codes([await make(owner.token('password')), await make(owner.token('password'))])).toEqual([
      201,
      'passkey-not-made',
    ]);
    const theirs = (await bank.call(other.token('password'), 'POST', `${PASSKEYS}/options`)).body;
    await bank.database.database.execute({ text: 'UPDATE passkey_challenge SET expires_at = now()', values: [] });
    expect(codes([await make(other.token('password'), theirs)])).toEqual(['passkey-not-made']);
  });

  test('T19: a credential that is somebody’s stays theirs', async () => {
    const [owner, thief] = [await bank.withPasskey(), await bank.person()];
    const options = (await bank.call(thief.token('password'), 'POST', `${PASSKEYS}/options`)).body;
    const creation = owner.authenticator.create(options, bank.right);
    const taken = await bank.call(thief.token('password'), 'POST', PASSKEYS, { name: 'Mine', creation });
    expect(codes([taken])).toEqual(['passkey-not-made']);
  });
});

describe('signing in with one', () => {
  test('is a whole sign-in without a name or a password', async () => {
    const owner = await bank.withPasskey();
    const begun = await bank.begin();
    const options = await optionsOf(begun);
    expect(options).toMatchObject({ rpId: '127.0.0.1', userVerification: 'required', allowCredentials: [] });
    const done = await begun.submit('/passkey', owner.authenticator.get(options, bank.right));
    expect(done.status).toBe(200);
    const callback = await begun.browser.get((await begun.browser.get(done.body.location)).location);
    expect(callback.status).toBe(302);
    const cookie = begun.browser.cookie('florin_sid');
    const { body } = await bank.call('service', 'POST', '/internal/sessions/resolve', { cookie });
    const claims = JSON.parse(Buffer.from(body.accessToken.split('.')[1], 'base64url').toString());
    expect(claims).toMatchObject({ sub: owner.personId, acr: 'urn:florin:acr:mfa', amr: ['pop', 'user', 'mfa'] });
    const mine = await bank.call(owner.token('mfa'), 'GET', '/v1/me/mfa');
    expect(mine.body.passkeys[0].lastUsedAt).not.toBeNull();
  });

  test('is the second factor after a password, for who is told which passkeys may answer', async () => {
    const owner = await bank.withPasskey();
    const begun = await bank.afterPassword(owner.login);
    expect(begun.accepted).toMatchObject({ status: 202, body: { secondFactors: ['passkey', 'recovery-code'] } });
    const options = await optionsOf(begun);
    expect(options.allowCredentials).toEqual([
      { id: owner.authenticator.credentialId, type: 'public-key', transports: ['internal'] },
    ]);
    const assertion = owner.authenticator.get(options, { ...bank.right, userHandle: null });
    expect((await begun.submit('/passkey', assertion)).status).toBe(200);
  });

  test('T19: is refused for a wrong origin, a wrong name, no user, a wrong signature and no such passkey, alike', async () => {
    const owner = await bank.withPasskey();
    const attempt = async (behaviour: object, authenticator = owner.authenticator, change: object = {}) => {
      const begun = await bank.begin();
      const assertion = authenticator.get(await optionsOf(begun), { ...bank.right, ...behaviour });
      return begun.submit('/passkey', { ...assertion, ...change });
    };
    const stranger = softAuthenticator();
    const answers = [
      await attempt({ origin: 'https://florin-bank.example' }),
      await attempt({ rpId: 'florin-bank.example' }),
      await attempt({ verifiesUser: false }),
      await attempt({ userHandle: null }),
      await attempt({}, owner.authenticator, { signature: 'MEUCIQDm' }),
      await attempt({}, stranger, { id: owner.authenticator.credentialId }),
      await attempt({}, stranger),
      await attempt({}, owner.authenticator, { clientDataJSON: 'AAAA' }),
    ];
    const bodies = answers.map(({ status, body: { traceId: _, ...body } }) => JSON.stringify({ status, body }));
    expect(new Set(bodies).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 401, body: { code: 'passkey-refused' } });
    expect((await attempt({})).status).toBe(200);
  });

  test('T19: a challenge is good once, in its own sign-in, and for five minutes', async () => {
    const owner = await bank.withPasskey();
    const [mine, other, late] = [await bank.begin(), await bank.begin(), await bank.begin()];
    const assertion = owner.authenticator.get(await optionsOf(mine), bank.right);
    await optionsOf(other);
    expect(codes([await other.submit('/passkey', assertion)])).toEqual(['passkey-refused']);
    expect((await mine.submit('/passkey', assertion)).status).toBe(200);
    expect(codes([await mine.submit('/passkey', assertion)])).toEqual(['passkey-refused']);
    const tooLate = owner.authenticator.get(await optionsOf(late), bank.right);
    await bank.database.database.execute({ text: 'UPDATE passkey_challenge SET expires_at = now()', values: [] });
    expect(codes([await late.submit('/passkey', tooLate)])).toEqual(['passkey-refused']);
  });

  test('T19: of parallel uses of one answer one signs in', async () => {
    const owner = await bank.withPasskey();
    const begun = await bank.begin();
    const assertion = owner.authenticator.get(await optionsOf(begun), bank.right);
    const answers = await Promise.all(Array.from({ length: 5 }, () => begun.submit('/passkey', assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('T19: a passkey of somebody else does not answer for one’s own second factor', async () => {
    const [owner, thief] = [await bank.withPasskey(), await bank.withPasskey()];
    const begun = await bank.afterPassword(owner.login);
    const theirs = thief.authenticator.get(await optionsOf(begun), bank.right);
    expect(codes([await begun.submit('/passkey', theirs)])).toEqual(['passkey-refused']);
    const asOwner = thief.authenticator.get(await optionsOf(begun), { ...bank.right, userHandle: null });
    expect(codes([await begun.submit('/passkey', asOwner)])).toEqual(['passkey-refused']);
    const named = { ...asOwner, id: owner.authenticator.credentialId };
    await optionsOf(begun);
    expect(codes([await begun.submit('/passkey', named)])).toEqual(['passkey-refused']);
    // Without a password, the credential of one and the name of another.
    const alone = await bank.begin();
    const mixed = thief.authenticator.get(await optionsOf(alone), {
      ...bank.right,
      userHandle: Buffer.from(owner.personId.replaceAll('-', ''), 'hex').toString('base64url'),
    });
    expect(codes([await alone.submit('/passkey', mixed)])).toEqual(['passkey-refused']);
  });

  test('T19: a counter that goes back is a copy, and one that never counts is not', async () => {
    const owner = await bank.withPasskey();
    const use = async (counter: number) => {
      const begun = await bank.begin();
      const assertion = owner.authenticator.get(await optionsOf(begun), { ...bank.right, counter });
      return begun.submit('/passkey', assertion);
    };
    expect(codes([await use(7), await use(7), await use(3), await use(0), await use(8)])).toEqual([
      200,
      'passkey-refused',
      'passkey-refused',
      'passkey-refused',
      200,
    ]);
    await bank.users.service.idle();
    const refused = bank.users.published.filter(({ data }) => data['reason'] === 'passkey-counter');
    expect(refused.map(({ data }) => data['actor'])).toEqual(Array(3).fill(owner.personId));
    await bank.database.database.execute({
      text: 'UPDATE passkey SET counter = 0 WHERE id = $1',
      values: [owner.passkeyId],
    });
    expect(codes([await use(0), await use(0)])).toEqual([200, 200]);
  });

  test('T18: wrong codes hold up no passkey', async () => {
    const owner = await bank.withPasskey();
    const begun = await bank.afterPassword(owner.login);
    for (let guess = 0; guess < 5; guess += 1) await begun.submit('/code', { code: '000000' });
    expect(codes([await begun.submit('/code', { code: '000000' })])).toEqual(['sign-in-delayed']);
    const assertion = owner.authenticator.get(await optionsOf(begun), bank.right);
    expect((await begun.submit('/passkey', assertion)).status).toBe(200);
  });

  test('a person who was disabled has no passkey', async () => {
    const owner = await bank.withPasskey();
    await bank.database.database.execute({
      text: "UPDATE person SET status = 'disabled' WHERE id = $1",
      values: [owner.personId],
    });
    const begun = await bank.begin();
    const assertion = owner.authenticator.get(await optionsOf(begun), bank.right);
    expect(codes([await begun.submit('/passkey', assertion)])).toEqual(['passkey-refused']);
  });
});
