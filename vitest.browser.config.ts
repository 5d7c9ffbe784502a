import { defineConfig, mergeConfig } from 'vitest/config'
import quick from './vitest.config.js'

// The studio in a real Chromium, on a real server: Debian's chromium, or the one that CHROMIUM names.
export default mergeConfig(
  { ...quick, test: { ...quick.test, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['test/browser/**/*.test.ts'],
      maxWorkers: 1,
      bail: 1,
      testTimeout: 600_000,
      hookTimeout: 300_000,
      expect: { poll: { timeout: 60_000, interval: 100 } },
    },
  }),
)
