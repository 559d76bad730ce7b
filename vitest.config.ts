import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{contract,kernels,electron,renderer,scripts,bench}/**/*.test.{ts,tsx}'],
    globalSetup: ['electron/fixtures/whole-run.fixture.ts'],
    // Tests that fork processes and read real series; a hang is still found well inside CI's time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: 'forks',
  },
});
