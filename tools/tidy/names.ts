import { posix } from 'node:path';
import { lineAt, visit } from './parse.ts';
import { isSource, type Rule, type TreeFile, type Violation } from './tree.ts';

/** Words that name a drawer instead of its contents. */
const BANNED = new Set(['util', 'utils', 'helper', 'helpers', 'misc', 'manager', 'managers', 'impl', 'dto', 'dtos']);
/** Fine inside an identifier (`baseUrl`, `sharedSecret`), empty as the name of a file or folder. */
const BANNED_IN_PATHS = new Set([...BANNED, 'common', 'shared', 'base']);
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|tsx|mjs)$/;

/** Files and what they declare carry names that say what is inside. */
export const names: Rule = (tree) =>
  tree.flatMap((file) => [...pathNames(file), ...(isSource(file.path) ? declaredNames(file) : [])]);

function pathNames(file: TreeFile): Violation[] {
  const found: Violation[] = [];
  for (const word of file.path.toLowerCase().split(/[/._-]/)) {
    if (BANNED_IN_PATHS.has(word)) found.push({ path: file.path, message: `"${word}" names nothing` });
  }
  if (isSource(file.path) && !KEBAB_CASE.test(posix.basename(file.path))) {
    found.push({ path: file.path, message: 'is not in kebab-case' });
  }
  return found;
}

function declaredNames(file: TreeFile): Violation[] {
  const found: Violation[] = [];
  const check = (node: { id: { name?: string; start: number } | null }) => {
    if (!node.id?.name) return;
    for (const word of wordsOf(node.id.name)) {
      if (!BANNED.has(word)) continue;
      found.push({
        path: file.path,
        line: lineAt(file, node.id.start),
        message: `${node.id.name}: "${word}" names nothing`,
      });
    }
  };
  visit(file, {
    FunctionDeclaration: check,
    ClassDeclaration: check,
    TSInterfaceDeclaration: check,
    TSTypeAliasDeclaration: check,
    VariableDeclarator: (node) => node.id.type === 'Identifier' && check({ id: node.id }),
  });
  return found;
}

function wordsOf(identifier: string): string[] {
  return identifier.split(/_|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());
}
