import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DASHBOARDS } from './dashboards/grafana.ts';
import { OBJECTIVES } from './objectives.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');
const PAGE = read('docs/guides/operate.md');
const FOLDER = 'deploy/prometheus';

/** What the rules call their alerts, with what each may be: a page, a ticket, or both. */
function alertsOfRules(): Record<string, string> {
  const found = new Map<string, Set<string>>();
  const files = readdirSync(fileURLToPath(new URL(`../${FOLDER}`, import.meta.url))).filter(
    (file) => file.endsWith('.yml') && !file.endsWith('.test.yml'),
  );
  for (const file of files) {
    for (const [, name = '', severity = ''] of read(`${FOLDER}/${file}`).matchAll(
      /- alert: (\w+)$[\s\S]*?severity: (\w+)/gm,
    )) {
      found.set(name, (found.get(name) ?? new Set()).add(severity));
    }
  }
  return Object.fromEntries([...found].map(([name, severities]) => [name, [...severities].sort().join(', ')]));
}

it('says of every alert what to do, whether it wakes somebody, and of no other', () => {
  const rows = [...PAGE.matchAll(/^\| `(\w+)` \| ([a-z, ]+) \| [^|]+ \| [^|]{20,} \|$/gm)];
  const told = Object.fromEntries(rows.map(([, name = '', severity = '']) => [name, severity]));
  expect(Object.keys(told).length).toBeGreaterThan(15);
  expect(told).toEqual(alertsOfRules());
});

it('promises what the objectives measure', () => {
  const told = [...PAGE.matchAll(/^\| `([\w-]+)` \| [^|]+ \| ([\d.]+) % \|$/gm)].map(([, name, percent]) => [
    name,
    Number(percent),
  ]);
  expect(told).toEqual(OBJECTIVES.map(({ name, percent }) => [name, percent]));
});

it('names every dashboard', () => {
  for (const { title } of DASHBOARDS) expect(PAGE).toContain(`- **${title.replace('Florin: ', '')}**`);
});
