/** The walk from a picture to those of the training pictures that the trunk finds most like it. */
import { createHash } from 'node:crypto'
import { unreadable, type ImageSourceService } from '../../datasets/image-source.service.js'
import { invalidInput, isRefusal, type RefusalOf } from '../../domain/refusals.js'
import { featureKey } from '../../features/feature-key.js'
import { computationOf } from '../../features/feature-recipe.js'
import { findNearest, type Nearest } from '../../features/nearest-pictures.js'
import { globalId } from '../../graphql/ids.js'
import { ImageTooLargeError, UnreadableImageError } from '../../images/image.errors.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { Admission } from '../../inference/admission.js'
import type { Classifier } from '../../inference/classifier.js'
import { createLimiter } from '../../inference/limiter.js'
import { checkpointTrunkUnavailable, servedTrunk, TrunkUnavailableError } from '../../runs/stored-trunk.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { admit } from '../admit.js'
import type { KnownPicture, KnownPictures, PictureChoice, UnknownPicture } from '../known-pictures.js'
import { findModel, type ModelChoice } from '../model-choice.js'
import type { ModelFacts, ModelRepository } from '../model.repository.js'
import type { NeighbourRepository } from './neighbour.repository.js'

export interface NeighbourRequest {
  readonly picture: PictureChoice
  readonly model?: ModelChoice | null
  readonly first?: number | null
}

export interface FoundNeighbours {
  readonly pictures: readonly { readonly imageId: string; readonly label: string; readonly similarity: number }[]
  readonly comparedCount: number
  readonly trainingCount: number
}

type Refused = UnknownPicture | RefusalOf<'TrunkUnavailable' | 'FeaturesNotKept'>

const DEFAULT_COUNT = 10
const MAX_COUNT = 100

interface Rooms {
  readonly models: ModelRepository
  readonly neighbours: NeighbourRepository
  readonly pictures: KnownPictures
  readonly sources: ImageSourceService
  readonly reader: ImageReader
  readonly classifier: Classifier
  readonly storage: BlobStore
  readonly admission: Admission
}

export class NeighbourService {
  /** One reads shards at a time: two would take turns with the disk. */
  readonly #turn = createLimiter(1)

  constructor(private readonly rooms: Rooms) {}

  /** @throws RATE_LIMITED */
  async find({ picture: choice, model: chosen, first }: NeighbourRequest): Promise<FoundNeighbours | Refused> {
    const count = first ?? DEFAULT_COUNT
    if (count < 1 || count > MAX_COUNT) {
      return invalidInput([{ path: ['first'], message: `1 to ${String(MAX_COUNT)}, not ${String(count)}.` }])
    }
    const picture = await this.rooms.pictures.find(choice)
    if (isRefusal(picture)) return picture
    const asked = picture.checkpointId && { checkpointId: globalId('Checkpoint', picture.checkpointId) }
    const which = chosen ?? asked
    if (!which) return invalidInput([{ path: ['model'], message: 'Needed: no checkpoint is known for this picture.' }])
    const model = await findModel(this.rooms.models, which)
    if (isRefusal(model)) return model
    return admit(this.rooms.admission, 1, () => this.#search(picture, model, count))
  }

  async #search(picture: KnownPicture, model: ModelFacts, count: number): Promise<FoundNeighbours | Refused> {
    const { neighbours } = this.rooms
    const kept = await this.#shards(model)
    if (kept === null) return featuresNotKept()
    const features = await this.#features(picture.bytes, model)
    if (isRefusal(features)) return features
    const own = createHash('sha256').update(picture.bytes).digest('hex')
    const choose = async (sha256s: readonly string[]): Promise<Set<string>> =>
      new Set((await neighbours.training(model, sha256s)).map(({ sha256 }) => sha256).filter((each) => each !== own))
    const nearest = await this.#turn(() => findNearest(this.rooms.storage, { ...kept, features, count, choose }))
    return nearest.compared === 0 ? featuresNotKept() : this.#describe(nearest, model)
  }

  async #shards(model: ModelFacts): Promise<{ key: string; shards: string[] } | null> {
    const { trunkSha256, trunkPrecision, imageSize } = model
    const ours = featureKey({
      ...{ trunkSha256, trunkPrecision, imageSize, view: null },
      trainableLayers: 'HEAD',
      computation: computationOf(),
    })
    for (const key of [ours, await this.rooms.neighbours.engineKey(model)]) {
      const shards = key === null ? [] : await this.rooms.neighbours.shardsOf(key)
      if (key !== null && shards.length > 0) return { key, shards }
    }
    return null
  }

  async #features(bytes: Buffer, model: ModelFacts): Promise<Float32Array | Refused> {
    const { reader, classifier, storage, sources } = this.rooms
    try {
      return await classifier.features(servedTrunk(storage, model), () => reader.preprocess(bytes, model.imageSize))
    } catch (error) {
      if (error instanceof UnreadableImageError) return unreadable(error.message)
      if (error instanceof ImageTooLargeError) return sources.tooLarge(error.message)
      if (error instanceof TrunkUnavailableError) return checkpointTrunkUnavailable(error.message)
      throw error
    }
  }

  async #describe({ pictures, compared }: Nearest, model: ModelFacts): Promise<FoundNeighbours> {
    const { neighbours } = this.rooms
    const sha256s = pictures.map(({ sha256 }) => sha256)
    const rows = new Map((await neighbours.training(model, sha256s)).map((row) => [row.sha256, row]))
    return {
      pictures: pictures.flatMap(({ sha256, similarity }) => {
        const row = rows.get(sha256)
        if (row === undefined) return []
        return [{ imageId: row.imageId, label: model.classNames[row.classIndex] as string, similarity }]
      }),
      comparedCount: compared,
      trainingCount: await neighbours.countTraining(model.versionId),
    }
  }
}

function featuresNotKept(): RefusalOf<'FeaturesNotKept'> {
  const message =
    "No features of this run's training pictures under its trunk are kept: they gave way to others, were kept at another " +
    'cut of the network only, or never fitted. Start a run of the head on the dataset, within GRAFT_FEATURE_CACHE_BYTES.'
  return { refusal: 'FeaturesNotKept', message }
}
