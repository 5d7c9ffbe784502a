/** A trunk's weights out of storage. Nothing else takes the place of one that cannot be had. */
import type { RefusalOf } from '../domain/refusals.js'
import { readSafetensors } from '../network/safetensors.js'
import { WeightsError, type StateDict } from '../network/weights.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'

export class TrunkUnavailableError extends Error {
  override readonly name = 'TrunkUnavailableError'
}

/**
 * A trunk's sha256 is its blob's name, so reading proves that it is the very one.
 * @throws TrunkUnavailableError
 */
export async function readTrunk(storage: BlobStore, sha256: string): Promise<StateDict> {
  try {
    return readSafetensors(await storage.read(sha256))
  } catch (error) {
    const isExpected = [BlobMissingError, BlobCorruptError, WeightsError].some((kind) => error instanceof kind)
    throw isExpected ? new TrunkUnavailableError((error as Error).message, { cause: error }) : error
  }
}

export function checkpointTrunkUnavailable(reason: string): RefusalOf<'TrunkUnavailable'> {
  const message =
    'The trunk that this checkpoint was trained on cannot be read, and no other may take its place. ' +
    'Restore its file in storage, or train again.'
  return { refusal: 'TrunkUnavailable', message, reason }
}
