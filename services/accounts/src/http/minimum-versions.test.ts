import { expect, it } from 'vitest';
import { minimumVersions } from './minimum-versions.ts';

it.each<[string | undefined, [string, number][]]>([
  [undefined, []],
  ['', []],
  ['a=1', [['a', 1]]],
  [
    'a=1,b=22',
    [
      ['a', 1],
      ['b', 22],
    ],
  ],
  [
    'a=1, b=2',
    [
      ['a', 1],
      ['b', 2],
    ],
  ],
  ['a', []],
  ['a=x,b=2', [['b', 2]]],
  ['a=0,b=-1,c=1.5,d=1e99', []],
])('reads %s', (header, expected) => {
  const versions = minimumVersions(header === undefined ? {} : { 'florin-min-version': header });
  const wanted = new Map(expected);
  for (const id of ['a', 'b', 'c']) expect(versions.get(id)).toBe(wanted.get(id));
});

it('reads the word for "ask the ledger": no copy is new enough, of any account', () => {
  expect(minimumVersions({ 'florin-min-version': 'ledger' }).get('any')).toBe(Number.POSITIVE_INFINITY);
});
