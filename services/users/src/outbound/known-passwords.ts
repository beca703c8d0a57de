import { dictionary } from '@zxcvbn-ts/language-common';
import { KNOWN_PHRASES } from '../domain/known-passwords.ts';
import { foldPassword } from '../domain/password-policy.ts';

/**
 * Passwords that are tried first: the 49,000 most frequent ones of the zxcvbn project, from lists of stolen passwords, and
 * phrases of our own. Each as it is and folded.
 */
export const knownPasswords: ReadonlySet<string> = new Set([
  ...dictionary['passwords-common'].flatMap((password) => [password, foldPassword(password)]),
  ...KNOWN_PHRASES,
]);
