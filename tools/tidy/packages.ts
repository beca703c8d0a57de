import { posix } from 'node:path';
import { importsOf } from './parse.ts';
import { isSource, isTest, type Rule, type Tree, type TreeFile, unitOf, type Violation } from './tree.ts';

/** Each package of the platform may import those to its left only, so there is always a package to start reading at. */
const PLATFORM_ORDER = [
  'primitives',
  'money',
  'contracts',
  'cache',
  'observability',
  'certificates',
  'security',
  'postgres',
  'data-keys',
  'http',
  'messaging',
  'approvals',
  'saga',
  'two-phase-commit',
  'testing',
];

const SCOPE = '@florin/';
/** Where a relative import may lead outside its folder: whole-bank tests and benchmarks start the bank as `npm start` does. */
const OPEN_FOLDERS: Readonly<Record<string, readonly string[]>> = { tests: ['tools'], bench: ['tools'] };

/** Who may know whom: platform looks left, services know no other service, the gateway knows no service, nobody an example. */
export const packages: Rule = (tree) => {
  const names = unitNames(tree);
  return tree
    .filter((file) => isSource(file.path))
    .flatMap((file) =>
      importsOf(file).flatMap(({ specifier, line }) => {
        const message = specifier.startsWith('.')
          ? relativeProblem(file, specifier)
          : packageProblem(file, names.get(specifier.split('/').slice(0, 2).join('/')));
        return message ? [{ path: file.path, line, message }] : [];
      }),
    );
};

function unitNames(tree: Tree): Map<string, string> {
  const names = new Map<string, string>();
  for (const { path } of tree) {
    const unit = unitOf(path);
    if (path === `${unit}/package.json`) names.set(SCOPE + posix.basename(unit), unit);
  }
  return names;
}

function relativeProblem(file: TreeFile, specifier: string): string | undefined {
  const from = unitOf(file.path);
  const target = unitOf(posix.join(posix.dirname(file.path), specifier));
  if (target === from || OPEN_FOLDERS[from]?.includes(target)) return undefined;
  if (!file.path.includes('/')) return undefined; // configuration at the root
  return `${from} must import ${target} by its package name, not by a path`;
}

function packageProblem(file: TreeFile, target: string | undefined): string | undefined {
  const from = unitOf(file.path);
  if (target === undefined || target === from) return undefined;
  if (target === 'platform/testing' && !isTest(file.path) && from !== 'platform/testing') {
    return 'only tests import @florin/testing';
  }
  if (target.startsWith('examples/')) return `${from} must not import ${target}: nothing depends on an example`;
  if (target.startsWith('services/') && /^(services\/|platform\/|gateway$)/.test(from)) {
    return `${from} must not import ${target}: services are known by their contracts`;
  }
  if (!target.startsWith('platform/') && from.startsWith('platform/')) return `${from} must not import ${target}`;
  if (from.startsWith('platform/') && !isTest(file.path)) return orderProblem(from, target);
  return undefined;
}

function orderProblem(from: string, target: string): string | undefined {
  const fromAt = PLATFORM_ORDER.indexOf(posix.basename(from));
  if (fromAt === -1) return `${from} has no place in the order of the platform (tools/tidy/packages.ts)`;
  if (PLATFORM_ORDER.indexOf(posix.basename(target)) < fromAt) return undefined;
  return `${from} must not import ${target}: it stands to its right`;
}

/** A package of the platform earns its place by two users; with one it belongs inside that one. */
export const sharedByTwo: Rule = (tree) => {
  const users = new Map<string, Set<string>>();
  for (const unit of unitNames(tree).values()) if (unit.startsWith('platform/')) users.set(unit, new Set());
  for (const file of tree) {
    if (!isSource(file.path)) continue;
    for (const { specifier } of importsOf(file)) {
      if (!specifier.startsWith(SCOPE)) continue;
      const target = `platform/${specifier.slice(SCOPE.length).split('/')[0]}`;
      if (target !== unitOf(file.path)) users.get(target)?.add(unitOf(file.path));
    }
  }
  return [...users].flatMap(([unit, by]): Violation[] =>
    by.size >= 2
      ? []
      : [{ path: unit, message: `is used by ${[...by].join() || 'nobody'}; a platform package needs two` }],
  );
};
