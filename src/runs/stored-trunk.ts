/** A trunk's weights out of storage. Nothing else takes the place of one that cannot be had. */
import type { RefusalOf } from '../domain/refusals.js'
import type { FrozenTrunk, ServedTrunk } from '../inference/classifier.js'
import { readSafetensors } from '../network/safetensors.js'
import { WeightsError } from '../network/weights.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'
import { readStoredCalibration } from '../weights/stored-calibration.js'
import type { PinnedTrunk } from './pinned-trunk.js'

export class TrunkUnavailableError extends Error {
  override readonly name = 'TrunkUnavailableError'
}

/** As inference/ serves it; loading throws TrunkUnavailableError. */
export function servedTrunk(storage: BlobStore, trunk: PinnedTrunk): ServedTrunk {
  return {
    trunkKey: `${trunk.trunkSha256} ${trunk.trunkPrecision}`,
    loadTrunk: () => readTrunk(storage, trunk),
  }
}

/** The sha256 are the blobs' names, so reading proves that they are the very ones. */
async function readTrunk(storage: BlobStore, { trunkSha256, trunkPrecision }: PinnedTrunk): Promise<FrozenTrunk> {
  return orUnavailable(async () => {
    const calibration = await readStoredCalibration(storage, trunkPrecision)
    return { weights: readSafetensors(await storage.read(trunkSha256)), calibration }
  })
}

/** @throws TrunkUnavailableError where a file of the network is lost or is none */
export async function orUnavailable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    const isExpected = [BlobLostError, WeightsError].some((kind) => error instanceof kind)
    throw isExpected ? new TrunkUnavailableError((error as Error).message, { cause: error }) : error
  }
}

export function checkpointTrunkUnavailable(reason: string): RefusalOf<'TrunkUnavailable'> {
  const message =
    'The trunk that this checkpoint was trained on, or what it learnt itself, cannot be read, and no other may take its ' +
    'place. Restore its file in storage, or train again.'
  return { refusal: 'TrunkUnavailable', message, reason }
}
