import { Secret, TOTP } from 'otpauth';
import type { OneTimeCodes } from '../domain/one-time-codes.ts';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** RFC 4226 section 4 recommends 160 bits. */
const SECRET_BYTES = 20;
/** RFC 6238 section 5.2: a clock that is off by one step, and the time it takes to type. */
const STEPS_OFF_MAX = 1;
/** SHA-1 is what every app can do; a one-time code does not rest on what SHA-1 lost (RFC 6238 section 1.2). */
const SETTINGS = { issuer: 'Florin', algorithm: 'SHA1', digits: DIGITS, period: STEP_SECONDS } as const;

/** Codes of authenticator apps (RFC 6238): 6 digits, 30 s, one step of tolerance. */
export const oneTimeCodes: OneTimeCodes = {
  newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
  address: (secret, label) => new TOTP({ ...SETTINGS, label, secret: Secret.fromBase32(secret) }).toString(),
  stepOf(secret, code, nowMs) {
    const totp = new TOTP({ ...SETTINGS, secret: Secret.fromBase32(secret) });
    const delta = totp.validate({ token: code, timestamp: nowMs, window: STEPS_OFF_MAX });
    return delta === null ? undefined : Math.floor(nowMs / 1_000 / STEP_SECONDS) + delta;
  },
};
