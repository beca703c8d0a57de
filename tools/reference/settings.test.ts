import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readTree } from '../tidy/tree.ts';
import { READERS, type Reader } from './settings.ts';
import { settingViolations } from './settings-read.ts';

const LOANS: Reader = {
  title: 'loans alone',
  folders: ['services/loans'],
  settings: { FLORIN_LOANS_PORT: { meaning: 'its port', default: '8084' } },
};
const CONFIG = 'services/loans/src/config.ts';
const READS = 'export const port = settings.FLORIN_LOANS_PORT;';

it('every variable that is read is in a table of who reads it, and every one in a table is read', () => {
  expect(settingViolations(readTree(fileURLToPath(new URL('../..', import.meta.url))), READERS)).toEqual([]);
});

it.each([
  ['environment', "export const key = environment['FLORIN_KEY'];"],
  ['process.env', 'export const key = process.env.FLORIN_KEY;'],
  ['a name', "const VARIABLE = 'FLORIN_KEY';\nexport const key = environment[VARIABLE];"],
])('sees what is read past the table: %s', (_, text) => {
  const tree = [
    { path: CONFIG, text: READS },
    { path: 'services/loans/src/main.ts', text },
  ];
  expect(settingViolations(tree, [LOANS])).toEqual([
    { path: 'services/loans/src/main.ts', message: 'FLORIN_KEY is in no table of settings for this folder' },
  ]);
});

it('sees what nobody reads any more, and what a test takes from the environment', () => {
  const tree = [
    { path: 'services/loans/src/loans.test.ts', text: "readConfig({ FLORIN_LOANS_PORT: process.env['FLORIN_KEY'] });" },
  ];
  expect(settingViolations(tree, [LOANS]).map(({ message }) => message)).toEqual([
    'FLORIN_KEY is in no table of settings for this folder',
    'FLORIN_LOANS_PORT is read by nobody',
  ]);
});

it('lets be what a test makes up', () => {
  const tree = [
    { path: CONFIG, text: READS },
    { path: 'services/loans/src/config.test.ts', text: "readConfig({ FLORIN_KEY: 'x' });\nlook('FLORIN_KEY');" },
  ];
  expect(settingViolations(tree, [LOANS])).toEqual([]);
});
