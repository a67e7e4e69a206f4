import { defineConfig } from 'vitest/config';

/** The tests for mutants that have survived the quick ones: captures of Linux, conformance scripts, random worlds. */
export default defineConfig({
  test: {
    setupFiles: ['test/support/seededProperties.ts'],
    include: [
      'test/session/{kernelTraces,arrows,statements}.test.ts',
      'test/rfc/scripts.test.ts',
      'test/properties/worlds.test.ts',
      'test/engine/sim/transfers.test.ts',
    ],
    environment: 'node',
    testTimeout: 60_000,
  },
});
