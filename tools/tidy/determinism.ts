import { lineAt, visit } from './parse.ts';
import { isTest, productSources, type Rule, type TreeFile, unitOf, type Violation } from './tree.ts';

/** Time and chance come in as arguments; only primitives reads them from the machine, so every test can hold them still. */
export const determinism: Rule = (tree) =>
  productSources(tree)
    .filter((file) => unitOf(file.path) !== 'platform/primitives')
    .flatMap(readsOfTimeAndChance);

function readsOfTimeAndChance(file: TreeFile): Violation[] {
  const found: Violation[] = [];
  const report = (node: { start: number }, what: string) =>
    found.push({
      path: file.path,
      line: lineAt(file, node.start),
      message: `${what}: take a Clock or a NewId instead`,
    });
  visit(file, {
    MemberExpression: (node) => {
      const text = file.text.slice(node.start, node.end);
      if (text === 'Date.now' || text === 'Math.random') report(node, text);
    },
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date') report(node, 'Date()');
    },
    NewExpression: (node) => {
      const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
      if (isDate && node.arguments.length === 0) report(node, 'new Date()');
    },
  });
  return found;
}

/** `config.ts` alone reads the environment, which `main.ts` hands it, so a service's settings are one page. */
export const environmentInConfig: Rule = (tree) =>
  tree
    .filter((file) => /^(services|gateway|platform)\//.test(file.path) && !isTest(file.path))
    .filter((file) => /\.ts$/.test(file.path) && !/\/src\/(config|main)\.ts$/.test(file.path))
    .filter((file) => unitOf(file.path) !== 'platform/testing')
    .flatMap((file) => {
      const found: Violation[] = [];
      visit(file, {
        MemberExpression: (node) => {
          if (file.text.slice(node.start, node.end) !== 'process.env') return;
          found.push({ path: file.path, line: lineAt(file, node.start), message: 'only config.ts reads process.env' });
        },
      });
      return found;
    });
