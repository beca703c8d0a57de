import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The lines of a page that are to be typed, from the one that says where the bank is. */
function terminalLines(page: string): string[] {
  const lines = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8').split('\n');
  const from = lines.indexOf('    B=http://localhost:8080');
  const end = lines.findIndex((line, index) => index > from && line !== '' && !line.startsWith('    '));
  return lines.slice(from, end).filter((line) => line !== '');
}

it('getting started begins in the terminal as the README does', () => {
  const readme = terminalLines('README.md');
  expect(readme.length).toBeGreaterThan(10);
  expect(terminalLines('docs/start.md').slice(0, readme.length)).toEqual(readme);
});
