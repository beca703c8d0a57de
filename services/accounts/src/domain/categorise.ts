import type { Category } from './category.ts';
import { FIRM_WORDS, WORD_RULES, type WordRule } from './category-words.ts';

/** What a line says of itself, as far as its category is concerned. */
export interface LineFacts {
  readonly kind: string;
  readonly isDebit: boolean;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string;
}

/** Kinds that are a category by themselves, whatever people write. */
const CATEGORY_OF_KIND: ReadonlyMap<string, Category> = new Map([
  ['deposit', 'cash'],
  ['withdrawal', 'cash'],
  ['fee', 'fees'],
]);

/**
 * What a line was for: by its kind, then by the words of its reference, then by those of the other side's name (rules
 * in category-words.ts). What no rule knows is a `transfer` when the other side is a person, else `other`. A reversal
 * is what the line was that it takes back, so the two cancel out in one category. Costs a bounded time whatever the
 * text: no more than its first 160 characters are looked at.
 */
export function categoryOf(line: LineFacts): Category {
  const ofKind = CATEGORY_OF_KIND.get(line.kind);
  if (ofKind !== undefined) return ofKind;
  const isReversal = line.kind === 'reversal';
  const direction = line.isDebit !== isReversal ? 'out' : 'in';
  const inReference = firstRule(wordsOf(line.reference), (rule) => isAbout(rule, direction))?.category;
  // Only the bank itself has no IBAN: what it takes back is a fee of its own, or was booked at the counter.
  if (isReversal && line.counterpartyIban === null) return inReference === 'fees' ? 'fees' : 'cash';
  if (inReference !== undefined) return inReference;
  const name = wordsOf(line.counterpartyName ?? '');
  const inName = firstRule(name, (rule) => rule.category !== 'income' || direction === 'in');
  if (inName !== undefined) return inName.category;
  const isPerson = line.counterpartyIban !== null && name.length > 0 && !name.some((word) => FIRM_WORDS.has(word));
  return isPerson ? 'transfer' : 'other';
}

function isAbout(rule: WordRule, direction: 'in' | 'out'): boolean {
  return rule.reference === 'both' || rule.reference === direction;
}

interface Ranked {
  readonly rank: number;
  readonly rule: WordRule;
}

/** Long enough to be rare, short enough for the shortest ending there is. */
const ENDING_KEY_LENGTH = 4;

const byWord = new Map<string, Ranked>();
const firstWords = new Set<string>();
const byEnding = new Map<string, (Ranked & { readonly ending: string })[]>();
for (const [rank, rule] of WORD_RULES.entries()) {
  for (const text of rule.words.split(', ')) {
    const word = text.startsWith('*') ? text.slice(1) : text;
    byWord.set(word, { rank, rule });
    const [first = '', second] = word.split(' ');
    if (second !== undefined) firstWords.add(first);
    if (text === word) continue;
    const key = word.slice(-ENDING_KEY_LENGTH);
    byEnding.set(key, [...(byEnding.get(key) ?? []), { rank, rule, ending: word }]);
  }
}

/** The rule that comes first of those the words match and the caller allows. */
function firstRule(words: readonly string[], allows: (rule: WordRule) => boolean): WordRule | undefined {
  let found: Ranked | undefined;
  const consider = (candidate: Ranked | undefined): void => {
    if (candidate === undefined || !allows(candidate.rule)) return;
    if (found === undefined || candidate.rank < found.rank) found = candidate;
  };
  for (const [index, word] of words.entries()) {
    if (firstWords.has(word)) consider(byWord.get(`${word} ${words[index + 1]}`));
    consider(byWord.get(word));
    for (const candidate of endingsLike(word)) if (word.endsWith(candidate.ending)) consider(candidate);
  }
  return found?.rule;
}

function endingsLike(word: string): readonly (Ranked & { readonly ending: string })[] {
  return word.length > ENDING_KEY_LENGTH ? (byEnding.get(word.slice(-ENDING_KEY_LENGTH)) ?? []) : [];
}

/** References and names are at most this long; anything beyond is not looked at. */
const TEXT_LENGTH_MAX = 160;
const ASCII = /^[\x20-\x7e]*$/;
const ASCII_WORDS = /[a-z0-9]+/g;
const WORDS = /[\p{L}\p{N}]+/gu;

/** The words of a text, folded: lower case, without accents (Unicode NFKD), sharp s as ss. */
export function wordsOf(text: string): readonly string[] {
  const seen = text.slice(0, TEXT_LENGTH_MAX);
  if (ASCII.test(seen)) return seen.toLowerCase().match(ASCII_WORDS) ?? [];
  const folded = seen.normalize('NFKD').slice(0, TEXT_LENGTH_MAX).replaceAll(/\p{M}/gu, '').toLowerCase();
  return folded.replaceAll('ß', 'ss').match(WORDS) ?? [];
}
