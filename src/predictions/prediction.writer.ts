/** Writes predictions in groups: while one commit is under way, the next ones gather for another. */
import type { Prediction } from '../database/generated/client.js'
import { createBatcher, type Batcher } from '../inference/batcher.js'
import { createLimiter } from '../inference/limiter.js'
import type { NewPrediction, PredictionRepository } from './prediction.repository.js'

const MOST_IN_A_COMMIT = 500

export class PredictionWriter {
  readonly #batcher: Batcher<NewPrediction, Prediction>

  constructor(predictions: PredictionRepository) {
    this.#batcher = createBatcher({
      most: MOST_IN_A_COMMIT,
      limit: createLimiter(1),
      run: (rows) => predictions.createAll(rows),
    })
  }

  /** Resolves once it is committed. */
  write(prediction: NewPrediction): Promise<Prediction> {
    return this.#batcher.add(prediction)
  }
}
