import type { TrunkPrecision } from '../domain/precision.js'
import { createTrunkSession, type TrunkSession } from '../inference/sessions.js'
import type { Cut } from '../network/cut.js'
import type { TrunkSource } from './trunk-source.js'

export interface TrunkToOpen {
  readonly trunkSha256: string
  readonly trunkPrecision: TrunkPrecision
  /** Pooled by default. */
  readonly cut?: Cut
}

/** @throws RunError WEIGHTS_UNAVAILABLE */
export async function openTrunk(
  trunks: TrunkSource,
  { trunkSha256, trunkPrecision, cut }: TrunkToOpen,
): Promise<TrunkSession> {
  const calibration = await trunks.loadCalibration(trunkPrecision)
  return createTrunkSession(await trunks.load(trunkSha256), { calibration, ...(cut && { cut }) })
}

/** One session for several users, opened for the first one that asks; theirs to use, not to release. */
export function shareTrunk(open: () => Promise<TrunkSession>): {
  use(): Promise<TrunkSession>
  close(): Promise<void>
} {
  let session: Promise<TrunkSession> | undefined
  return {
    use: async () => {
      const opened = await (session ??= open())
      return { ...opened, release: () => Promise.resolve() }
    },
    close: async () => {
      await (await session?.catch(() => undefined))?.release()
    },
  }
}
