/** The order of the test files: the longest first, so that at the end no worker is left alone with one. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Those of more than some ten seconds on two idle cores, the longest first; all others come after them. */
const LONGEST = [
  'slow/kill-loop',
  'slow/gradients',
  'slow/trainer-faults',
  'slow/postgres-faults',
  'slow/depths',
  'slow/started-at-once',
  'slow/long-step',
  'slow/shared-features',
  'slow/jumping-clock',
  'trainer/takeover',
  'demo/demo',
  'cli/graft',
  'features/collect-features',
  'training/transfer',
  'trainer/evaluation',
  'trainer/endings',
  'trainer/int8',
  'monitoring/health',
  'checkpoints/export',
  'trainer/deep',
  'monitoring/metrics',
  'trainer/start',
  'bench/bench',
].map((name) => `/test/${name}.test.ts`)

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files)
    return others.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(name))
  return place < 0 ? LONGEST.length : place
}
