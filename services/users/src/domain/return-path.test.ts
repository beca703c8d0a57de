import { expect, test } from 'vitest';
import { safeReturnPath } from './return-path.ts';

test.each([
  ['/', '/'],
  ['/accounts?x=1#top', '/accounts?x=1#top'],
  [undefined, '/'],
  ['', '/'],
  ['accounts', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/./\\evil.example', '/evil.example'],
  [`/${'a'.repeat(600)}`, '/'],
])('%j goes to %j', (wanted, path) => {
  expect(safeReturnPath(wanted)).toBe(path);
});
