import { expect, test } from 'vitest';
import { nameWords } from './name-words.ts';

test.each([
  ['Maria Keller', ['maria', 'keller']],
  ['  maria   KELLER  ', ['maria', 'keller']],
  ['Zoë O’Brien-Ångström', ['zoe', 'obrien', 'angstrom']],
  ["zoe\u0308 o'brien", ['zoe', 'obrien']],
  ['Łukasz Großmann', ['lukasz', 'grossmann']],
  ['Søren Æbelø', ['soren', 'aebelo']],
  ['İpek IŞIK', ['ipek', 'isik']],
  ['Ｍａｒｉａ ﬁsher', ['maria', 'fisher']],
  ['Анна-Мария Йорданова', ['анна', 'мария', 'иорданова']],
  ['राम किशोर', ['राम', 'किशोर']],
  ['김 민준', ['김', '민준']],
  ['Maria Maria', ['maria']],
  ['de la Cruz y O. 3rd', ['de', 'la', 'cruz', 'y', 'o', '3rd']],
  ['- . \u2028 !', []],
  ['', []],
])('%j is %j', (name, words) => {
  expect(nameWords(name)).toEqual(words);
});

test('a name made of a thousand words is cut, not refused', () => {
  const name = Array.from({ length: 1_000 }, (_, at) => `w${at}`).join(' ');
  expect(nameWords(name)).toHaveLength(60);
});
