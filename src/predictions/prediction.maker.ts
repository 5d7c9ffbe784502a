/** The walk from a picture's bytes to a prediction's row, which is durable before it is answered. */
import type { Prediction } from '../database/generated/client.js'
import type { ImageSourceService, SourcePicture } from '../datasets/image-source.service.js'
import { sha256Of } from '../domain/digest.js'
import { isRefusal } from '../domain/refusals.js'
import { rankScores, type ClassScore } from '../evaluations/class-score.js'
import type { ImageReader } from '../images/image.reader.js'
import type { Classifier } from '../inference/classifier.js'
import { clampHalves, toHalf } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { ModelFacts, ModelRepository } from './model.repository.js'
import { orRefused, type PictureRefused } from './picture-refusals.js'
import type { PredictionWriter } from './prediction.writer.js'
import { servedModel } from './served-model.js'

export interface Question {
  readonly model: ModelFacts
  /** The one that it was asked through. */
  readonly alias: string | null
  readonly topK: number
}

interface Rooms {
  readonly models: ModelRepository
  readonly writer: PredictionWriter
  readonly sources: ImageSourceService
  readonly reader: ImageReader
  readonly classifier: Classifier
  readonly storage: BlobStore
  /** Whether pictures that belong to no dataset are kept for later feedback. */
  readonly keepImages: boolean
  readonly onClassified: (seconds: number) => void
}

interface Answer {
  readonly scores: ClassScore[]
  /** [2048] */
  readonly features: Float32Array
  /** From decoding to scores. */
  readonly latencyMs: number
}

export class PredictionMaker {
  constructor(private readonly rooms: Rooms) {}

  async make({ bytes, imageId }: SourcePicture, question: Question): Promise<Prediction | PictureRefused> {
    const { model, alias, topK } = question
    const answer = await this.#scores(model, bytes)
    if (isRefusal(answer)) return answer
    const scores = answer.scores.slice(0, topK)
    const imageSha256 = sha256Of(bytes)
    if (imageId === null) await this.#keep({ bytes, imageSha256 }, model)
    return this.rooms.writer.write({
      checkpointId: model.checkpointId,
      datasetId: model.datasetId,
      alias,
      ...bestOf(scores),
      scores,
      imageSha256,
      imageId,
      latencyMs: answer.latencyMs,
      // Drift is looked for by alias: nobody asks for that of other predictions.
      features: alias === null ? null : keptHalves(answer.features),
    })
  }

  async #scores(model: ModelFacts, bytes: Buffer): Promise<Answer | PictureRefused> {
    const { reader, classifier, storage, sources } = this.rooms
    const startedAt = performance.now()
    const decode = (): Promise<Float32Array> => reader.preprocess(bytes, model.imageSize)
    return orRefused(sources, async () => {
      const said = await classifier.classify(servedModel(model, storage), decode)
      const latencyMs = performance.now() - startedAt
      this.rooms.onClassified(latencyMs / 1000)
      return { scores: rankScores(said.probabilities, model), features: said.features, latencyMs }
    })
  }

  /** A dataset keeps its pictures itself. */
  async #keep({ bytes, imageSha256 }: { bytes: Buffer; imageSha256: string }, model: ModelFacts): Promise<void> {
    const { models, storage, keepImages } = this.rooms
    if (keepImages && (await models.imageWith(imageSha256, model.datasetId)) === null) await storage.put(bytes)
  }
}

/** As features of training pictures are kept. */
function keptHalves(features: Float32Array): Uint16Array {
  const halves = toHalf(features)
  clampHalves(halves)
  return halves
}

function bestOf(scores: readonly ClassScore[]): { label: string; confidence: number } {
  const [best] = scores
  if (best === undefined) throw new Error('A checkpoint without classes')
  return { label: best.label, confidence: best.probability }
}
