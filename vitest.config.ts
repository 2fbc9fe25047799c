import { defineConfig } from 'vitest/config';

/**
 * Test files share the modules of their worker: loading the catalogue anew for each file took longer than the tests. So a
 * test leaves nothing behind: it mocks no module, and puts back what it changes of `process`. No test and no preparation
 * has a limit of time, which a slow machine would miss.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/bundled.ts',
    isolate: false,
    testTimeout: 0,
    hookTimeout: 0,
  },
});
