import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** One file of the checkout. `text` is empty for files no rule reads. */
export interface TreeFile {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The checkout as rules see it: plain data, so a test can plant a violation without touching the disk. */
export type Tree = readonly TreeFile[];

export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of the house: everything in the tree that breaks it. */
export type Rule = (tree: Tree) => Violation[];

const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.florin', 'coverage', 'dist']);
const READ_ENDINGS = ['.ts', '.tsx', '.mjs', '.md', '.sql', '.json'];

/** Reads a checkout from the disk. */
export function readTree(root: string): Tree {
  const files: TreeFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) folders.push(path);
      } else if (entry.isFile()) {
        const isRead = READ_ENDINGS.some((ending) => path.endsWith(ending));
        files.push({ path, text: isRead ? readFileSync(join(root, path), 'utf8') : '' });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function isSource(path: string): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts');
}

/**
 * Tests, and what only tests use: fixtures, contract suites that every adapter of a port passes, and a `testing` folder
 * beside the code it prepares.
 */
export function isTest(path: string): boolean {
  return /\.(test|fixture|contract)\.tsx?$/.test(path) || /(^tests|\/src\/testing)\//.test(path);
}

/** The sources the product is made of, without their tests. */
export function productSources(tree: Tree): TreeFile[] {
  return tree.filter((file) => isSource(file.path) && !isTest(file.path));
}

/** Folders that hold packages. */
const GROUPS: ReadonlySet<string> = new Set(['platform', 'services', 'clients', 'examples']);

/** The package or folder a file belongs to: `platform/http`, `services/users`, `gateway`, `tools` ... */
export function unitOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return GROUPS.has(first) ? `${first}/${second}` : first;
}

/** The layer of a service's file: the folder below `src`, or the file itself when it lies there. */
export function layerOf(path: string): string | undefined {
  return /^services\/[^/]+\/src\/([^/]+)/.exec(path)?.[1];
}
