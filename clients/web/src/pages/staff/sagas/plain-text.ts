import { formatInstant } from '../../../format/dates.ts';
import { formatDuration } from '../../../format/durations.ts';

const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z/g;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const PAUSE = /\b(\d+) ms\b/g;

/** What a service said for the record, for people: moments in their zone, lengths in words, numbers by their ends. */
export function plainText(text: string, locale: string): string {
  return text
    .replaceAll(INSTANT, (instant) => formatInstant(instant, locale))
    .replaceAll(PAUSE, (_, milliseconds: string) => formatDuration(Number(milliseconds), locale))
    .replaceAll(UUID, (id) => shortNumber(id));
}

/** What is said about steps, with their names in words and in quotes. A name within a longer one is another name. */
export function withStepNames(text: string, names: readonly string[], wordsOf: (name: string) => string): string {
  return names.reduce((said, name) => {
    const alone = new RegExp(`(?<![\\w-])${name.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-])`, 'g');
    return said.replaceAll(alone, () => `“${wordsOf(name)}”`);
  }, text);
}

/** A name that programs use, when there is no better word for it: `post-debit` is `Post debit`. */
export function plainName(name: string): string {
  const words = name.replaceAll(/[-_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Keeps the dots and the end of a number on one line. */
const WORD_JOINER = '\u2060';

/** A long number by its end, as it is written everywhere in the console. */
export function shortNumber(id: string): string {
  return `…${WORD_JOINER}${id.slice(-8)}`;
}
