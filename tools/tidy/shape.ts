import { type Rule, type Tree, unitOf, type Violation } from './tree.ts';

const REQUIRED_FILES = ['README.md', 'package.json', 'src/main.ts', 'src/service.ts', 'src/config.ts', 'src/index.ts'];
const REQUIRED_FOLDERS = ['src/domain', 'src/use-cases', 'src/repositories', 'src/http', 'src/events'];
/** Everything that may lie in `src`: who knows one service finds the way in all. */
const ALLOWED_IN_SRC =
  /^src\/((domain|use-cases|repositories|sagas|outbound|http|events|testing)\/|(main|service|parts|doors|config|index)\.|[^/]+\.(fixture|test)\.ts$)/;
const FIRST_MIGRATION = /^migrations\/0001_[a-z0-9_]+\.sql$/;
const README_SECTIONS = ['owns', 'endpoints', 'events', 'settings', 'invariants'];

/** Every service has the same shape. */
export const sameShape: Rule = (tree) => {
  const services = new Map<string, string[]>();
  for (const { path } of tree) {
    const unit = unitOf(path);
    if (!unit.startsWith('services/')) continue;
    const inside = services.get(unit) ?? [];
    services.set(unit, [...inside, path.slice(unit.length + 1)]);
  }
  return [...services].flatMap(([service, inside]) => [
    ...missingParts(service, inside),
    ...inside
      .filter((path) => path.startsWith('src/') && !ALLOWED_IN_SRC.test(path))
      .map((path) => ({ path: `${service}/${path}`, message: 'has no place in the shape of a service' })),
    ...readmeSections(tree, service),
  ]);
};

function missingParts(service: string, inside: readonly string[]): Violation[] {
  const missing = [
    ...REQUIRED_FILES.filter((file) => !inside.includes(file)),
    ...REQUIRED_FOLDERS.filter((folder) => !inside.some((path) => path.startsWith(`${folder}/`))),
  ];
  if (!inside.some((path) => FIRST_MIGRATION.test(path))) missing.push('migrations/0001_*.sql');
  return missing.map((part) => ({ path: service, message: `${part} is missing` }));
}

function readmeSections(tree: Tree, service: string): Violation[] {
  const readme = tree.find((file) => file.path === `${service}/README.md`);
  if (!readme) return [];
  const headings = readme.text.split('\n').filter((line) => line.startsWith('## '));
  return README_SECTIONS.filter((section) => !headings.some((line) => line.toLowerCase().includes(section))).map(
    (section) => ({ path: readme.path, message: `has no section about ${section}` }),
  );
}
