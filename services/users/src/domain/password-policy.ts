import { fail, ok, type Result } from '@florin/primitives';
import { OBVIOUS_WORDS } from './known-passwords.ts';

/** NIST SP 800-63B-4 asks for length, not for kinds of characters; 128 bounds the work of hashing. */
const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 128;

/** What must remain of a password once the words everyone tries are taken out of it. */
const REMAINDER_LENGTH_MIN = 8;
const DISTINCT_CHARACTERS_MIN = 5;
/** The share of steps from one character to the next that run along the keyboard or the alphabet. */
const WALK_SHARE_MAX = 0.75;

export type PasswordFailure = { readonly code: 'password-too-weak'; readonly reason: string };

/** The form in which passwords are compared and hashed, so that another keyboard types the same one (NFKC, RFC 8265). */
export function normalisePassword(text: string): string {
  return text.normalize('NFKC');
}

/**
 * Whether a password may be chosen. `about` are words about the person (e-mail address, name) it must not lean on.
 * `known` are passwords that are tried first, folded; one of them with digits and signs around it is one of them still.
 * There are no rules about kinds of characters and nothing expires: both make passwords worse.
 */
export function decidePassword(
  text: string,
  about: readonly string[],
  known: ReadonlySet<string>,
): Result<string, PasswordFailure> {
  const password = normalisePassword(text);
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN) return weak(`Use at least ${PASSWORD_LENGTH_MIN} characters.`);
  if (length > PASSWORD_LENGTH_MAX) return weak(`Use at most ${PASSWORD_LENGTH_MAX} characters.`);
  const folded = foldPassword(password);
  if (isKnown(folded, known) || isKnown(password.toLowerCase(), known)) {
    return weak('This is one of the passwords that are tried first.');
  }
  if (new Set(folded).size < DISTINCT_CHARACTERS_MIN) return weak('It repeats the same few characters.');
  if (walkShare(password.toLowerCase()) > WALK_SHARE_MAX) return weak('It runs along the keyboard or the alphabet.');
  if (remainder(folded, about).length < REMAINDER_LENGTH_MIN) {
    return weak('Besides well-known words, your own name and numbers at the end, too little is left of it.');
  }
  return ok(password);
}

function weak(reason: string): { readonly ok: false; readonly failure: PasswordFailure } {
  return fail({ code: 'password-too-weak', reason });
}

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Lower case, with digits and signs between letters read as the letters they stand for: `p4ssw0rd` is `password`. */
export function foldPassword(password: string): string {
  const lower = password.toLowerCase();
  return lower.replace(/(?<=\p{L})[0134578@$!](?=[\p{L}0134578@$!]*\p{L})/gu, (sign) => LOOK_ALIKES[sign] ?? sign);
}

const DECORATION = /^[^\p{L}]+|[^\p{L}]+$/gu;

/** `monkey`, `12monkey34!` and `monkeymonkey` are the same to whoever has a list. */
function isKnown(folded: string, known: ReadonlySet<string>): boolean {
  const core = folded.replace(DECORATION, '');
  const half = core.slice(0, core.length / 2);
  return known.has(folded) || (core !== '' && known.has(core)) || (half + half === core && known.has(half));
}

/** A password of digits and signs alone is judged whole; otherwise those around the words are decoration. */
function remainder(folded: string, about: readonly string[]): string {
  let rest = folded;
  let hit = false;
  for (const word of [...wordsAbout(about), ...OBVIOUS_WORDS]) {
    if (!rest.includes(word)) continue;
    rest = rest.replaceAll(word, '');
    hit = true;
  }
  return hit ? rest.replace(DECORATION, '') : rest;
}

/** Shorter pieces of a name occur in passwords by chance. */
const WORD_LENGTH_MIN = 4;

function wordsAbout(about: readonly string[]): string[] {
  const words = about.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return words.filter((word) => word.length >= WORD_LENGTH_MIN).sort((a, b) => b.length - a.length);
}

const ROWS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop'];
const NEIGHBOURS = new Set(
  ROWS.flatMap((row) => [...row.slice(1)].flatMap((key, at) => [`${row[at]}${key}`, `${key}${row[at]}`])),
);

function walkShare(password: string): number {
  let steps = 0;
  for (let index = 1; index < password.length; index += 1) {
    const from = password.charCodeAt(index - 1);
    const to = password.charCodeAt(index);
    if (Math.abs(to - from) <= 1 || NEIGHBOURS.has(password.slice(index - 1, index + 1))) steps += 1;
  }
  return steps / Math.max(1, password.length - 1);
}
