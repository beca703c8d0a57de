import { lineAt, visit } from './parse.ts';
import { isSource, isTest, type Rule, type TreeFile, type Violation } from './tree.ts';

const FILE_LINES_MAX = 300;
const FUNCTION_LINES_MAX = 70;

/** A file fits in the head, a function on the screen. */
export const sizes: Rule = (tree) =>
  tree.filter((file) => isSource(file.path)).flatMap((file) => [...fileSize(file), ...functionSizes(file)]);

function fileSize(file: TreeFile): Violation[] {
  const lines = file.text.split('\n').length - (file.text.endsWith('\n') ? 1 : 0);
  if (lines <= FILE_LINES_MAX) return [];
  return [{ path: file.path, message: `has ${lines} lines; at most ${FILE_LINES_MAX}` }];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function functionSizes(file: TreeFile): Violation[] {
  const found: Violation[] = [];
  const suites = new Set<Span>();
  const check = (node: Span) => {
    const line = lineAt(file, node.start);
    const lines = lineAt(file, node.end) - line + 1;
    if (lines <= FUNCTION_LINES_MAX || suites.has(node) || holdsSuites(file, node)) return;
    found.push({ path: file.path, line, message: `function of ${lines} lines; at most ${FUNCTION_LINES_MAX}` });
  };
  visit(file, {
    // A `describe` is a heading over tests, not a function somebody has to follow.
    CallExpression: (node) => {
      const isSuite = isTest(file.path) && /^describe\b/.test(file.text.slice(node.start, node.end));
      if (isSuite) for (const argument of node.arguments) suites.add(argument);
    },
    FunctionDeclaration: check,
    FunctionExpression: check,
    ArrowFunctionExpression: check,
  });
  return found;
}

/** A contract suite is a function around a `describe`, so every adapter can be put through it. */
function holdsSuites(file: TreeFile, node: Span): boolean {
  return isTest(file.path) && /\bdescribe(\.\w+)*\(/.test(file.text.slice(node.start, node.end));
}
