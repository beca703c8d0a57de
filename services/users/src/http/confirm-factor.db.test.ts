import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { factorUsers, type Owner, STEP_MS } from '../../fixtures/factor-owner.fixture.ts';

let bank: Awaited<ReturnType<typeof factorUsers>>;

beforeAll(async () => {
  bank = await factorUsers();
});
afterAll(() => bank.close());

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');
const PAYMENT = hashOf('250.00 to Bob');

async function check(owner: Pick<Owner, 'personId'>, proof: object, hash = PAYMENT): Promise<string | number> {
  const path = `/internal/users/${owner.personId}/second-factor-checks`;
  const { status, body } = await bank.call('service', 'POST', path, { sessionId: 'here', hash, ...proof });
  return body?.code ?? status;
}

describe('a code of the app', () => {
  test('confirms once, of two at the same moment one', async () => {
    const owner = await bank.withTotp();
    const code = bank.codeOf(owner.secret);
    const answers = await Promise.all([check(owner, { code }), check(owner, { code })]);
    expect(answers.toSorted()).toEqual([204, 'wrong-code'].toSorted());
    expect(await check(owner, { code })).toBe('wrong-code');
    bank.time.ms += STEP_MS;
    expect(await check(owner, { code: bank.codeOf(owner.secret) })).toBe(204);
  });

  test('is guessed five times, and then not again for a while', async () => {
    const owner = await bank.withTotp();
    const answers = [];
    for (let guess = 0; guess < 6; guess += 1) answers.push(await check(owner, { code: '000000' }));
    expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'wrong-code'));
    expect(answers[5]).toBe('sign-in-delayed');
    expect(await check(owner, { code: bank.codeOf(owner.secret) })).toBe('sign-in-delayed');
  });

  test('is no recovery code, and no code of somebody else’s app', async () => {
    const owner = await bank.withTotp();
    const other = await bank.withTotp();
    expect(await check(owner, { code: owner.recoveryCodes[0] })).toBe('wrong-code');
    expect(await check(owner, { code: bank.codeOf(other.secret) })).toBe('wrong-code');
    const mine = await bank.call(owner.token('mfa'), 'GET', '/v1/me/mfa');
    expect(mine.body.recoveryCodesLeft).toBe(10);
  });

  test('is of nobody who has no app', async () => {
    expect(await check(await bank.person(), { code: '123456' })).toBe('wrong-code');
  });
});

describe('a passkey', () => {
  test('confirms what it signed and nothing else', async () => {
    const owner = await bank.withPasskey();
    const sign = (hash: string) => ({ assertion: owner.authenticator.get({ challenge: hash }, bank.right) });
    expect(await check(owner, sign(PAYMENT))).toBe(204);
    expect(await check(owner, sign(hashOf('9000.00 to Eve')))).toBe('passkey-refused');
    const elsewhere = owner.authenticator.get(
      { challenge: PAYMENT },
      { ...bank.right, origin: 'https://evil.example' },
    );
    expect(await check(owner, { assertion: elsewhere })).toBe('passkey-refused');
    const unverified = owner.authenticator.get({ challenge: PAYMENT }, { ...bank.right, verifiesUser: false });
    expect(await check(owner, { assertion: unverified })).toBe('passkey-refused');
  });

  test('is not somebody else’s, and not one that was copied', async () => {
    const owner = await bank.withPasskey();
    const other = await bank.withPasskey();
    const signed = other.authenticator.get({ challenge: PAYMENT }, bank.right);
    expect(await check(owner, { assertion: signed })).toBe('passkey-refused');
    const copy = owner.authenticator.get({ challenge: PAYMENT }, bank.right);
    expect(await check(owner, { assertion: copy })).toBe(204);
    expect(await check(owner, { assertion: copy })).toBe('passkey-refused');
  });

  test('is named to who has to ask for it', async () => {
    const owner = await bank.withPasskey();
    const path = `/internal/users/${owner.personId}/passkey-descriptors`;
    const { status, body } = await bank.call('service', 'GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      rpId: bank.right.rpId,
      userVerification: 'required',
      allowCredentials: [{ id: owner.authenticator.credentialId, type: 'public-key', transports: ['internal'] }],
    });
    expect((await bank.call(owner.token('mfa'), 'GET', path)).status).toBe(403);
  });
});
