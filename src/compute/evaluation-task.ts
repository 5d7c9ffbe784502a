/** A stand-alone evaluation as its child does it, on ONNX Runtime alone: nothing is trained, so no engine is started. */
import { readManifest, type Manifest } from '../domain/manifest.js'
import { collectFeatures } from '../features/collect-features.js'
import { featureKey } from '../features/feature-key.js'
import { createHeadSession, type HeadSession } from '../inference/sessions.js'
import { fromHalf } from '../network/half.js'
import { readCheckpoint, type CheckpointFile } from '../training/checkpoint-file.js'
import { normalise } from '../training/predict.js'
import { evaluationOf } from './evaluate.js'
import type { EvaluationResult, EvaluationTask } from './messages.js'
import { openTrunk } from './open-trunk.js'
import type { ComputeTools } from './run-context.js'
import { picturesBySplit } from './run-data.js'

interface LabelledFeatures {
  /** [count, 2048] in half precision. */
  readonly features: Uint16Array
  readonly labels: Int32Array
  readonly count: number
}

export type EvaluationTools = Omit<ComputeTools, 'engine' | 'precision'>

/** Pictures at a time through the head. */
const BATCH = 256

/** @throws RunError, StorageError, WeightsError */
export async function evaluateTask(task: EvaluationTask, tools: EvaluationTools): Promise<EvaluationResult> {
  const { storage } = tools
  const manifest = readManifest((await storage.read(task.manifestSha256)).toString())
  const checkpoint = readCheckpoint(await storage.read(task.checkpointSha256))
  const { split, positions } = picturesBySplit(manifest)[task.split]
  const entries = positions.flatMap((position) => manifest.entries[position] ?? [])
  const pictures: LabelledFeatures = {
    features: await featuresOf({ task, checkpoint, pictures: entries.map((entry) => entry.sha256) }, tools),
    labels: Int32Array.from(entries, (entry) => entry.classIndex),
    count: entries.length,
  }
  const probabilities = inOrderOf(manifest, checkpoint.classNames, await predict(checkpoint, pictures))
  const evaluated = { split, pictures, positions, classCount: manifest.classNames.length }
  return evaluationOf({ epoch: checkpoint.epoch, probabilities }, evaluated)
}

interface Wanted {
  readonly task: EvaluationTask
  readonly checkpoint: CheckpointFile
  /** sha256, none twice. */
  readonly pictures: readonly string[]
}

/** @returns [pictures, 2048] in half precision */
async function featuresOf(
  { task: { trunkSha256, trunkPrecision }, checkpoint, pictures }: Wanted,
  { storage, images, trunks, link }: EvaluationTools,
): Promise<Uint16Array> {
  const { imageSize } = checkpoint.hyperparameters
  const key = featureKey({ trunkSha256, trunkPrecision, imageSize })
  // Whoever ends an evaluation ends its process.
  const { signal } = new AbortController()
  const { shards } = await link.ask({ type: 'featuresWanted', featureKey: key }, 'shards', signal)
  const table = await collectFeatures({
    ...{ storage, images, imageSize, key, shards, signal, pictures },
    openTrunk: () => openTrunk(trunks, { trunkSha256, trunkPrecision }),
    report: {
      progressed: () => undefined,
      shardStored: (shard) => {
        link.say({ type: 'shardStored', shard })
      },
      shardsRead: (read) => {
        link.say({ type: 'shardsRead', ...read })
      },
    },
  })
  return table.features
}

/** @returns probabilities [pictures, classes] in the checkpoint's class order */
async function predict({ head, classNames }: CheckpointFile, pictures: LabelledFeatures): Promise<Float64Array> {
  const classCount = classNames.length
  const all = new Float64Array(pictures.count * classCount)
  const session = await createHeadSession(head)
  try {
    for (let from = 0; from < pictures.count; from += BATCH) {
      all.set(await predictBatch(session, { pictures, from, classCount }), from * classCount)
    }
  } finally {
    await session.release()
  }
  return all
}

async function predictBatch(
  session: HeadSession,
  { pictures, from, classCount }: { pictures: LabelledFeatures; from: number; classCount: number },
): Promise<Float64Array> {
  const width = pictures.features.length / pictures.count
  const count = Math.min(BATCH, pictures.count - from)
  const features = fromHalf(pictures.features.subarray(from * width, (from + count) * width))
  return normalise(await session.logProbabilities(features, count), classCount).map(Math.exp)
}

/** The version may have the checkpoint's classes in another order; its own order is that of everything stored. */
function inOrderOf(manifest: Manifest, classNames: readonly string[], rows: Float64Array): Float64Array {
  const columns = manifest.classNames.map((label) => classNames.indexOf(label))
  const width = columns.length
  return Float64Array.from(rows, (_, i) => rows[i - (i % width) + (columns[i % width] as number)] as number)
}
