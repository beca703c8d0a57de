import fc from 'fast-check';
import { expect, it } from 'vitest';
import { typingErrors } from './edit-distance.ts';

it.each([
  ['', '', 0],
  ['smith', 'smith', 0],
  ['smith', 'smth', 1],
  ['smth', 'smith', 1],
  ['smith', 'smyth', 1],
  ['smith', 'smtih', 1],
  ['smith', 'msiht', 2],
  // The restricted form does not edit what it exchanged: unrestricted this would be 2.
  ['ca', 'abc', 3],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('%j and %j are %i errors apart', (a, b, expected) => {
  expect(typingErrors(a, b, 9)).toBe(expected);
});

it('counts no further than it is told', () => {
  expect([
    typingErrors('abcdef', 'uvwxyz', 2),
    typingErrors('a', 'abcdefgh', 2),
    typingErrors('kitten', 'sitting', 2),
  ]).toEqual([3, 3, 3]);
});

it('is the same in both directions, zero for equal texts alone, and one for one error', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  const property = fc.property(word, word, fc.nat(), (a, b, at) => {
    expect(typingErrors(a, b, 9)).toBe(typingErrors(b, a, 9));
    expect(typingErrors(a, b, 9) === 0).toBe(a === b);
    const position = at % (a.length + 1);
    expect(typingErrors(a, `${a.slice(0, position)}x${a.slice(position)}`, 9)).toBe(1);
  });
  fc.assert(property, { numRuns: 300 });
});
