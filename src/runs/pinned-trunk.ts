import { readPrecision, type TrunkPrecision } from '../domain/precision.js'

/** What a run's features came from. */
export interface PinnedTrunk {
  readonly trunkSha256: string
  readonly trunkPrecision: TrunkPrecision
}

/** Of a run that has a checkpoint: it pinned both before its first epoch. */
export function pinnedTrunk(run: { trunkSha256: string | null; trunkPrecision: string | null }): PinnedTrunk {
  const { trunkSha256 } = run
  const trunkPrecision = readPrecision(run.trunkPrecision)
  if (trunkSha256 === null || trunkPrecision === null) throw new Error('A run with a checkpoint pinned no trunk')
  return { trunkSha256, trunkPrecision }
}
