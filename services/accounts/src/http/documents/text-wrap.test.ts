import { expect, it } from 'vitest';
import { wrapText } from './text-wrap.ts';

it.each<[string, string[]]>([
  ['', []],
  ['   ', []],
  ['short', ['short']],
  ['exactly 10', ['exactly 10']],
  ['one two three', ['one two', 'three']],
  ['one  two   three', ['one  two', 'three']],
  ['  led and trailed  ', ['led and', 'trailed']],
  ['abcdefghijklmno', ['abcdefghij', 'klmno']],
  ['ab abcdefghijklmno xy', ['ab', 'abcdefghij', 'klmno xy']],
  ['\ud83d\ude00'.repeat(11), ['\ud83d\ude00'.repeat(10), '\ud83d\ude00']],
])('breaks %j into %j', (text, lines) => {
  expect(wrapText(text, 10, () => 1)).toEqual(lines);
});

it('keeps a character that is wider than the line', () => {
  expect(wrapText('ab', 1, () => 5)).toEqual(['a', 'b']);
});
