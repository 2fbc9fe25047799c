import { defineConfig } from 'vitest/config';

/**
 * Test files share the modules of their worker: loading the catalogue anew for each file took longer than the tests. So a
 * test leaves nothing behind: it mocks no module, and puts back what it changes of `process`.
 */
export default defineConfig({ test: { isolate: false } });
