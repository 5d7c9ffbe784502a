import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.sequencer.js'

export default defineConfig({
  // Vitest may load two copies of graphql ("another module or realm"): pin the one that Node would load.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/slow/**', 'test/browser/**'],
    globalSetup: ['test/embedded-postgres.setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    // Much of it waits, for processes and leases: two would leave two cores idle.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
})
