/** Crockford's base 32: no letter of it is taken for a digit or another letter. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const RECOVERY_CODES = 10;
/** 5 bits each, so 60: nobody guesses one, and the hash is keyed. */
export const RECOVERY_CODE_CHARACTERS = 12;
const GROUP = 4;
const SHAPE = new RegExp(`^[${ALPHABET}]{${RECOVERY_CODE_CHARACTERS}}$`);

/** Writes random bytes as a code, one character a byte, in groups: `7K2M-Q0XA-93DT`. */
export function writeRecoveryCode(bytes: Uint8Array): string {
  const characters = [...bytes.subarray(0, RECOVERY_CODE_CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return characters.join('').replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
}

/** The code in what was typed, however it was spaced and cased; undefined when it can not be one. */
export function readRecoveryCode(typed: string): string | undefined {
  const text = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return SHAPE.test(text) ? text : undefined;
}
