import { defineConfig } from '@playwright/test';
import browserTests from './playwright.config.ts';

/** `npm run bench:overview`: how long a browser that was never here takes to show the overview. Prints, never fails. */
export default defineConfig({
  ...browserTests,
  testMatch: 'cold-load.ts',
  workers: 1,
  reporter: [['line']],
  projects: [{ name: 'desktop', use: { viewport: { width: 1280, height: 800 } } }],
});
