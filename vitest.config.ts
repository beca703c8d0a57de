import { defineConfig } from 'vitest/config';

/** Pure tests share one module graph and are fast; tests on a database keep their own, one process a file. */
export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        test: {
          name: 'pure',
          include: ['{platform,services,gateway,tools,tests,bench}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.db.test.ts', 'tests/chaos/**'],
          pool: 'threads',
          isolate: false,
        },
      },
      {
        test: {
          name: 'database',
          include: ['{platform,services,gateway,tools,tests}/**/*.db.test.ts'],
          exclude: ['**/node_modules/**', 'tests/chaos/**'],
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
