import { defineConfig } from 'vitest/config';

/** The tests that mutants of the engine's TCP meet first: quick ones, which look at it closely. */
export default defineConfig({
  test: {
    setupFiles: ['test/support/seededProperties.ts'],
    include: [
      'test/engine/tcp/**/*.test.ts',
      'test/engine/sim/{endToEnd,network}.test.ts',
      // One script for each reason to wait.
      'test/session/waiting.test.ts',
    ],
    environment: 'node',
    testTimeout: 20_000,
  },
});
