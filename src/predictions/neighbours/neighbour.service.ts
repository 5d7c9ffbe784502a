/** The walk from a picture to those of the training pictures that the trunk finds most like it. */
import type { ImageSourceService } from '../../datasets/image-source.service.js'
import { sha256Of } from '../../domain/digest.js'
import { invalidInput, isRefusal, type RefusalOf } from '../../domain/refusals.js'
import { findNearest, type Nearest } from '../../features/nearest-pictures.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { Admission } from '../../inference/admission.js'
import type { Classifier } from '../../inference/classifier.js'
import { createLimiter } from '../../inference/limiter.js'
import { servedTrunk } from '../../runs/stored-trunk.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { admit } from '../admit.js'
import type { KeptFeatureRepository } from '../kept-feature.repository.js'
import type { KnownPicture, KnownPictures, PictureChoice, UnknownPicture } from '../known-pictures.js'
import { modelFor, type ModelChoice } from '../model-choice.js'
import type { ModelFacts, ModelRepository } from '../model.repository.js'
import { orRefused } from '../picture-refusals.js'
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
  readonly kept: KeptFeatureRepository
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
    return admit(this.rooms.admission, 1, async () => {
      const picture = await this.rooms.pictures.find(choice)
      if (isRefusal(picture)) return picture
      const model = await modelFor(picture, chosen, this.rooms.models)
      return isRefusal(model) ? model : this.#search(picture, model, count)
    })
  }

  async #search(picture: KnownPicture, model: ModelFacts, count: number): Promise<FoundNeighbours | Refused> {
    const { neighbours } = this.rooms
    const kept = await this.rooms.kept.shardsOf(model)
    if (kept === null) return featuresNotKept()
    const features = await this.#features(picture.bytes, model)
    if (isRefusal(features)) return features
    const own = sha256Of(picture.bytes)
    const choose = async (sha256s: readonly string[]): Promise<Set<string>> =>
      new Set((await neighbours.training(model, sha256s)).map(({ sha256 }) => sha256).filter((each) => each !== own))
    const nearest = await this.#turn(() => findNearest(this.rooms.storage, { ...kept, features, count, choose }))
    return nearest.compared === 0 ? featuresNotKept() : this.#describe(nearest, model)
  }

  #features(bytes: Buffer, model: ModelFacts): Promise<Float32Array | Refused> {
    const { reader, classifier, storage, sources } = this.rooms
    const decode = (): Promise<Float32Array> => reader.preprocess(bytes, model.imageSize)
    return orRefused(sources, () => classifier.features(servedTrunk(storage, model), decode))
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
