import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, roundHalfEven } from './rounding.ts';

describe('roundHalfEven', () => {
  it.each([
    [55n, 10n, 6n],
    [25n, 10n, 2n],
    [16n, 10n, 2n],
    [11n, 10n, 1n],
    [-25n, 10n, -2n],
    [-55n, 10n, -6n],
    [35n, 10n, 4n],
    [5n, 10n, 0n],
    [-5n, 10n, 0n],
    [15n, -10n, -2n],
    [125n, 10n, 12n],
    [135n, 10n, 14n],
    [2675n, 10n, 268n],
    [1005n, 10n, 100n],
    [0n, 7n, 0n],
  ])('%s / %s is %s', (numerator, denominator, expected) =>
    expect(roundHalfEven(numerator, denominator)).toBe(expected),
  );

  it('is never further than half away, is odd, and picks the even neighbour on a tie', () => {
    const anySize = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    fc.assert(
      fc.property(anySize, fc.bigInt({ min: 1n, max: 10n ** 12n }), (numerator, denominator) => {
        const rounded = roundHalfEven(numerator, denominator);
        const gap = rounded * denominator - numerator;
        const twice = (gap < 0n ? -gap : gap) * 2n;
        expect(twice <= denominator).toBe(true);
        if (twice === denominator) expect(rounded % 2n).toBe(0n);
        expect(roundHalfEven(-numerator, denominator)).toBe(-rounded);
      }),
    );
  });

  it('refuses to divide by zero', () => expect(() => roundHalfEven(1n, 0n)).toThrow('zero'));
});

describe('allocate', () => {
  it.each([
    [5n, [70n, 30n], [4n, 1n]],
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [800n, [1n, 1n, 1n], [267n, 267n, 266n]],
    [3n, [75n, 25n], [2n, 1n]],
    [-5n, [70n, 30n], [-4n, -1n]],
    [0n, [1n, 2n], [0n, 0n]],
    [7n, [0n, 1n, 0n], [0n, 7n, 0n]],
  ])('%s by %s is %s', (total, weights, parts) => expect(allocate(total, weights)).toEqual(parts));

  it('never loses or makes a unit, and keeps everyone within one unit of their share', () => {
    const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), weights, (total, given) => {
        const sum = given.reduce((all, weight) => all + weight, 0n);
        fc.pre(sum > 0n);
        const parts = allocate(total, given);
        expect(parts.reduce((all, part) => all + part, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const gap = part * sum - total * (given[index] ?? 0n);
          expect(gap < sum && gap > -sum).toBe(true);
        });
      }),
    );
  });

  it('refuses weights that say nothing', () => {
    expect(() => allocate(1n, [])).toThrow('positive weight');
    expect(() => allocate(1n, [0n])).toThrow('positive weight');
    expect(() => allocate(1n, [2n, -1n])).toThrow('negative weight');
  });
});
