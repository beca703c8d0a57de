import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Most tests of several processes start a process of our own many times: what one has compiled the next finds.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url));

/** Where `.ci/run` wants the results as JSON, beside what a person reads. */
const reportFile = process.env['FLORIN_TEST_REPORT'];

/**
 * Projects run one after another (`groupOrder`), the quick ones first. Files of the first two share what they import: to load
 * it anew for each of 139 files took a fifth of the time of those on a database. `npm test` runs those two. `attacks` is what
 * `npm run test:attacks` runs; `identity` needs OpenLDAP (`npm run test:identity`), `stack` and `nemesis` the servers of a
 * cluster (`npm run test:stack`, `npm run test:nemesis`), `containers` an engine that `npm run containers` starts, and `chaos`
 * are the tests that kill processes at random moments for minutes. `.ci/run` runs all but `containers`.
 */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    ...(reportFile ? { reporters: ['default', 'json'], outputFile: { json: reportFile } } : {}),
    projects: [
      {
        test: {
          name: 'pure',
          sequence: { groupOrder: 0 },
          include: [
            '{platform,services,clients,gateway,tools,bench,examples}/**/*.test.{ts,tsx}',
            'tests/{simulation,nemesis}/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/*.{db,identity}.test.ts'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'database',
          sequence: { groupOrder: 1 },
          globalSetup: ['platform/testing/src/global-setup.ts'],
          include: ['{platform,services,gateway,tools,bench,examples}/**/*.db.test.ts', 'tests/e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          pool: 'forks',
          isolate: false,
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'attacks',
          sequence: { groupOrder: 2 },
          include: ['tests/attacks/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'stack',
          sequence: { groupOrder: 4 },
          globalSetup: ['tests/stack/setup.ts'],
          include: ['tests/stack/**/*.test.ts'],
          // They have stacks of their own, beside which no other has room.
          exclude: ['tests/stack/{nemesis,move-shard}.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'nemesis',
          sequence: { groupOrder: 6 },
          include: ['tests/stack/nemesis.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'shard',
          sequence: { groupOrder: 7 },
          include: ['tests/stack/move-shard.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'containers',
          sequence: { groupOrder: 5 },
          globalSetup: ['tests/containers/setup.ts'],
          include: ['tests/containers/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 480_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'identity',
          globalSetup: ['platform/testing/src/global-setup.ts'],
          sequence: { groupOrder: 2 },
          include: ['services/**/*.identity.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
        },
      },
      {
        test: {
          name: 'chaos',
          sequence: { groupOrder: 3 },
          include: ['tests/chaos/**/*.test.ts'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 1_200_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
