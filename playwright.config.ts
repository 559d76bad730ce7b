import { defineConfig } from '@playwright/test';
import { findElectronBinary } from './scripts/electron-binary.mjs';

// Software GL switches: Debian's Chromium draws WebGL without a GPU, and asks nobody anything.
const args = [
  '--no-sandbox',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

export default defineConfig({
  outputDir: './e2e/.output/results',
  globalSetup: './e2e/whole-run.ts',
  workers: 1,
  // Ten times as many jobs as cores have made a test take 2.6 minutes. Every wait is for a fact; a limit only ends what has gone wrong.
  timeout: 600_000,
  expect: { timeout: 90_000 },
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  use: {
    actionTimeout: 90_000,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: process.env.LAMINA_CHROMIUM || '/usr/bin/chromium', args },
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'browser', testDir: './e2e/browser' },
    { name: 'stand-in', testDir: './e2e/desktop' },
    // The same tour in the real window, wherever its binary exists.
    ...(findElectronBinary(import.meta.dirname).path === null ? [] : [{ name: 'electron', testDir: './e2e/electron' }]),
  ],
});
