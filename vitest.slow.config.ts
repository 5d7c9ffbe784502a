import { defineConfig, mergeConfig } from 'vitest/config'
import quick from './vitest.config.js'

// What takes more than a few seconds: every depth of training, kill loops, faults. Most of it waits, so two at a time.
export default mergeConfig(
  { ...quick, test: { ...quick.test, include: [], exclude: [] } },
  defineConfig({
    test: { include: ['test/slow/**/*.test.ts'], maxWorkers: 2, testTimeout: 600_000, hookTimeout: 600_000 },
  }),
)
