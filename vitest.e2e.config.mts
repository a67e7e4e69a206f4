import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Whether the window's focus is in the editor or the panel just after a stop is VS Code's race; a test that lost it is tried again.
    retry: 2,
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/e2e/globalSetup.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
