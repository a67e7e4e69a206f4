import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/seededProperties.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'test/e2e/**'],
    environment: 'node',
    testTimeout: 20_000,
    passWithNoTests: true,
  },
});
