import { posix } from 'node:path';
import type { Rule, TreeFile, Violation } from './tree.ts';

/** A page starts with its one `# Title`, and its links lead somewhere: to a file, and to a heading where they name one. */
export const documents: Rule = (tree) => {
  const paths = new Set<string>();
  for (const { path } of tree) {
    for (let part = path; part !== '.'; part = posix.dirname(part)) paths.add(part);
  }
  const pages = tree.filter((file) => file.path.endsWith('.md'));
  const anchors = new Map(pages.map((file) => [file.path, anchorsOf(file)]));
  return pages.flatMap((file) => [...titleOf(file), ...brokenLinks(file, paths, anchors)]);
};

const CODE_BLOCKS = /^(```|~~~)[\s\S]*?^\1/gm;

function withoutCode(text: string): string {
  return text.replace(CODE_BLOCKS, '').replace(/`[^`\n]*`/g, '');
}

function titleOf(file: TreeFile): Violation[] {
  const titles = withoutCode(file.text).match(/^# .+$/gm) ?? [];
  if (file.text.startsWith('# ') && titles.length === 1) return [];
  return [{ path: file.path, message: 'must start with one "# Title" and have no other' }];
}

/** How the places code is hosted at call headings: lower case, without punctuation, spaces as hyphens. */
function anchorsOf(file: TreeFile): ReadonlySet<string> {
  const headings = file.text.replace(CODE_BLOCKS, '').match(/^#+ .+$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(
  file: TreeFile,
  paths: ReadonlySet<string>,
  anchors: ReadonlyMap<string, ReadonlySet<string>>,
): Violation[] {
  const links = [...withoutCode(file.text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [name = '', anchor] = link.split('#', 2);
      const path = name === '' ? file.path : posix.join(posix.dirname(file.path), name).replace(/\/$/, '');
      if (!paths.has(path)) return true;
      return anchor !== undefined && anchors.get(path)?.has(anchor) !== true;
    })
    .map((link) => ({ path: file.path, message: `links to ${link}, which is not there` }));
}
