import { typingErrors } from './edit-distance.ts';
import { type FoldedName, foldName } from './folded-name.ts';

/** What confirmation of payee may answer. */
export type NameCheck = 'match' | 'close-match' | 'no-match' | 'not-possible';

/**
 * A close match tells the holder's name, so it takes more than a likely guess: so many letters must be the holder's own,
 * in words that were written out.
 */
const LETTERS_SURE_MIN = 3;
/** Words in front of each other that are compared; a name of more is compared as a whole only. */
const WORDS_MAX = 12;

/**
 * Compares the name somebody typed with the holder's, with the outcomes of EPC218-23 (Verification of Payee). `match`: the
 * same words in any order, apart from case, accents, punctuation, titles and legal forms. `close-match`: apart from one
 * or two typing errors, initials in place of first names, or first names left out, as long as enough of the name was
 * known. `not-possible` when the holder's name has no letters. Nicknames are other names.
 */
export function compareNames(typed: string, holder: string): NameCheck {
  const typedReadings = foldName(typed);
  const holderReadings = foldName(holder);
  if (holderReadings.every((words) => words.length === 0)) return 'not-possible';
  const pairs = typedReadings.flatMap((ours) => holderReadings.map((theirs) => [ours, theirs] as const));
  if (pairs.some(([ours, theirs]) => isSame(ours, theirs))) return 'match';
  return pairs.some(([ours, theirs]) => isClose(ours, theirs)) ? 'close-match' : 'no-match';
}

function isSame(typed: FoldedName, holder: FoldedName): boolean {
  if (typed.length === 0) return false;
  // Read without spaces too: "van den Berg" and "Vandenberg".
  return typed.join('') === holder.join('') || sorted(typed) === sorted(holder);
}

function sorted(words: FoldedName): string {
  return [...words].sort().join(' ');
}

function isClose(typed: FoldedName, holder: FoldedName): boolean {
  const [ours, theirs] = [typed.join(''), holder.join('')];
  const errorsMax = errorsInName(Math.max(ours.length, theirs.length));
  // Words were written together or apart, so that they have no counterparts one by one.
  const isSpaced = typed.length !== holder.length;
  if (isSpaced && errorsMax > 0 && typingErrors(ours, theirs, errorsMax) <= errorsMax) return true;
  if (typed.length > WORDS_MAX || holder.length > WORDS_MAX) return false;
  const pairing = pairWords(typed, holder);
  if (pairing.lettersSure < LETTERS_SURE_MIN || pairing.errors > errorsMax) return false;
  const extra = typed.length - pairing.pairs;
  const left = holder.length - pairing.pairs;
  if (extra === 0 && left === 0) return true;
  // One word says too little when there are more; many words would be a net for many names.
  if (pairing.pairs < 2) return false;
  return extra === 0 ? left <= pairing.pairs : extra === 1 && left === 0;
}

/** A short name leaves no room for errors, for it would soon be another name. */
function errorsInName(letters: number): number {
  return letters < 6 ? 0 : letters < 10 ? 1 : 2;
}

function errorsInWord(letters: number): number {
  return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

interface Pairing {
  /** How many words of the one have a word of the other. */
  readonly pairs: number;
  readonly errors: number;
  /** Letters of the pairs that are no initials, without those in error. */
  readonly lettersSure: number;
}

/** Finds a word of the holder for every word typed: the same one, else an initial of it or the reverse, else the nearest. */
function pairWords(typed: FoldedName, holder: FoldedName): Pairing {
  const left = [...holder];
  let pairing: Pairing = { pairs: 0, errors: 0, lettersSure: 0 };
  let words = typed;
  const pairAll = (match: (word: string, other: string) => number | null, sure: (word: string) => number) => {
    words = words.filter((word) => {
      const found = nearest(word, left, match);
      if (found === null) return true;
      left.splice(found.index, 1);
      const { pairs, errors, lettersSure } = pairing;
      pairing = {
        pairs: pairs + 1,
        errors: errors + found.errors,
        lettersSure: lettersSure + Math.max(0, sure(word) - found.errors),
      };
      return false;
    });
  };
  pairAll(
    (word, other) => (word === other ? 0 : null),
    (word) => (word.length > 1 ? word.length : 0),
  );
  pairAll(initialOf, () => 0);
  pairAll(misspelt, (word) => word.length);
  return pairing;
}

function nearest(
  word: string,
  others: readonly string[],
  match: (word: string, other: string) => number | null,
): { readonly index: number; readonly errors: number } | null {
  let best: { index: number; errors: number } | null = null;
  for (const [index, other] of others.entries()) {
    const errors = match(word, other);
    if (errors !== null && (best === null || errors < best.errors)) best = { index, errors };
  }
  return best;
}

function initialOf(word: string, other: string): number | null {
  const [short, long] = word.length < other.length ? [word, other] : [other, word];
  return short.length === 1 && long.startsWith(short) ? 0 : null;
}

function misspelt(word: string, other: string): number | null {
  const max = errorsInWord(Math.max(word.length, other.length));
  const errors = typingErrors(word, other, max);
  return max > 0 && errors <= max ? errors : null;
}
