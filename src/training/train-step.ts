import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { likeliestClasses } from '../evaluation/confusion-matrix.js'
import type { Batch } from './batches.js'
import type { HeadModel } from './head.model.js'
import { lossOf, lossTargets, type LossOptions } from './loss.js'
import { mixedTargets, type Mixture } from './mixup.js'
import type { Optimizer } from './optimizer.js'
import { readAndDispose } from './predict.js'

export interface StepResult {
  /** As it was minimised, before the weights moved. */
  loss: number
  /** Pictures whose likeliest class was theirs, of a mixed one the class of the larger part; dropout included. */
  correct: number
}

interface StepSettings {
  /** From 1, over the whole run. */
  step: number
  learningRate: number
  loss: LossOptions
}

/** Forward, backward, and one move of the optimiser. `masks` are for the layers' inputs, [count, width] each. */
export async function trainStep(
  { tf, head, optimizer }: { tf: Tf; head: HeadModel; optimizer: Optimizer },
  batch: Batch & { masks: readonly (Float32Array | null)[]; mixture?: Mixture },
  settings: StepSettings,
): Promise<StepResult> {
  const { labels, count } = batch
  const { mixture } = batch
  const targets = mixture ? mixedTargets(labels, mixture, settings.loss) : lossTargets(labels, settings.loss)
  const upload = (rows: Float32Array): Tensor2D => tf.tensor2d(rows, [count, rows.length / count])
  const output = tf.tidy(() => {
    const masks = batch.masks.map((mask) => (mask === null ? null : upload(mask)))
    const { logProbabilities, gradients } = head.step(upload(batch.inputs), masks, upload(targets))
    optimizer.apply(gradients, settings.learningRate, settings.step)
    return logProbabilities
  })
  const logProbabilities = await readAndDispose(output)
  const predicted = likeliestClasses(logProbabilities, head.classCount)
  return {
    loss: lossOf(logProbabilities, targets),
    correct: labels.filter((label, i) => label === predicted[i]).length,
  }
}
