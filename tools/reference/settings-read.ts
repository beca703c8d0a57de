import { visit } from '../tidy/parse.ts';
import { isSource, isTest, type Tree, type TreeFile, type Violation } from '../tidy/tree.ts';
import type { Reader } from './settings.ts';

/** Ours, and those that are OpenTelemetry's in every program. */
const NAME = /^(FLORIN|OTEL)_[A-Z0-9_]+$/;

/**
 * What reads a variable that no table names for it, and tables that name what nobody reads. Product code is looked through
 * for the names themselves, tests for what they take from `process.env`: they make up variables to test with.
 */
export function settingViolations(tree: Tree, readers: readonly Reader[]): Violation[] {
  const seen = new Set<string>();
  const unknown = tree
    .filter((file) => isSource(file.path))
    .flatMap((file) => {
      const known = readersOf(file, readers).flatMap(({ settings }) => Object.keys(settings));
      const names = namesIn(file);
      for (const name of names) seen.add(name);
      return [...names]
        .filter((name) => !known.includes(name))
        .map((name) => ({ path: file.path, message: `${name} is in no table of settings for this folder` }));
    });
  const unread = readers.flatMap(({ title, settings }) =>
    Object.keys(settings)
      .filter((name) => !seen.has(name))
      .map((name) => ({ path: title, message: `${name} is read by nobody` })),
  );
  return [...unknown, ...unread];
}

function readersOf({ path }: TreeFile, readers: readonly Reader[]): readonly Reader[] {
  return readers.filter(({ folders }) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`)));
}

function namesIn(file: TreeFile): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (name: unknown) => typeof name === 'string' && NAME.test(name) && names.add(name);
  visit(file, {
    MemberExpression: (node) => {
      if (isTest(file.path) && file.text.slice(node.object.start, node.object.end) !== 'process.env') return;
      if (node.property.type === 'Identifier') note(node.property.name);
      if (node.property.type === 'Literal') note(node.property.value);
    },
    Literal: (node) => !isTest(file.path) && note(node.value),
  });
  return names;
}
