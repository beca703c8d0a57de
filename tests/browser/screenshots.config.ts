import { defineConfig } from '@playwright/test';
import browserTests from './playwright.config.ts';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** `npm run screenshots`: the pages as docs/screenshots/ shows them, from a bank started for it. */
export default defineConfig({
  ...browserTests,
  testMatch: 'screenshots.ts',
  workers: 1,
  reporter: [['line']],
  projects: [
    { name: 'desktop', use: { viewport: DESKTOP, colorScheme: 'light' } },
    { name: 'desktop-dark', use: { viewport: DESKTOP, colorScheme: 'dark' } },
    { name: 'phone', use: { viewport: PHONE, colorScheme: 'light', hasTouch: true } },
    { name: 'phone-dark', use: { viewport: PHONE, colorScheme: 'dark', hasTouch: true } },
  ],
});
