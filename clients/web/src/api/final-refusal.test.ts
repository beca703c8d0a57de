import { ApiProblem } from '@florin/sdk';
import { expect, it } from 'vitest';
import { isFinalRefusal } from './final-refusal.ts';

it.each([
  [400, true],
  [422, true],
  [403, true],
  [404, true],
  [0, false],
  [401, false],
  [409, false],
  [429, false],
  [500, false],
  [503, false],
])('after %i the next try is new work: %s', (status, expected) => {
  expect(isFinalRefusal(new ApiProblem({ status, code: 'x', detail: '' }))).toBe(expected);
});

it('never takes a fault of this page for an answer', () => {
  expect(isFinalRefusal(new TypeError('no network'))).toBe(false);
});
