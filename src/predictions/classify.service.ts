/** Who asks what of which model, and whether there is room for it. */
import type { Prediction } from '../database/generated/client.js'
import type { ImageSourceInput, ImageSourceService } from '../datasets/image-source.service.js'
import { invalidInput, isRefusal, type InputIssue, type RefusalOf } from '../domain/refusals.js'
import type { Admission } from '../inference/admission.js'
import { admit } from './admit.js'
import { findModel, type ModelChoice } from './model-choice.js'
import type { ModelRepository } from './model.repository.js'
import type { PictureRefused } from './picture-refusals.js'
import type { PredictionMaker, Question } from './prediction.maker.js'

interface Asked {
  readonly model: ModelChoice
  readonly topK?: number | null
}

export type Classification = Asked & { readonly image: ImageSourceInput }
export type Classifications = Asked & { readonly images: readonly ImageSourceInput[] }

type Refused = PictureRefused | RefusalOf<'InvalidInput' | 'NotFound'>

const DEFAULT_TOP_K = 5
const MAX_TOP_K = 1_000
const MAX_PICTURES = 64

interface Rooms {
  readonly models: ModelRepository
  readonly sources: ImageSourceService
  readonly maker: PredictionMaker
  readonly admission: Admission
}

export class ClassifyService {
  constructor(private readonly rooms: Rooms) {}

  /** @throws RATE_LIMITED */
  async classify({ image, ...asked }: Classification): Promise<Prediction | Refused> {
    const issues = topKIssues(asked)
    if (issues.length > 0) return invalidInput(issues)
    return admit(this.rooms.admission, 1, async () => {
      const question = await this.#question(asked)
      return isRefusal(question) ? question : this.#answer(image, question)
    })
  }

  /**
   * Each picture by itself: one that cannot be read keeps none of the others from its answer.
   * @throws RATE_LIMITED
   */
  async classifyMany({
    images,
    ...asked
  }: Classifications): Promise<(Prediction | Refused)[] | RefusalOf<'InvalidInput' | 'NotFound'>> {
    const issues = [...countIssues(images.length), ...topKIssues(asked)]
    if (issues.length > 0) return invalidInput(issues)
    return admit(this.rooms.admission, images.length, async () => {
      const question = await this.#question(asked)
      return isRefusal(question) ? question : Promise.all(images.map((image) => this.#answer(image, question)))
    })
  }

  /** Once there is room: whoever is refused costs no query. */
  async #question({ model, topK }: Asked): Promise<Question | RefusalOf<'NotFound'>> {
    const found = await findModel(this.rooms.models, model)
    return isRefusal(found) ? found : { model: found, alias: model.alias ?? null, topK: topK ?? DEFAULT_TOP_K }
  }

  async #answer(image: ImageSourceInput, question: Question): Promise<Prediction | Refused> {
    const picture = await this.rooms.sources.read(image)
    return isRefusal(picture) ? picture : this.rooms.maker.make(picture, question)
  }
}

function topKIssues({ topK: given }: Asked): InputIssue[] {
  const topK = given ?? DEFAULT_TOP_K
  if (topK >= 1 && topK <= MAX_TOP_K) return []
  return [{ path: ['topK'], message: `1 to ${String(MAX_TOP_K)}, not ${String(topK)}.` }]
}

function countIssues(pictures: number): InputIssue[] {
  if (pictures >= 1 && pictures <= MAX_PICTURES) return []
  return [{ path: ['images'], message: `1 to ${String(MAX_PICTURES)}, not ${String(pictures)}.` }]
}
