/** The walk from a picture and a model to what in the one speaks for a class of the other. */
import type { ImageSourceService } from '../../datasets/image-source.service.js'
import { invalidInput, isRefusal, notFound, type RefusalOf } from '../../domain/refusals.js'
import { drawHeatMap } from '../../images/heat-map.js'
import type { ImageReader } from '../../images/image.reader.js'
import type { Admission } from '../../inference/admission.js'
import type { Classifier, Explained } from '../../inference/classifier.js'
import type { BlobStore } from '../../storage/blob-store.js'
import { admit } from '../admit.js'
import type { KnownPicture, KnownPictures, PictureChoice, UnknownPicture } from '../known-pictures.js'
import { modelFor, type ModelChoice } from '../model-choice.js'
import type { ModelFacts, ModelRepository } from '../model.repository.js'
import { orRefused } from '../picture-refusals.js'
import { servedModel } from '../served-model.js'
import type { HeatMapSubject } from './explanation.links.js'

export interface ExplanationRequest {
  readonly picture: PictureChoice
  readonly model?: ModelChoice | null
  readonly label?: string | null
}

export interface ExplainedPicture {
  readonly checkpointId: string
  /** The heat map, by what it can be drawn from again or, of a picture that nobody keeps, drawn as PNG. */
  readonly heatMap: HeatMapSubject | Buffer
  readonly label: string
  readonly confidence: number
  readonly imageSize: number
  readonly values: number[][]
}

type Unexplained = UnknownPicture | RefusalOf<'TrunkUnavailable'>

interface Rooms {
  readonly models: ModelRepository
  readonly pictures: KnownPictures
  readonly sources: ImageSourceService
  readonly reader: ImageReader
  readonly classifier: Classifier
  readonly storage: BlobStore
  readonly admission: Admission
}

interface Sight {
  readonly picture: KnownPicture
  readonly model: ModelFacts
  /** The likeliest where it is null. */
  readonly classIndex: number | null
}

export class ExplanationService {
  constructor(private readonly rooms: Rooms) {}

  /** @throws RATE_LIMITED */
  async explain(request: ExplanationRequest): Promise<ExplainedPicture | Unexplained> {
    return admit(this.rooms.admission, 1, async () => {
      const sight = await this.#sight(request)
      if (isRefusal(sight)) return sight
      return this.#see(sight, async (explained) => ({
        ...figuresOf(sight, explained),
        heatMap: subjectOf(sight, explained) ?? (await this.#paint(sight, explained)),
      }))
    })
  }

  /**
   * @returns PNG
   * @throws RATE_LIMITED
   */
  async draw(subject: HeatMapSubject): Promise<Buffer | Unexplained> {
    return admit(this.rooms.admission, 1, () => this.#draw(subject))
  }

  async #draw({ owner, checkpointId, classIndex }: HeatMapSubject): Promise<Buffer | Unexplained> {
    const model = await this.rooms.models.byCheckpoint(checkpointId)
    if (model?.classNames[classIndex] === undefined) return notFound('class', String(classIndex))
    const picture = await this.rooms.pictures.read(owner)
    if (isRefusal(picture)) return picture
    const sight = { picture, model, classIndex }
    return this.#see(sight, (explained) => this.#paint(sight, explained))
  }

  async #paint({ picture, model }: Sight, { map }: Explained): Promise<Buffer> {
    return drawHeatMap(await this.rooms.reader.crop(picture.bytes, model.imageSize), map)
  }

  async #sight({ picture: choice, model: chosen, label }: ExplanationRequest): Promise<Sight | Unexplained> {
    const picture = await this.rooms.pictures.find(choice)
    if (isRefusal(picture)) return picture
    const model = await modelFor(picture, chosen, this.rooms.models)
    if (isRefusal(model)) return model
    if (typeof label !== 'string') return { picture, model, classIndex: null }
    const classIndex = model.classNames.indexOf(label)
    return classIndex >= 0 ? { picture, model, classIndex } : noSuchClass(label, model)
  }

  async #see<Result>(
    { picture, model, classIndex }: Sight,
    make: (explained: Explained) => Promise<Result>,
  ): Promise<Result | Unexplained> {
    const { reader, classifier, storage, sources } = this.rooms
    const decode = (): Promise<Float32Array> => reader.preprocess(picture.bytes, model.imageSize)
    return orRefused(sources, async () =>
      make(await classifier.explain(servedModel(model, storage), decode, classIndex)),
    )
  }
}

function subjectOf({ picture: { owner }, model }: Sight, { classIndex }: Explained): HeatMapSubject | null {
  return owner && { owner, checkpointId: model.checkpointId, classIndex }
}

function figuresOf({ model }: Sight, { classIndex, probabilities, map }: Explained) {
  const side = Math.sqrt(map.length)
  return {
    checkpointId: model.checkpointId,
    label: model.classNames[classIndex] as string,
    confidence: probabilities[classIndex] as number,
    imageSize: model.imageSize,
    values: Array.from({ length: side }, (_, row) => Array.from(map.subarray(row * side, (row + 1) * side))),
  }
}

function noSuchClass(label: string, { classNames }: ModelFacts): RefusalOf<'InvalidInput'> {
  const some = classNames.slice(0, 10).join(', ')
  const message = `The checkpoint knows no class "${label}"; it knows ${String(classNames.length)}: ${some}.`
  return invalidInput([{ path: ['label'], message }])
}
