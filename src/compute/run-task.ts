/** A run as the compute child does it: prepare, learn, evaluate. It has no database, only storage. */
import { readManifest } from '../domain/manifest.js'
import { evaluateHead } from './evaluate.js'
import { learn } from './learn.js'
import type { ComputeTask, EvaluationResult } from './messages.js'
import { prepare } from './prepare.js'
import { createProgressReporter } from './progress.js'
import type { ComputeTools, RunContext } from './run-context.js'
import { picturesBySplit, sourcesOf, viewOfTraining } from './run-data.js'
import { augmentedSource } from './training-views.js'

/** @throws RunError, StorageError, and what `signal` was aborted with */
export async function runTask(task: ComputeTask, tools: ComputeTools, signal: AbortSignal): Promise<EvaluationResult> {
  const { link, storage, engine } = tools
  const manifest = readManifest((await storage.read(task.manifestSha256)).toString())
  const progress = createProgressReporter(task.hyperparameters.epochs, (sent) => {
    link.say({ type: 'progress', progress: sent })
  })
  const context: RunContext = { ...tools, task, manifest, progress, signal }
  const splits = picturesBySplit(manifest)
  const { trunkSha256, table, views } = await prepare(context, splits)
  const sources = sourcesOf(manifest, splits, table)
  link.say({ type: 'status', status: 'RUNNING' })
  const { TRAIN } = sources
  const train = augmentedSource(
    task.hyperparameters,
    TRAIN,
    views.map((view) => viewOfTraining(TRAIN.labels, view)),
  )
  const best = await learn(context, { trunkSha256, train, validation: sources.VALIDATION })
  link.say({ type: 'status', status: 'EVALUATING' })
  const { split, positions } = splits.TEST.positions.length > 0 ? splits.TEST : splits.VALIDATION
  const classCount = manifest.classNames.length
  return evaluateHead(engine, best, { split, pictures: sources[split], positions, classCount })
}
