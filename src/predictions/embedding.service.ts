/** The walk from a picture to the configured trunk's features. */
import type { Trunk } from '../database/generated/client.js'
import type { ImageSourceInput, ImageSourceService } from '../datasets/image-source.service.js'
import { IMAGE_SIZE } from '../domain/hyperparameters.js'
import { int8Precision, type PrecisionChoice, type TrunkPrecision } from '../domain/precision.js'
import { invalidInput, isRefusal, type RefusalOf } from '../domain/refusals.js'
import type { ImageReader } from '../images/image.reader.js'
import type { Admission } from '../inference/admission.js'
import type { Classifier } from '../inference/classifier.js'
import type { CalibratedTrunk, CalibrationRepository } from '../runs/calibration.repository.js'
import type { PinnedTrunk } from '../runs/pinned-trunk.js'
import { servedTrunk } from '../runs/stored-trunk.js'
import type { TrunkRepository } from '../runs/trunk.repository.js'
import type { BlobStore } from '../storage/blob-store.js'
import { admit } from './admit.js'
import { orRefused } from './picture-refusals.js'

export interface EmbeddingRequest {
  readonly image: ImageSourceInput
  readonly imageSize?: number | null
}

interface Embedded {
  readonly values: number[]
  readonly trunk: Trunk
}

type Refused = RefusalOf<'InvalidInput' | 'NotFound' | 'UnreadableImage' | 'ImageTooLarge' | 'TrunkUnavailable'>

const DEFAULT_SIZE = 224

interface Rooms {
  readonly trunks: TrunkRepository
  readonly calibrations: CalibrationRepository
  /** GRAFT_TRUNK_PRECISION. */
  readonly precision: PrecisionChoice
  readonly sources: ImageSourceService
  readonly reader: ImageReader
  readonly classifier: Classifier
  readonly storage: BlobStore
  readonly admission: Admission
}

export class EmbeddingService {
  constructor(private readonly rooms: Rooms) {}

  /** @throws RATE_LIMITED */
  async embed({ image, imageSize: given }: EmbeddingRequest): Promise<Embedded | Refused> {
    const imageSize = given ?? DEFAULT_SIZE
    if (!IMAGE_SIZE.safeParse(imageSize).success) {
      const message = `A multiple of 32 up to 512, not ${String(imageSize)}.`
      return invalidInput([{ path: ['imageSize'], message }])
    }
    return admit(this.rooms.admission, 1, () => this.#embed(image, imageSize))
  }

  async #embed(image: ImageSourceInput, imageSize: number): Promise<Embedded | Refused> {
    const picture = await this.rooms.sources.read(image)
    if (isRefusal(picture)) return picture
    const trunk = await this.rooms.trunks.configured()
    if (trunk === null) return trunkUnavailable('No trainer has read its weights yet.')
    const trunkPrecision = await this.#precision({ trunkSha256: trunk.sha256, imageSize })
    if (trunkPrecision === null) return trunkUnavailable(`It is not calibrated for ${String(imageSize)} pixels yet.`)
    const pinned = { trunkSha256: trunk.sha256, trunkPrecision }
    const values = await this.#features(pinned, { bytes: picture.bytes, imageSize })
    return isRefusal(values) ? values : { values, trunk }
  }

  /** Null where no run has calibrated the int8 trunk at that size. */
  async #precision(trunk: CalibratedTrunk): Promise<TrunkPrecision | null> {
    if (this.rooms.precision === 'fp32') return 'fp32'
    const calibration = await this.rooms.calibrations.find(trunk)
    return calibration === null ? null : int8Precision(calibration)
  }

  #features(
    trunk: PinnedTrunk,
    { bytes, imageSize }: { bytes: Buffer; imageSize: number },
  ): Promise<number[] | Refused> {
    const { reader, classifier, storage, sources } = this.rooms
    const decode = (): Promise<Float32Array> => reader.preprocess(bytes, imageSize)
    const look = async (): Promise<number[]> =>
      Array.from(await classifier.features(servedTrunk(storage, trunk), decode))
    return orRefused(sources, look, trunkUnavailable)
  }
}

function trunkUnavailable(reason: string): RefusalOf<'TrunkUnavailable'> {
  const message =
    'The configured trunk is not at hand. A trainer reads its weights when it prepares a run: see that one is running ' +
    'with the right GRAFT_TRUNK_WEIGHTS, start a training run, and ask again.'
  return { refusal: 'TrunkUnavailable', message, reason }
}
