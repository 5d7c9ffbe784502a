/** The one place that knows where the reference figures and photographs lie; tests of them are skipped where they are missing. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe } from 'vitest'

const directory = fileURLToPath(new URL('../../shared', import.meta.url))

/** Absolute path of the folder with `fixtures/`, `data/` and `weights/`, or undefined where it is missing. */
export const SHARED: string | undefined = existsSync(directory) ? directory : undefined

/** A group of tests that needs the shared folder, and says so where it is skipped. */
export function describeWithShared(title: string, tests: (shared: string) => void): void {
  if (SHARED === undefined) describe.skip(`${title} (skipped: ../shared is missing)`, () => undefined)
  else describe(title, () => tests(SHARED))
}
