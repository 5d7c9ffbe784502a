/** A stand-alone evaluation as its child does it, on ONNX Runtime alone: nothing is trained, so no engine is started. */
import { readManifest, type Manifest } from '../domain/manifest.js'
import type { FeatureReader } from '../features/feature-reader.js'
import { featureKey } from '../features/feature-key.js'
import { pooledRecipe } from '../features/feature-recipe.js'
import { createHeadSession, createTrunkSession, type TrunkSession } from '../inference/sessions.js'
import type { CheckpointFile } from '../training/checkpoint-file.js'
import { normalise } from '../training/predict.js'
import { evaluationOf } from './evaluate.js'
import { createFigureRecorder } from './figures.js'
import { loadCheckpoint } from './load-checkpoint.js'
import type { EvaluationResult, EvaluationTask } from './messages.js'
import { openTrunk } from './open-trunk.js'
import { collectPooled } from './pooled-features.js'
import type { ComputeTools } from './run-context.js'
import { picturesBySplit } from './run-data.js'
import { trainedTrunk } from './trained-trunk.js'

/** Single pictures' features come in their order; they are computed or read as they are asked for. */
interface LabelledFeatures {
  readonly features: FeatureReader
  readonly labels: Int32Array
}

export type EvaluationTools = Omit<ComputeTools, 'engine' | 'precision'>

/** Pictures at a time through the head. */
const BATCH = 256

/** @throws RunError, StorageError, WeightsError */
export async function evaluateTask(task: EvaluationTask, tools: EvaluationTools): Promise<EvaluationResult> {
  const { storage } = tools
  const manifest = readManifest((await storage.read(task.manifestSha256)).toString())
  const checkpoint = await loadCheckpoint(storage, task.checkpointSha256)
  const { split, positions } = picturesBySplit(manifest)[task.split]
  const entries = positions.flatMap((position) => manifest.entries[position] ?? [])
  const features = await featuresOf({ task, checkpoint, pictures: entries.map((entry) => entry.sha256) }, tools)
  const pictures = { features, labels: Int32Array.from(entries, (entry) => entry.classIndex) }
  try {
    const probabilities = inOrderOf(manifest, checkpoint.classNames, await predict(checkpoint, pictures))
    const evaluated = { split, pictures, positions, classCount: manifest.classNames.length }
    return evaluationOf({ epoch: checkpoint.epoch, probabilities }, evaluated)
  } finally {
    await features.close()
  }
}

interface Wanted {
  readonly task: EvaluationTask
  readonly checkpoint: CheckpointFile
  /** sha256, none twice. */
  readonly pictures: readonly string[]
}

/** Pooled features: the trunk's kept ones, or those of a trunk that was trained, which are not worth keeping. */
async function featuresOf(
  { task: { trunkSha256, trunkPrecision }, checkpoint, pictures }: Wanted,
  tools: EvaluationTools,
): Promise<FeatureReader> {
  const { trunks, link } = tools
  const { imageSize } = checkpoint.hyperparameters
  const isDeep = checkpoint.trunk.size > 0
  const recipe = pooledRecipe({ trunkSha256, trunkPrecision, imageSize })
  const key = featureKey(recipe)
  const figures = createFigureRecorder((sent) => {
    link.say({ type: 'figures', figures: sent })
  })
  const open = async (): Promise<TrunkSession> =>
    figures.watch(
      isDeep
        ? await createTrunkSession(await trainedTrunk({ ...checkpoint, trunkSha256 }, trunks))
        : await openTrunk(trunks, { trunkSha256, trunkPrecision }),
    )
  // Whoever ends an evaluation ends its process.
  const { signal } = new AbortController()
  const wanted = { type: 'featuresWanted', featureKey: key, recipe } as const
  const { shards } = isDeep ? { shards: [] } : await link.ask(wanted, 'shards', signal)
  const budgetBytes = isDeep ? 0 : tools.featureCacheBytes
  return collectPooled({ key, shards, pictures, imageSize, budgetBytes, memoryBytes: 0, openTrunk: open }, tools)
}

/** @returns probabilities [pictures, classes] in the checkpoint's class order */
async function predict({ head, classNames }: CheckpointFile, pictures: LabelledFeatures): Promise<Float64Array> {
  const { features } = pictures
  const classCount = classNames.length
  const all = new Float64Array(features.count * classCount)
  const session = await createHeadSession(head)
  try {
    for (let from = 0; from < features.count; from += BATCH) {
      const rows = Uint32Array.from({ length: Math.min(BATCH, features.count - from) }, (_, i) => from + i)
      const logProbabilities = await session.logProbabilities(await features.read(rows), rows.length)
      all.set(normalise(logProbabilities, classCount).map(Math.exp), from * classCount)
    }
  } finally {
    await session.release()
  }
  return all
}

/** The version may have the checkpoint's classes in another order; its own order is that of everything stored. */
function inOrderOf(manifest: Manifest, classNames: readonly string[], rows: Float64Array): Float64Array {
  const columns = manifest.classNames.map((label) => classNames.indexOf(label))
  const width = columns.length
  return Float64Array.from(rows, (_, i) => rows[i - (i % width) + (columns[i % width] as number)] as number)
}
