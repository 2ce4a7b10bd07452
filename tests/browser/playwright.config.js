// Uses the Chromium of the machine, and its Firefox for firefox.test.js: nothing is downloaded.
// SCOPEWISE_TEST_WITHOUT_FIREFOX leaves Firefox out.

import { join } from 'node:path';

import { defineConfig } from '@playwright/test';

const FIREFOX = 'firefox.test.js';

const projects = [
  {
    name: 'chromium',
    testIgnore: FIREFOX,
    use: {
      permissions: ['clipboard-read', 'clipboard-write'],
      launchOptions: {
        executablePath: process.env.SCOPEWISE_CHROMIUM || '/usr/bin/chromium',
        args: [
          '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
          '--disable-component-update', '--disable-sync',
        ],
      },
    },
  },
  {
    name: 'firefox',
    testMatch: FIREFOX,
    use: {
      browserName: 'firefox',
      // The browser as it is released, by WebDriver BiDi.
      channel: 'moz-firefox',
      launchOptions: {
        executablePath: join(import.meta.dirname, '..', 'support', 'firefox.js'),
        firefoxUserPrefs: { 'ui.prefersReducedMotion': 1, 'browser.backup.enabled': false },
      },
    },
  },
];

export default defineConfig({
  testDir: '.',
  outputDir: 'output/failures',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  grepInvert: process.env.SCOPEWISE_PICTURE ? undefined : /@picture/,
  // A test that passes only at the second try is listed at the end of `make test`. Find the reason: so far it was a fault of the page.
  retries: process.env.CI ? 1 : 0,
  // Screenshots of every page in eight windows take longer than the tests.
  timeout: process.env.SCOPEWISE_SCREENSHOTS ? 300_000 : 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
  },
  projects: projects.filter(({ name }) => name !== 'firefox' || !process.env.SCOPEWISE_TEST_WITHOUT_FIREFOX),
});
