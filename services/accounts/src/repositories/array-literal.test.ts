import { expect, it } from 'vitest';
import { plainArray, textArray } from './array-literal.ts';

it('writes arrays that PostgreSQL reads', () => {
  expect(plainArray([])).toBe('{}');
  expect(plainArray([1, '-2', 'a-b'])).toBe('{1,-2,a-b}');
  expect(textArray(['plain', '', null, 'NULL', 'a,b{}', 'say "hi"', 'back\\slash'])).toBe(
    '{"plain","",NULL,"NULL","a,b{}","say \\"hi\\"","back\\\\slash"}',
  );
});
