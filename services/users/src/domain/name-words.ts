/** Names have a handful of words; the bound is for those who make one up. */
const WORDS_MAX = 60;

/** Combining accents (Unicode block 0300 to 036F); signs of other scripts are part of their letters and stay. */
const ACCENTS = /[\u0300-\u036f]/g;
/** An apostrophe is inside a word: O'Brien is typed with any of these, or with none. */
const APOSTROPHES = /['\u2019\u02bc]/g;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

/** Latin letters that Unicode does not take apart, as people type them who do not have them on their keyboard. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};
const WHOLE_LETTERS = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'g');

/**
 * The words of a name as they are indexed and looked for: lower case, without accents, each once. "Zoë O’Brien-Ångström"
 * is zoe, obrien and angstrom.
 */
export function nameWords(text: string): readonly string[] {
  const folded = text
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .replace(WHOLE_LETTERS, (letter) => LETTERS[letter] ?? letter)
    .normalize('NFC');
  const words = new Set(folded.split(BETWEEN_WORDS));
  words.delete('');
  return [...words].slice(0, WORDS_MAX);
}
