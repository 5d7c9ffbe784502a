/** The walk from a picture to a prediction. */
import { createHash } from 'node:crypto'
import { aliasNotFound, isAliasName } from '../checkpoints/alias.name.js'
import type { Prediction } from '../database/generated/client.js'
import { unreadable, type ImageSourceInput, type ImageSourceService } from '../datasets/image-source.service.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../domain/refusals.js'
import { rankScores, type ClassScore } from '../evaluations/class-score.js'
import { uuidOf } from '../graphql/ids.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { ImageReader } from '../images/image.reader.js'
import type { Classifier } from '../inference/classifier.js'
import { checkpointTrunkUnavailable, TrunkUnavailableError } from '../runs/stored-trunk.js'
import type { BlobStore } from '../storage/blob-store.js'
import type { ModelFacts, ModelRepository } from './model.repository.js'
import type { PredictionRepository } from './prediction.repository.js'
import { servedModel } from './served-model.js'

export interface Classification {
  readonly image: ImageSourceInput
  readonly model: { readonly checkpointId?: string | null; readonly alias?: string | null }
  readonly topK?: number | null
}

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'UnreadableImage' | 'ImageTooLarge' | 'TrunkUnavailable'>

const DEFAULT_TOP_K = 5
const MAX_TOP_K = 1_000

interface Rooms {
  readonly models: ModelRepository
  readonly predictions: PredictionRepository
  readonly sources: ImageSourceService
  readonly reader: ImageReader
  readonly classifier: Classifier
  readonly storage: BlobStore
  /** Whether pictures that belong to no dataset are kept for later feedback. */
  readonly keepImages: boolean
  readonly onClassified: (seconds: number) => void
}

export class ClassifyService {
  constructor(private readonly rooms: Rooms) {}

  /** The prediction's row is durable before it is answered. */
  async classify(input: Classification): Promise<Prediction | Refused> {
    const topK = input.topK ?? DEFAULT_TOP_K
    if (topK < 1 || topK > MAX_TOP_K) {
      return invalidInput([{ path: ['topK'], message: `1 to ${String(MAX_TOP_K)}, not ${String(topK)}.` }])
    }
    const model = await this.#model(input.model)
    if (isRefusal(model)) return model
    const picture = await this.rooms.sources.read(input.image)
    if (isRefusal(picture)) return picture
    const answer = await this.#scores(model, picture.bytes)
    if (isRefusal(answer)) return answer
    const scores = answer.scores.slice(0, topK)
    const imageSha256 = createHash('sha256').update(picture.bytes).digest('hex')
    const imageId = picture.imageId ?? (await this.rooms.models.imageWith(imageSha256, model.datasetId))
    if (this.rooms.keepImages && imageId === null) await this.rooms.storage.put(picture.bytes)
    return this.rooms.predictions.create({
      checkpointId: model.checkpointId,
      alias: input.model.alias ?? null,
      ...bestOf(scores),
      scores: scores.map((score) => ({ ...score })),
      imageSha256,
      imageId,
      latencyMs: answer.latencyMs,
    })
  }

  async #model({ checkpointId, alias }: Classification['model']): Promise<ModelFacts | RefusalOf<'NotFound'>> {
    if (typeof alias === 'string') {
      const model = isAliasName(alias) ? await this.rooms.models.byAlias(alias) : null
      return model ?? aliasNotFound(alias)
    }
    const id = uuidOf(checkpointId ?? '', 'Checkpoint')
    const model = id === undefined ? null : await this.rooms.models.byCheckpoint(id)
    return model ?? notFound('checkpoint', checkpointId ?? '')
  }

  /** `latencyMs` is from decoding to scores. */
  async #scores(model: ModelFacts, bytes: Uint8Array): Promise<{ scores: ClassScore[]; latencyMs: number } | Refused> {
    const { reader, classifier, storage, sources } = this.rooms
    const startedAt = performance.now()
    try {
      const pixels = await reader.preprocess(bytes, model.imageSize)
      const probabilities = await classifier.probabilities(servedModel(model, storage), pixels)
      const latencyMs = performance.now() - startedAt
      this.rooms.onClassified(latencyMs / 1000)
      return { scores: rankScores(probabilities, model), latencyMs }
    } catch (error) {
      if (error instanceof UnreadableImageError) return unreadable(error.message)
      if (error instanceof ImageTooLargeError) return sources.tooLarge(error.message)
      if (error instanceof TrunkUnavailableError) return checkpointTrunkUnavailable(error.message)
      throw error
    }
  }
}

function bestOf(scores: readonly ClassScore[]): { label: string; confidence: number } {
  const [best] = scores
  if (best === undefined) throw new Error('A checkpoint without classes')
  return { label: best.label, confidence: best.probability }
}
