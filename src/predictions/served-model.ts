/** From a checkpoint's row and blobs to what inference/ serves. */
import type { FrozenTrunk, ServedModel } from '../inference/classifier.js'
import { readSafetensors } from '../network/safetensors.js'
import { orUnavailable, servedTrunk } from '../runs/stored-trunk.js'
import type { BlobStore } from '../storage/blob-store.js'
import { networkParts } from '../training/checkpoint-file.js'
import type { ModelFacts } from './model.repository.js'

export function servedModel(model: ModelFacts, storage: BlobStore): ServedModel {
  const { checkpointSha256, hasTrainedTrunk } = model
  const pinned = servedTrunk(storage, model)
  const load = (): Promise<ReturnType<typeof networkParts>> =>
    orUnavailable(async () => networkParts(readSafetensors(await storage.read(checkpointSha256))))
  const loadTrained = async (): Promise<FrozenTrunk> => {
    const { weights, calibration } = await pinned.loadTrunk()
    return { weights: new Map([...weights, ...(await load()).trunk]), calibration }
  }
  return {
    key: checkpointSha256,
    // A trunk that was trained serves this checkpoint alone.
    ...(hasTrainedTrunk ? { trunkKey: checkpointSha256, loadTrunk: loadTrained } : pinned),
    loadHead: async () => (await load()).head,
  }
}
