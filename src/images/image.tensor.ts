/** Bytes to what the network sees. */
import { cropOffset } from './torchvision.geometry.js'

/** Part of the key of kept features: raise it whenever the same picture would come out differently. */
export const PREPROCESSING_VERSION = 1

/** ImageNet's, for red, green and blue in [0, 1], as torchvision's weights were trained with. */
export const MEAN = [0.485, 0.456, 0.406] as const
export const STANDARD_DEVIATION = [0.229, 0.224, 0.225] as const

/** By channel, the 256 possible values: (byte / 255 - mean) / deviation, rounded at each step as torch rounds them. */
const NORMALISED = MEAN.map((value, channel) => {
  const mean = Math.fround(value)
  const deviation = Math.fround(STANDARD_DEVIATION[channel] as number)
  return Float32Array.from({ length: 256 }, (_, byte) => Math.fround(Math.fround(byte / 255) - mean) / deviation)
})

/** Pixels row by row; one channel is grey. */
export interface RawImage {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** The middle of a resized picture, normalised: [3, imageSize, imageSize]. */
export function cropAndNormalise(image: RawImage, imageSize: number): Float32Array {
  const { left, top } = cropOffset(image, imageSize)
  const tensor = new Float32Array(3 * imageSize * imageSize)
  const { data, width, channels } = image
  for (let channel = 0; channel < 3; channel++) {
    const values = NORMALISED[channel] as Float32Array
    const shift = channels < 3 ? 0 : channel
    let to = channel * imageSize * imageSize
    for (let row = 0; row < imageSize; row++) {
      let from = ((top + row) * width + left) * channels + shift
      for (let column = 0; column < imageSize; column++, from += channels) {
        tensor[to++] = values[data[from] as number] as number
      }
    }
  }
  return tensor
}

/** The middle of a resized picture as bytes: [imageSize, imageSize], red, green and blue also where it is grey. */
export function middleInColour(image: RawImage, imageSize: number): RawImage {
  const { left, top } = cropOffset(image, imageSize)
  const { data, width, channels } = image
  const middle = new Uint8Array(3 * imageSize * imageSize)
  for (let row = 0, to = 0; row < imageSize; row++) {
    let from = ((top + row) * width + left) * channels
    for (let column = 0; column < imageSize; column++, from += channels) {
      for (let channel = 0; channel < 3; channel++) middle[to++] = data[from + (channels < 3 ? 0 : channel)] as number
    }
  }
  return { data: middle, width: imageSize, height: imageSize, channels: 3 }
}
