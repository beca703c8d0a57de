import { expect, it } from 'vitest';
import { RECOVERY_CODE_CHARACTERS, readRecoveryCode, writeRecoveryCode } from './recovery-code.ts';

it('writes a character for each byte, in groups of four', () => {
  const bytes = Uint8Array.from({ length: RECOVERY_CODE_CHARACTERS }, (_, at) => at * 23);
  expect(writeRecoveryCode(bytes)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
});

it('reads what people make of it: other cases, spaces, letters that look alike', () => {
  expect(readRecoveryCode(' 7k2m qOxa-93dI ')).toBe('7K2MQ0XA93D1');
});

it.each(['', '7K2M-Q0XA-93D', '7K2M-Q0XA-93DT5', '7K2M-Q0XA-93DU', '492039', '７K2M-Q0XA-93DT'])(
  '%j is none',
  (typed) => {
    expect(readRecoveryCode(typed)).toBeUndefined();
  },
);
