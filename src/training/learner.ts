/** The network that learns: its weights, its optimiser, and what it learns from. */
import type { Batch } from './batches.js'
import { createDropout } from './dropout.js'
import { balancedClassWeights } from './loss.js'
import { mixUp } from './mixup.js'
import { nonFiniteLoss } from './non-finite-loss.js'
import { openOptimizer } from './optimizer.js'
import { openNetwork } from './network.model.js'
import { learningRateAt } from './schedule.js'
import { trainStep, type StepResult } from './train-step.js'
import type { ResumeState, TrainOptions } from './training.type.js'
import { validate, type ValidationResult } from './validate.js'

interface Learner {
  readonly stepsPerEpoch: number
  /**
   * Forward, backward, and one move of the optimiser.
   * @param place epoch and step, from 1
   * @throws RunError NON_FINITE_LOSS
   */
  step(batch: Batch, place: Place): Promise<StepResult & { learningRate: number }>
  /** @throws RunError NON_FINITE_LOSS */
  validate(epoch: number): Promise<ValidationResult>
  snapshot(): Promise<Pick<ResumeState, 'network' | 'optimizer'>>
  dispose(): void
}

interface Place {
  epoch: number
  step: number
}

export function createLearner(options: TrainOptions): Learner {
  const { hyperparameters, classNames, resume } = options
  const { tf } = options.engine
  const network = openNetwork(tf, resume?.network ?? options.network)
  const { head, trunk } = network
  const optimizer = openOptimizer(tf, [...head.parameters, ...trunk.parameters], {
    settings: hyperparameters,
    saved: resume?.optimizer,
  })
  const dropout = createDropout(hyperparameters, head.layerWidths)
  const { labels } = options.train
  const classWeights = hyperparameters.balanceClasses ? balancedClassWeights(labels, classNames.length) : undefined
  const stepsPerEpoch = Math.ceil(options.train.count / hyperparameters.batchSize)
  const loss = { classCount: classNames.length, labelSmoothing: hyperparameters.labelSmoothing, classWeights }
  return {
    stepsPerEpoch,
    step: async (batch, place) => {
      const stepOfRun = (place.epoch - 1) * stepsPerEpoch + place.step
      const learningRate = learningRateAt(stepOfRun - 1, stepsPerEpoch, hyperparameters)
      const masks = dropout.draw(place, batch.count)
      const result = await trainStep(
        { tf, network, optimizer },
        {
          ...(hyperparameters.augmentation === 'STRONG' ? mixUp(batch, { ...hyperparameters, ...place }) : batch),
          masks,
        },
        { step: stepOfRun, learningRate, trunkFactor: hyperparameters.trunkLearningRateFactor, loss },
      )
      if (!Number.isFinite(result.loss)) throw nonFiniteLoss(place, hyperparameters)
      return { ...result, learningRate }
    },
    validate: async (epoch) => {
      const result = await validate(tf, network, { pictures: options.validation, classNames })
      if (!Number.isFinite(result.validationLoss)) throw nonFiniteLoss({ epoch }, hyperparameters)
      return result
    },
    snapshot: async () => ({
      network: await network.snapshot(),
      optimizer: await optimizer.state(),
    }),
    dispose: () => {
      network.dispose()
      optimizer.dispose()
    },
  }
}
