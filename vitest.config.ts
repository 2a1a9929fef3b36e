// Tests run on the TypeScript sources; those of the command line on dist/, which is built first.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'dist/**'],
    globalSetup: ['scripts/build.js'],
    testTimeout: 60_000,
    maxWorkers: '100%',
  },
});
