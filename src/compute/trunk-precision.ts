/** In which precision a run's trunk computes: the pinned one, or the configured one, calibrated if nobody did it before. */
import { calibrationOf, int8Precision, type TrunkPrecision } from '../domain/precision.js'
import { pixelBatches } from '../features/compute-features.js'
import { measureRanges } from '../inference/calibrate.js'
import { writeCalibration } from '../network/calibration.js'
import { isWhole } from '../storage/is-whole.js'
import type { RunContext } from './run-context.js'

/** With more, features get no nearer to single precision's: rare extremes only make every step coarser. */
const CALIBRATION_PICTURES = 64

export interface UncalibratedTrunk {
  readonly trunkSha256: string
  /** Lines in the manifest, from 0, of the pictures to calibrate on. */
  readonly training: readonly number[]
}

/** @throws PictureUnavailableError, RunError, StorageError, and what the run's signal was aborted with */
export async function choosePrecision(context: RunContext, trunk: UncalibratedTrunk): Promise<TrunkPrecision> {
  const { task, precision } = context
  if (task.trunkPrecision !== null) return restored(task.trunkPrecision, context, trunk)
  // Where the trunk learns, the part above the cut runs in single precision, and so does the whole.
  if (precision === 'fp32' || task.hyperparameters.trainableLayers !== 'HEAD') return 'fp32'
  const kept = (await settle(context, trunk, null)) ?? (await settle(context, trunk, await calibrate(context, trunk)))
  if (kept === null) throw new Error('The calibration was not kept.')
  return restored(int8Precision(kept), context, trunk)
}

/** A calibration that storage lost is measured again; whoever loads it finds out whether it came out as it was. */
async function restored(
  precision: TrunkPrecision,
  context: RunContext,
  trunk: UncalibratedTrunk,
): Promise<TrunkPrecision> {
  const calibration = calibrationOf(precision)
  if (calibration !== null && !(await isWhole(context.storage, calibration))) await calibrate(context, trunk)
  return precision
}

async function settle(
  { task, link, signal }: RunContext,
  { trunkSha256 }: UncalibratedTrunk,
  offered: string | null,
): Promise<string | null> {
  const { imageSize } = task.hyperparameters
  return (await link.ask({ type: 'calibration', trunkSha256, imageSize, offered }, 'calibration', signal)).sha256
}

/**
 * The manifest is ordered by sha256, so its first training pictures are as good as drawn at random, and the same ones on
 * any machine.
 * @returns sha256 of the calibration in storage
 */
async function calibrate(context: RunContext, { trunkSha256, training }: UncalibratedTrunk): Promise<string> {
  const { task, manifest, storage, trunks } = context
  const { imageSize } = task.hyperparameters
  const chosen = training.slice(0, CALIBRATION_PICTURES)
  const pictures = chosen.flatMap((position) => manifest.entries[position]?.sha256 ?? [])
  const batches = pixelBatches([{ pictures }], { ...context, imageSize })
  const ranges = await measureRanges(await trunks.load(trunkSha256), batches)
  return (await storage.put(writeCalibration({ trunkSha256, imageSize, ranges }))).sha256
}
