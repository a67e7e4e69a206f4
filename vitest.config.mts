import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/host/**', 'test/e2e/**'],
    environment: 'node',
    testTimeout: 20_000,
    passWithNoTests: true,
  },
});
