/** A training run: shuffle, step, validate, keep the best, stop. */
import { setImmediate } from 'node:timers/promises'
import { shuffledBatches } from './batches.js'
import { startMeter } from './epoch-meter.js'
import { createLearner } from './learner.js'
import { isBestSoFar, isFinished } from './stopping.js'
import type { TrainingEvent, TrainOptions } from './training.type.js'

/**
 * Yields every step and, after each epoch, its figures with all that is needed to go on from there. Ends after the last
 * epoch, by early stopping, or without another word once `signal` is aborted.
 * @throws RunError NON_FINITE_LOSS
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainingEvent, void, undefined> {
  const { hyperparameters, resume, signal } = options
  const validationLosses = [...(resume?.validationLosses ?? [])]
  const learner = createLearner(options)
  const { stepsPerEpoch } = learner
  try {
    while (!isFinished(validationLosses, hyperparameters)) {
      const epoch = validationLosses.length + 1
      const meter = startMeter()
      let step = 0
      for await (const batch of shuffledBatches(options.train, { ...hyperparameters, epoch })) {
        await setImmediate() // Messages and the abort get in here.
        if (signal?.aborted === true) return
        step += 1
        const result = await learner.step(batch, { epoch, step })
        meter.add(result, batch.count)
        yield { type: 'step', epoch, step, stepsPerEpoch, loss: result.loss, imagesPerSecond: meter.imagesPerSecond() }
      }
      const figures = meter.figures()
      const validation = await learner.validate(epoch)
      validationLosses.push(validation.validationLoss)
      const { network, optimizer } = await learner.snapshot()
      yield {
        type: 'epoch',
        epoch: { number: epoch, ...figures, ...validation, seconds: meter.seconds() },
        network,
        isBest: isBestSoFar(validationLosses),
        resume: { epoch, validationLosses: [...validationLosses], network, optimizer },
        stop: isFinished(validationLosses, hyperparameters),
      }
    }
  } finally {
    learner.dispose()
  }
}
