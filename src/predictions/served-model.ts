/** From a checkpoint's row and blobs to what inference/ serves. */
import type { ServedModel } from '../inference/classifier.js'
import { readSafetensors } from '../network/safetensors.js'
import { servedTrunk } from '../runs/stored-trunk.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { ModelFacts } from './model.repository.js'

export function servedModel(model: ModelFacts, storage: BlobStore): ServedModel {
  return {
    key: model.checkpointSha256,
    ...servedTrunk(storage, model),
    loadHead: async () => readSafetensors(await storage.read(model.checkpointSha256)),
  }
}
