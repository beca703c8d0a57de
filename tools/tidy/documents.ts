import { posix } from 'node:path';
import type { Rule, TreeFile, Violation } from './tree.ts';

/** A page starts with its one `# Title`, and its links lead somewhere. */
export const documents: Rule = (tree) => {
  const paths = new Set<string>();
  for (const { path } of tree) {
    for (let part = path; part !== '.'; part = posix.dirname(part)) paths.add(part);
  }
  return tree
    .filter((file) => file.path.endsWith('.md'))
    .flatMap((file) => [...titleOf(file), ...brokenLinks(file, paths)]);
};

function withoutCode(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
}

function titleOf(file: TreeFile): Violation[] {
  const titles = withoutCode(file.text).match(/^# .+$/gm) ?? [];
  if (file.text.startsWith('# ') && titles.length === 1) return [];
  return [{ path: file.path, message: 'must start with one "# Title" and have no other' }];
}

function brokenLinks(file: TreeFile, paths: ReadonlySet<string>): Violation[] {
  const links = [...withoutCode(file.text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^([a-z]+:|#)/.test(link))
    .filter((link) => !paths.has(posix.join(posix.dirname(file.path), link.replace(/#.*$/, '')).replace(/\/$/, '')))
    .map((link) => ({ path: file.path, message: `links to ${link}, which is not there` }));
}
