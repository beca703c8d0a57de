/** A name reduced to what is compared: words of small letters and digits, without accents, titles and legal forms. */
export type FoldedName = readonly string[];

/** NFKC may make one sign into eighteen; names are compared in squared time, so what is longer is cut. */
const LETTERS_MAX = 200;

/** Letters that no decomposition of Unicode takes apart, as people type them without the sign. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const PLAIN_LETTER = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');
/** In German the two dots stand for an e; the same dots are only dropped elsewhere, so both are compared. */
const GERMAN_LETTERS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue' };
const GERMAN_LETTER = /[äöü]/gu;
/** Accents of Latin, Greek and Cyrillic, points of Hebrew, short vowels of Arabic. Other scripts need their marks. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/gu;
/** Signs without a width or that turn the direction of text; apostrophes of every kind join what they stand between. */
const INVISIBLE = /[\p{Cf}'`\u2018\u2019\u02bc]/gu;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

const TITLES: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx sir dr drs ir prof professor dhr heer mevr mevrouw mw herr frau monsieur mme mlle'.split(' '),
);
const LEGAL_FORMS = 'bv nv vof cv gmbh ag kg ug ohg ltd limited plc llp llc inc corp corporation sarl sprl srl'.split(
  ' ',
);
const WRITTEN_TOGETHER: ReadonlySet<string> = new Set(LEGAL_FORMS);
/** Those that are people's names as well (Sas, S\u00e1) count only letter by letter: "S.A.S." */
const LETTER_BY_LETTER: ReadonlySet<string> = new Set([...LEGAL_FORMS, 'sa', 'sas', 'spa', 'sl', 'ev', 'ab', 'as']);

/**
 * The ways a name may be read, one or two: NFKC, small letters, accents and punctuation gone, titles in front and
 * a legal form at the end left out unless nothing else is there. No words are left of emoji alone.
 */
export function foldName(name: string): readonly FoldedName[] {
  const small = name.normalize('NFKC').toLowerCase().replace(INVISIBLE, '');
  const plain = wordsOf(small);
  if (small.search(GERMAN_LETTER) === -1) return [plain];
  return [plain, wordsOf(small.replace(GERMAN_LETTER, (letter) => GERMAN_LETTERS[letter] ?? letter))];
}

function wordsOf(small: string): FoldedName {
  const bare = small
    .normalize('NFD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(PLAIN_LETTER, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .slice(0, LETTERS_MAX);
  return withoutLegalForm(withoutTitles(bare.split(BETWEEN_WORDS).filter((word) => word !== '')));
}

function withoutTitles(words: FoldedName): FoldedName {
  const first = words.findIndex((word) => !TITLES.has(word));
  return first === -1 ? words : words.slice(first);
}

/** "b.v." was taken apart at its points, so the last words are also read together while they are single letters. */
function withoutLegalForm(words: FoldedName): FoldedName {
  if (words.length > 1 && WRITTEN_TOGETHER.has(words.at(-1) ?? '')) return words.slice(0, -1);
  let from = words.length;
  while (from > 1 && words[from - 1]?.length === 1) {
    from -= 1;
    if (LETTER_BY_LETTER.has(words.slice(from).join(''))) return words.slice(0, from);
  }
  return words;
}
