import { describe, expect, it, test } from 'vitest';
import { ACR_PASSWORD, ACR_TWO_FACTORS, isFreshSignIn, secondFactorsOf, userHandleOf } from './factors.ts';

const NOW_SECONDS = 1_800_000_000;

describe('what may follow a right password', () => {
  const none = { hasTotp: false, hasPasskey: false, hasRecoveryCode: false };
  test.each([
    [none, []],
    [{ ...none, hasRecoveryCode: true }, []],
    [{ ...none, hasTotp: true }, ['totp']],
    [{ hasTotp: true, hasPasskey: true, hasRecoveryCode: true }, ['passkey', 'totp', 'recovery-code']],
  ])('%j: %j', (has, expected) => {
    expect(secondFactorsOf(has)).toEqual(expected);
  });
});

describe('a sign-in that may change factors', () => {
  test.each([
    [ACR_PASSWORD, 0, false, true],
    [ACR_PASSWORD, 300, false, true],
    [ACR_PASSWORD, 301, false, false],
    [ACR_PASSWORD, 0, true, false],
    [ACR_TWO_FACTORS, 300, true, true],
    [ACR_TWO_FACTORS, 301, true, false],
    [undefined, 0, true, false],
  ])('%j %i s ago, with a second factor: %j', (acr, ageSeconds, hasSecondFactor, expected) => {
    const signIn = { acr, authTimeSeconds: NOW_SECONDS - ageSeconds };
    expect(isFreshSignIn(signIn, hasSecondFactor, NOW_SECONDS * 1_000)).toBe(expected);
  });

  it('is none that does not say when it was', () => {
    const signIn = { acr: ACR_TWO_FACTORS, authTimeSeconds: undefined };
    expect(isFreshSignIn(signIn, true, NOW_SECONDS * 1_000)).toBe(false);
  });
});

it('a person is known to authenticators by the 16 bytes of their id', () => {
  expect(Buffer.from(userHandleOf('01999999-aaaa-7bbb-8ccc-0123456789ab'), 'base64url').toString('hex')).toBe(
    '01999999aaaa7bbb8ccc0123456789ab',
  );
});
