/** What happens to a picture in one of its views. Everything follows from the stream: the same draws, the same view. */
import type { Augmentation } from '../../domain/augmentation.js'
import { randomKey, randomStream, type RandomStream } from '../../domain/random.js'
import type { RawImage } from '../image.tensor.js'
import type { Size } from '../torchvision.geometry.js'
import { brightness, contrast, saturation } from './colour.js'
import { mirror } from './geometry.js'
import { randAugment } from './rand-augment.js'
import { randomCrop, type Box } from './random-crop.js'

export interface View {
  /** The part that is seen, resized to a square; null for the usual middle. */
  crop(size: Size): Box | null
  /** @param image [imageSize, imageSize], 3 channels */
  change(image: RawImage): RawImage
}

export interface ViewPlace {
  readonly augmentation: Exclude<Augmentation, 'NONE'>
  readonly seed: number
  /** sha256 in hexadecimal. */
  readonly picture: string
  /** From 0. */
  readonly number: number
}

/** Each way of ColorJitter: factors from 1 - this to 1 + this. */
const JITTER = 0.4

export function viewOf({ augmentation, seed, picture, number }: ViewPlace): View {
  if (augmentation === 'FLIP') return { crop: () => null, change: number === 0 ? (image) => image : mirror }
  const draw = randomStream(randomKey(seed, 'augment', ...pictureWords(picture), number))
  const recolour = augmentation === 'STRONG' ? randAugment : jitterColours
  return {
    crop: (size) => randomCrop(size, draw),
    change: (image) => recolour(draw() < 0.5 ? mirror(image) : image, draw),
  }
}

/** What draws for one picture are counted by: the first 64 bits of its sha256. */
export function pictureWords(sha256: string): number[] {
  return [sha256.slice(0, 8), sha256.slice(8, 16)].map((hex) => parseInt(hex, 16))
}

/** torchvision's ColorJitter(0.4, 0.4, 0.4): brightness, contrast and saturation in random order. */
function jitterColours(image: RawImage, draw: RandomStream): RawImage {
  const left = [brightness, contrast, saturation]
  let changed = image
  while (left.length > 0) {
    const [next = brightness] = left.splice(Math.floor(draw() * left.length), 1)
    changed = next(changed, 1 - JITTER + 2 * JITTER * draw())
  }
  return changed
}
