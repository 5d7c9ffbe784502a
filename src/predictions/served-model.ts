/** From a checkpoint's row and blobs to what inference/ serves. */
import type { ServedModel } from '../inference/classifier.js'
import { readSafetensors } from '../network/safetensors.js'
import type { StateDict } from '../network/weights.js'
import { readTrunk } from '../runs/stored-trunk.js'
import type { BlobStore } from '../storage/blob-store.js'
import { networkParts } from '../training/checkpoint-file.js'
import type { ModelFacts } from './model.repository.js'

export function servedModel(model: ModelFacts, storage: BlobStore): ServedModel {
  const { checkpointSha256, trunkSha256, hasTrainedTrunk } = model
  const load = async (): Promise<ReturnType<typeof networkParts>> =>
    networkParts(readSafetensors(await storage.read(checkpointSha256)))
  const loadTrunk = async (): Promise<StateDict> => {
    const trunk = await readTrunk(storage, trunkSha256)
    return hasTrainedTrunk ? new Map([...trunk, ...(await load()).trunk]) : trunk
  }
  return {
    key: checkpointSha256,
    // A trunk that was trained serves this checkpoint alone.
    trunkKey: hasTrainedTrunk ? checkpointSha256 : trunkSha256,
    loadTrunk,
    loadHead: async () => (await load()).head,
  }
}
