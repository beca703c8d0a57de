import { defineConfig } from '@playwright/test';

/** Debian's own Chromium: no test downloads a browser. The flags keep it from looking anything up outside. */
const LAUNCH = {
  executablePath: process.env['FLORIN_CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** Where `.ci/run` wants the results as JSON, beside what a person reads. */
const reportFile = process.env['FLORIN_TEST_REPORT'];

/**
 * Pages are walked through in both widths, each in both schemes (`every-page.spec.ts`); what is done with money, once each.
 * One bank serves them all, started by the set-up the way a person starts it.
 */
export default defineConfig({
  testDir: '.',
  globalSetup: './global-setup.config.ts',
  outputDir: '../../.florin/browser-tests',
  fullyParallel: false,
  workers: 2,
  // The longest pages take half a minute on two cores, twice that on a machine that others use.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: reportFile === undefined ? [['list']] : [['list'], ['json', { outputFile: reportFile }]],
  use: {
    launchOptions: LAUNCH,
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'off',
  },
  projects: [
    { name: 'desktop', use: { ...DESKTOP, colorScheme: 'light' } },
    { name: 'phone', testMatch: /every-page|phone/, use: { ...PHONE, colorScheme: 'light' } },
  ],
});
