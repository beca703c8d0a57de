import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../tidy/planted.ts';
import { readTree } from '../tidy/tree.ts';
import { ASVS, ATTACKS, readClaims, wrongClaims } from './claims.ts';
import { readCsv } from './csv.ts';

const ROOT = new URL('../..', import.meta.url);
const tree = readTree(fileURLToPath(ROOT));
const textOf = (name: string) => readFileSync(new URL(`docs/reference/${name}`, ROOT), 'utf8');
const asvs = readClaims(textOf('asvs.csv'), ASVS);
const attacks = readClaims(textOf('attacks.csv'), ATTACKS);

describe('what is promised about security', () => {
  it('names code and tests that are there, and says why where it is not kept', () => {
    expect(wrongClaims(asvs, ASVS, tree)).toEqual([]);
    expect(asvs.length).toBeGreaterThan(100);
  });

  it('names tests for every attack, or says why there are none', () => {
    expect(wrongClaims(attacks, ATTACKS, tree)).toEqual([]);
    const cases = Array.from({ length: 60 }, (_, index) => `T${String(index + 1).padStart(2, '0')}`);
    expect(attacks.map((one) => one['case'])).toEqual(cases);
  });
});

describe('a claim', () => {
  const there = treeOf({ 'a/one.ts': '', 'a/one.test.ts': "it('T33: holds', () => undefined);" });
  const claim = { case: 'T33', attack: 'An attack', status: 'tested', tests: 'a/one.test.ts > T33: ', remark: '' };
  const wrong = (...claims: (typeof claim)[]) => wrongClaims(claims, ATTACKS, there);

  it('that is kept is not wrong', () => {
    expect(wrong(claim)).toEqual([]);
  });

  it.each([
    ['T33: there is no test a/one.test.ts > T34: ', { tests: 'a/one.test.ts > T34: ' }],
    ['T33: there is no test a/two.test.ts > T33: ', { tests: 'a/two.test.ts > T33: ' }],
    ['T33: there is no test a/one.test.ts > ', { tests: 'a/one.test.ts > ' }],
    ['T33: "perhaps" is no status', { status: 'perhaps' }],
    ['T33: names no test and says no reason', { tests: '' }],
    ['T33: says no reason', { status: 'not yet', tests: '' }],
  ])('is reported: %s', (report, change) => {
    expect(wrong({ ...claim, ...change })).toEqual([report]);
  });

  it('that comes twice, or names code that is gone, is reported', () => {
    expect(wrong(claim, claim)).toEqual(['T33: comes twice']);
    const met = { id: '1.1.1', level: '1', requirement: 'x', status: 'met', code: 'a/gone.ts', tests: '', remark: 'x' };
    expect(wrongClaims([met], ASVS, there)).toEqual(['1.1.1: a/gone.ts is not there']);
  });

  it('in columns of other names is not read', () => {
    expect(() => readClaims('case,status\n', ATTACKS)).toThrow('the columns are');
  });
});

it('commas, quotes and lines inside of a cell stay inside', () => {
  expect(readCsv('a,"b, c"\n"say ""x""","two\nlines"\n,\n')).toEqual([
    ['a', 'b, c'],
    ['say "x"', 'two\nlines'],
    ['', ''],
  ]);
});
