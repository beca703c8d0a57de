import { posix } from 'node:path';
import { importsOf } from './parse.ts';
import { isSource, type Rule, type TreeFile, type Violation } from './tree.ts';

/** No file imports itself through others, not even for a type: a circle has no place to start reading. */
export const cycles: Rule = (tree) => {
  const sources = new Map(tree.filter((file) => isSource(file.path)).map((file) => [file.path, file]));
  const done = new Set<string>();
  const found: Violation[] = [];
  for (const file of sources.values()) follow(file, []);
  return found;

  function follow(file: TreeFile, trail: readonly string[]): void {
    const at = trail.indexOf(file.path);
    if (at !== -1) {
      found.push({ path: file.path, message: `imports itself: ${[...trail.slice(at), file.path].join(' -> ')}` });
      return;
    }
    if (done.has(file.path)) return;
    for (const { specifier } of importsOf(file)) {
      const target = specifier.startsWith('.') && sources.get(posix.join(posix.dirname(file.path), specifier));
      if (target) follow(target, [...trail, file.path]);
    }
    done.add(file.path);
  }
};
