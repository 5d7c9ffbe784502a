import { defineConfig, mergeConfig } from 'vitest/config'
import quick from './vitest.config.js'

// What takes more than a few seconds: every depth of training, kill loops, faults. Much of it waits, so three at a time.
export default mergeConfig(
  { ...quick, test: { ...quick.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ['test/slow/**/*.test.ts'], maxWorkers: 3, testTimeout: 600_000, hookTimeout: 600_000 },
  }),
)
