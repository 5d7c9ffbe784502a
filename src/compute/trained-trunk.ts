/** A trunk of which a run has trained a part: that run's own below the cut, the checkpoint's above it. */
import { canonicalTrunk } from '../network/trunk.canonical.js'
import type { StateDict } from '../network/weights.js'
import type { BlobStore } from '../storage/blob-store.js'
import { isWhole } from '../storage/is-whole.js'
import type { CheckpointFile } from '../training/checkpoint-file.js'
import { loadCheckpoint } from './load-checkpoint.js'
import type { ComputeTask } from './messages.js'
import type { TrunkSource } from './trunk-source.js'

type Trained = Pick<CheckpointFile, 'trunkSha256' | 'trunk'>
interface Rooms {
  readonly storage: BlobStore
  readonly trunks: TrunkSource
}

export async function trainedTrunk(checkpoint: Trained, trunks: TrunkSource): Promise<StateDict> {
  return new Map([...(await trunks.load(checkpoint.trunkSha256)), ...checkpoint.trunk])
}

/**
 * A run that starts from a checkpoint is pinned to the trunk as that one was trained, which becomes a trunk in storage
 * only now.
 */
export async function storeTrainedTrunk(task: ComputeTask, { storage, trunks }: Rooms): Promise<void> {
  const { trunkSha256, fromCheckpointSha256 } = task
  if (trunkSha256 === null || fromCheckpointSha256 === null || (await isWhole(storage, trunkSha256))) return
  const checkpoint = await loadCheckpoint(storage, fromCheckpointSha256)
  if (checkpoint.trunk.size > 0) await storage.put(canonicalTrunk(await trainedTrunk(checkpoint, trunks)).bytes)
}
