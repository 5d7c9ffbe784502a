/**
 * Two changes out of a list, all equally strong (Cubuk, Zoph, Shlens, Le: "RandAugment", 2020; ranges and defaults as
 * torchvision's RandAugment has them; equalize and sharpness are left out).
 */
import type { RandomStream } from '../../domain/random.js'
import type { RawImage } from '../image.tensor.js'
import { autoContrast, brightness, contrast, posterize, saturation, solarize } from './colour.js'
import { rotate, shearX, shearY, translate } from './geometry.js'

const CHANGES = 2
/** Magnitude 9 of 30. */
const STRENGTH = 0.3
const MOST_SHEAR = 0.3
const MOST_TRANSLATION = 150 / 331
const MOST_DEGREES = 30
const MOST_COLOUR = 0.9
const MOST_BITS_LOST = 4

/** `amount` is the strength, negative as often as not. */
type Change = (image: RawImage, amount: number) => RawImage

const CHANGES_TO_CHOOSE: readonly Change[] = [
  (image) => image,
  (image, amount) => shearX(image, MOST_SHEAR * amount),
  (image, amount) => shearY(image, MOST_SHEAR * amount),
  (image, amount) => translate(image, Math.trunc(MOST_TRANSLATION * image.width * amount), 0),
  (image, amount) => translate(image, 0, Math.trunc(MOST_TRANSLATION * image.height * amount)),
  (image, amount) => rotate(image, MOST_DEGREES * amount),
  (image, amount) => brightness(image, 1 + MOST_COLOUR * amount),
  (image, amount) => saturation(image, 1 + MOST_COLOUR * amount),
  (image, amount) => contrast(image, 1 + MOST_COLOUR * amount),
  (image, amount) => posterize(image, 8 - Math.round(MOST_BITS_LOST * Math.abs(amount))),
  (image, amount) => solarize(image, 255 * (1 - Math.abs(amount))),
  (image) => autoContrast(image),
]

export function randAugment(image: RawImage, draw: RandomStream): RawImage {
  let changed = image
  for (let i = 0; i < CHANGES; i++) {
    const change = CHANGES_TO_CHOOSE[Math.floor(draw() * CHANGES_TO_CHOOSE.length)] as Change
    changed = change(changed, draw() < 0.5 ? STRENGTH : -STRENGTH)
  }
  return changed
}
