import { calibrationOf, type TrunkPrecision } from '../domain/precision.js'
import { readCalibration, type Calibration } from '../network/calibration.js'
import type { BlobStore } from '../storage/blob-store.js'

/**
 * Null in single precision.
 * @throws StorageError, WeightsError
 */
export async function readStoredCalibration(
  storage: BlobStore,
  precision: TrunkPrecision,
): Promise<Calibration | null> {
  const sha256 = calibrationOf(precision)
  return sha256 === null ? null : readCalibration(await storage.read(sha256))
}
