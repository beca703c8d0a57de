import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INNOCENT, PLANTED, treeOf } from './tidy/planted.ts';
import { RULES } from './tidy/rules.ts';
import { type Rule, readTree, type Violation } from './tidy/tree.ts';

function print(violation: Violation): string {
  return `${violation.path}${violation.line ? `:${violation.line}` : ''} ${violation.message}`;
}

describe('the checkout keeps the house rules', () => {
  const tree = readTree(fileURLToPath(new URL('..', import.meta.url)));

  it.each(Object.entries(RULES))('%s', (_, rule: Rule) => {
    expect(rule(tree).map(print)).toEqual([]);
  });

  it('looks at the product, not at an empty folder', () => {
    expect(tree.filter((file) => file.path.startsWith('platform/')).length).toBeGreaterThan(20);
  });
});

describe('every rule can fail', () => {
  it.each(PLANTED)('$rule: $report', ({ rule, files, report }) => {
    const reports = RULES[rule]?.(treeOf(files)).map(print) ?? [];
    expect(
      reports.some((line) => line.includes(report)),
      `got: ${reports.join('; ') || 'nothing'}`,
    ).toBe(true);
  });

  it.each(Object.keys(RULES))('%s is planted at least once', (rule) => {
    expect(PLANTED.some((planted) => planted.rule === rule)).toBe(true);
  });

  it.each(Object.entries(RULES).filter(([name]) => !/shape|two users/.test(name)))(
    '%s lets the innocent pass',
    (_, rule: Rule) => {
      expect(rule(treeOf(INNOCENT)).map(print)).toEqual([]);
    },
  );
});
