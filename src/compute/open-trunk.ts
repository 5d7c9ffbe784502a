import type { TrunkPrecision } from '../domain/precision.js'
import { createTrunkSession, type TrunkSession } from '../inference/sessions.js'
import type { TrunkSource } from './trunk-source.js'

/** @throws RunError WEIGHTS_UNAVAILABLE */
export async function openTrunk(
  trunks: TrunkSource,
  { trunkSha256, trunkPrecision }: { trunkSha256: string; trunkPrecision: TrunkPrecision },
): Promise<TrunkSession> {
  const calibration = await trunks.loadCalibration(trunkPrecision)
  return createTrunkSession(await trunks.load(trunkSha256), { calibration })
}
