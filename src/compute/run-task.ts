/** A run as the compute child does it: prepare, learn, evaluate. It has no database, only storage. */
import { readManifest } from '../domain/manifest.js'
import { evaluateNetwork } from './evaluate.js'
import { learn } from './learn.js'
import { createFigureRecorder } from './figures.js'
import type { ComputeTask, EvaluationResult } from './messages.js'
import { checkMemory } from './memory-check.js'
import { prepare } from './prepare.js'
import { createProgressReporter } from './progress.js'
import type { RunContext, RunTools } from './run-context.js'
import { picturesBySplit, sourcesOf } from './run-data.js'
import { longestStepMs } from './step-patience.js'

/** @throws RunError, StorageError, and what `signal` was aborted with */
export async function runTask(task: ComputeTask, tools: RunTools, signal: AbortSignal): Promise<EvaluationResult> {
  const { link, storage, engine } = tools
  const manifest = readManifest((await storage.read(task.manifestSha256)).toString())
  const progress = createProgressReporter(task.hyperparameters.epochs, (sent) => {
    link.say({ type: 'progress', progress: sent })
  })
  const figures = createFigureRecorder((sent) => {
    link.say({ type: 'figures', figures: sent })
  })
  const context: RunContext = { ...tools, task, manifest, progress, figures, signal }
  const splits = picturesBySplit(manifest)
  const batchSize = Math.min(task.hyperparameters.batchSize, splits.TRAIN.positions.length)
  // How much memory a GPU has left, TensorFlow.js does not tell.
  if (!engine.onGpu)
    checkMemory({ ...task.hyperparameters, batchSize }, { classCount: manifest.classNames.length, engine: engine.info })
  const prepared = await prepare(context, splits)
  try {
    const sources = sourcesOf(manifest, splits, prepared.inputs)
    link.say({ type: 'status', status: 'RUNNING' })
    link.say({ type: 'working', silenceMs: longestStepMs({ ...task.hyperparameters, batchSize }, engine.info.backend) })
    const { trunkSha256 } = prepared
    const best = await learn(context, {
      trunkSha256,
      train: prepared.varied(sources.TRAIN),
      validation: sources.VALIDATION,
    })
    link.say({ type: 'status', status: 'EVALUATING' })
    const { split, positions } = splits.TEST.positions.length > 0 ? splits.TEST : splits.VALIDATION
    const classCount = manifest.classNames.length
    return await evaluateNetwork(engine, best, { split, pictures: sources[split], positions, classCount })
  } finally {
    figures.flush()
    await prepared.close()
  }
}
