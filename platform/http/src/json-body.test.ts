import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JSON_DEPTH_MAX, parseJsonBody } from './json-body.ts';

const parse = (text: string) => parseJsonBody(Buffer.from(text));

/** Any JSON value nested less deep than the bound, with names that look like trouble but are none. */
const value = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .filter((json) => !/__proto__|constructor|prototype/.test(JSON.stringify(json)));

describe('parseJsonBody', () => {
  test('reads what JSON.parse reads, however it is spaced', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test('never throws and never takes what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ 01ae') }), (text) => {
        const result = parse(text);
        if (result.ok) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('finds a name that comes twice, at any place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), value), { minLength: 1 }), fc.nat(), fc.nat(), (pairs, from, to) => {
        const members = pairs.map(
          ([name, member], index) => `${JSON.stringify(`${index}${name}`)}:${JSON.stringify(member)}`,
        );
        const repeated = members[from % members.length] ?? '';
        members.splice(to % (members.length + 1), 0, repeated);
        const result = parse(`{"a":[0,{${members.join()}}]}`);
        expect(result).toMatchObject({ ok: false, failure: { code: 'invalid-request' } });
      }),
    );
  });

  test.each([
    ['{"a":1,"a":1}', '/a'],
    ['{"a":{"b":1},"a":2}', '/a'],
    ['{"a":[{"b":1},{"c":1,"b":":{\\"","c":2}]}', '/a/1/c'],
    ['{"a":1,"\\u0061":1}', '/a'],
    ['{"x/y~z":1,"x/y~z":1}', '/x~1y~0z'],
    ['[{"__proto__":1}]', '/0/__proto__'],
    ['{"a":{"constructor":1}}', '/a/constructor'],
  ])('%s is refused at %s', (text, path) => {
    expect(parse(text)).toMatchObject({ ok: false, failure: { errors: [{ path }] } });
  });

  test('what it repeats of a name is short', () => {
    const name = 'x'.repeat(5_000);
    const result = parse(`{"${name}":1,"${name}":2}`);
    expect(JSON.stringify(result).length).toBeLessThan(300);
  });

  test('nesting ends at the bound', () => {
    const nested = (depth: number) => parse('['.repeat(depth) + ']'.repeat(depth)).ok;
    expect([nested(JSON_DEPTH_MAX), nested(JSON_DEPTH_MAX + 1), nested(1_000_000)]).toEqual([true, false, false]);
  });
});
