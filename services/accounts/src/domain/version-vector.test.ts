import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readVector, writeVector } from './version-vector.ts';

const vectors = fc
  .array(fc.tuple(fc.uuid(), fc.nat({ max: 2 ** 48 - 1 })), { maxLength: 50 })
  .map((entries) => new Map(entries));

it('reads back what was written, in a text that fits a header and a URL', () => {
  fc.assert(
    fc.property(vectors, (vector) => {
      const text = writeVector(vector);
      expect(text).toMatch(/^[A-Za-z0-9_.-]{2,1500}$/);
      expect(readVector(text)).toEqual(vector);
    }),
  );
});

it('has a text for nobody', () => {
  expect(writeVector(new Map())).toBe('1.');
});

const ONE = writeVector(new Map([['0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee', 7]]));
const FIFTY_ONE = `1.${Buffer.alloc(51 * 22, 7).toString('base64url')}`;

it.each([
  '',
  '1',
  '2.',
  ONE.slice(2),
  `2${ONE.slice(1)}`,
  ONE.slice(0, -1),
  `${ONE}A`,
  `${ONE}=`,
  `${ONE}\n`,
  `${ONE}, ${ONE}`,
  `1.${'+/'.repeat(11)}`,
  FIFTY_ONE,
  `1.${'A'.repeat(16_000)}`,
  '0190aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee=7',
])('reads nothing of %j', (text) => {
  expect(readVector(text)).toEqual(new Map());
});

it('never fails', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.base64String().map((text) => `1.${text}`),
      ),
      (text) => {
        expect(readVector(text).size).toBeLessThanOrEqual(50);
      },
    ),
  );
});
