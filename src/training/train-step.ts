import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Tf } from '../engine/engine.type.js'
import { likeliestClasses } from '../evaluation/confusion-matrix.js'
import type { Batch } from './batches.js'
import { lossOf, lossTargets, type LossOptions } from './loss.js'
import type { NetworkModel } from './network.model.js'
import type { Optimizer } from './optimizer.js'
import type { Learn } from './pass.type.js'
import { readAndDispose } from './predict.js'

export interface StepResult {
  /** As it was minimised, before the weights moved. */
  loss: number
  /** Pictures whose likeliest class was theirs, dropout included. */
  correct: number
}

interface StepSettings {
  /** From 1, over the whole run. */
  step: number
  /** The head's. */
  learningRate: number
  /** What the trunk's learning rate is of it. */
  trunkFactor: number
  loss: LossOptions
}

interface Learning {
  tf: Tf
  network: NetworkModel
  optimizer: Optimizer
}

/** Forward, backward, and one move of the optimiser. `masks` are for the layers' inputs, [count, width] each. */
export async function trainStep(
  { tf, network, optimizer }: Learning,
  batch: Batch & { masks: readonly (Float32Array | null)[] },
  settings: StepSettings,
): Promise<StepResult> {
  const { labels, count } = batch
  const { step, learningRate, trunkFactor } = settings
  const targets = lossTargets(labels, settings.loss)
  const upload = (rows: Float32Array): Tensor2D => tf.tensor2d(rows, [count, rows.length / count])
  const ofHead = new Set(network.head.parameters)
  const learn: Learn = (parameter, slope) => {
    const rate = ofHead.has(parameter) ? learningRate : learningRate * trunkFactor
    optimizer.move(parameter, slope, { learningRate: rate, step })
    slope.dispose()
  }
  const output = tf.tidy(() => {
    const inputs = tf.tensor(batch.inputs, [count, ...batch.shape])
    const masks = batch.masks.map((mask) => (mask === null ? null : upload(mask)))
    return network.step({ inputs, masks, targets: upload(targets) }, learn)
  })
  const logProbabilities = await readAndDispose(output)
  const predicted = likeliestClasses(logProbabilities, network.head.classCount)
  return {
    loss: lossOf(logProbabilities, targets),
    correct: labels.filter((label, i) => label === predicted[i]).length,
  }
}
