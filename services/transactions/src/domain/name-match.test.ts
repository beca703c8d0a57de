import { describe, expect, it } from 'vitest';
import { compareNames, type NameCheck } from './name-match.ts';

type Vector = readonly [typed: string, holder: string, expected: NameCheck];

const SAME: readonly Vector[] = [
  ['Alice Jansen', 'Alice Jansen', 'match'],
  ['alice JANSEN', 'Alice Jansen', 'match'],
  ['Jansen, Alice', 'Alice Jansen', 'match'],
  ['  Alice   Jansen ', 'Alice Jansen', 'match'],
  ['José Álvarez', 'Jose Alvarez', 'match'],
  ['Jose Alvarez', 'JOSÉ ÁLVAREZ', 'match'],
  ['Mueller', 'Müller', 'match'],
  ['Muller', 'Müller', 'match'],
  ['Müller', 'Mueller', 'match'],
  ['Strasse', 'Straße', 'match'],
  ['Lukasz Grzelak', 'Łukasz Grzelak', 'match'],
  ['Bjorn Ostergaard', 'Bjørn Østergaard', 'match'],
  ["O'Brien", 'O\u2019Brien', 'match'],
  ['OBrien', "O'Brien", 'match'],
  ['Jean-Pierre Martin', 'Jean Pierre Martin', 'match'],
  ['Vandenberg', 'van den Berg', 'match'],
  ['Mr. John Smith', 'John Smith', 'match'],
  ['John Smith', 'Dr John Smith', 'match'],
  ['Mevr. A. de Vries', 'A. de Vries', 'match'],
  ['dhr drs. P. Bakker', 'P. Bakker', 'match'],
  ['Polder Logistics', 'Polder Logistics B.V.', 'match'],
  ['Polder Logistics BV', 'Polder Logistics b.v.', 'match'],
  ['Acme', 'ACME GmbH', 'match'],
  ['Acme Ltd', 'Acme Limited', 'match'],
  ['Acme, Inc.', 'Acme', 'match'],
  ['Studio 54', 'Studio 54 S.A.', 'match'],
  ['AB Jansen', 'A.B. Jansen', 'match'],
  ['\uff21\uff4c\uff49\uff43\uff45 Jansen', 'Alice Jansen', 'match'],
  ['Мария Иванова', 'МАРИЯ ИВАНОВА', 'match'],
  ['דוד כהן', 'דָּוִד כֹּהֵן', 'match'],
  ['محمد علي', 'مُحَمَّد عَلِي', 'match'],
  ['王 小明', '王小明', 'match'],
  // Zero-width and direction marks, as they come with copied text.
  ['\u202eAl\u200bice\u202c Jansen\u200f', 'Alice Jansen', 'match'],
];

const CLOSE: readonly Vector[] = [
  ['A. Jansen', 'Alice Jansen', 'close-match'],
  ['Jansen A', 'Alice Jansen', 'close-match'],
  ['Alice Jansen', 'A. Jansen', 'close-match'],
  ['A.B. Jansen', 'Alice Beatrix Jansen', 'close-match'],
  ['John Smith', 'John Albert Smith', 'close-match'],
  ['J Smith', 'John Albert Smith', 'close-match'],
  ['John Albert Smith', 'John Smith', 'close-match'],
  ['Maria Garcia', 'Maria del Garcia Lopez', 'close-match'],
  ['Alice Janssen', 'Alice Jansen', 'close-match'],
  ['Alcie Jansen', 'Alice Jansen', 'close-match'],
  ['Alise Jensen', 'Alice Jansen', 'close-match'],
  ['Anne Lee', 'Ann Lee', 'close-match'],
  ['Kofie', 'Koffie', 'close-match'],
  ['Polder Logistic', 'Polder Logistics B.V.', 'close-match'],
  ['Vandenburg', 'van den Berg', 'close-match'],
  ['Christopher Wellington', 'Cristopher Welington', 'close-match'],
];

const OTHER: readonly Vector[] = [
  ['Bob de Vries', 'Alice Jansen', 'no-match'],
  ['Bob Jansen', 'Alice Jansen', 'no-match'],
  ['Bob Smith', 'Robert Smith', 'no-match'],
  ['Alice', 'Alice Jansen', 'no-match'],
  ['Jansen', 'Alice Jansen', 'no-match'],
  ['Bob Lee', 'Rob Lee', 'no-match'],
  ['Polder', 'Polder Logistics B.V.', 'no-match'],
  ['Maria', 'Maria Sá', 'no-match'],
  ['Alise Jensan', 'Alice Jonsen', 'no-match'],
  ['Alizze Jensson', 'Alice Jansen', 'no-match'],
];

/** What is typed to learn a name, or to break the comparison. */
const HOSTILE: readonly Vector[] = [
  ['a', 'Alice Jansen', 'no-match'],
  ['A J', 'Alice Jansen', 'no-match'],
  ['a b c d e f g h i j k l m n o p q r s t u v w x y z', 'Alice Jansen', 'no-match'],
  ['a b c d e f g Jansen', 'Alice Jansen', 'no-match'],
  ['Alice Bob Carl Jansen Smith Bakker', 'Alice Jansen', 'no-match'],
  ['J Li', 'Jun Li', 'no-match'],
  ['%', 'Alice Jansen', 'no-match'],
  ['.*', 'Alice Jansen', 'no-match'],
  ['Mr', 'Alice Jansen', 'no-match'],
  ['B.V.', 'Polder Logistics B.V.', 'no-match'],
  ['Mr B.V.', 'Alice Jansen', 'no-match'],
  ['...', 'Alice Jansen', 'no-match'],
  ['\u200b\u202e', 'Alice Jansen', 'no-match'],
  ['😀'.repeat(120), 'Alice Jansen', 'no-match'],
  ['Alice Jansen', '😀 😀', 'not-possible'],
  ['😀', '😀', 'not-possible'],
  ['Alice Jansen', '', 'not-possible'],
  ['x'.repeat(120), 'Alice Jansen', 'no-match'],
  ['Alice Jansen '.repeat(9), 'Alice Jansen', 'no-match'],
  ['\ufdfa'.repeat(120), 'Alice Jansen', 'no-match'],
  ['a\u0301\u0301\u0301\u0301'.repeat(24), 'Alice Jansen', 'no-match'],
  ['ab '.repeat(40), 'ba '.repeat(46), 'no-match'],
];

describe('a name typed and the name of the holder', () => {
  it.each(SAME)('%s is %s: %s', (typed, holder, expected) => {
    expect(compareNames(typed, holder)).toBe(expected);
  });

  it.each(CLOSE)('%s is nearly %s: %s', (typed, holder, expected) => {
    expect(compareNames(typed, holder)).toBe(expected);
  });

  it.each(OTHER)('%s is not %s: %s', (typed, holder, expected) => {
    expect(compareNames(typed, holder)).toBe(expected);
  });

  it.each(HOSTILE)('%j tells nothing about %j: %s', (typed, holder, expected) => {
    expect(compareNames(typed, holder)).toBe(expected);
  });

  it('takes one error in a short name and two in a long one, never three', () => {
    const holder = 'Katharina Hollander';
    expect(
      ['Katharina Holander', 'Katarina Holander', 'Katarina Holandre'].map((typed) => compareNames(typed, holder)),
    ).toEqual(['close-match', 'close-match', 'no-match']);
  });

  it('is the same question the other way round, for names of as many words', () => {
    for (const [typed, holder, expected] of [...SAME, ...OTHER])
      expect([holder, typed, compareNames(holder, typed)]).toEqual([holder, typed, expected]);
  });
});
