/** Colours as torchvision changes them on bytes (torchvision/transforms/_functional_tensor.py): cut off, not rounded. */
import type { RawImage } from '../image.tensor.js'

/** @param factor 0 black, 1 as it is */
export function brightness(image: RawImage, factor: number): RawImage {
  const table = Uint8Array.from({ length: 256 }, (_, value) => clamp(single(factor) * value))
  return mapped(image, () => table)
}

/** @param factor 0 grey all over, 1 as it is */
export function contrast(image: RawImage, factor: number): RawImage {
  const grey = greyOf(image)
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length
  const table = Uint8Array.from({ length: 256 }, (_, value) => clamp(blend(value, mean, factor)))
  return mapped(image, () => table)
}

/** @param factor 0 black and white, 1 as it is */
export function saturation(image: RawImage, factor: number): RawImage {
  const grey = greyOf(image)
  const data = image.data.map((value, i) => clamp(blend(value, grey[Math.floor(i / 3)] as number, factor)))
  return { ...image, data }
}

/** Each channel stretched to 0 … 255. */
export function autoContrast(image: RawImage): RawImage {
  const tables = [0, 1, 2].map((channel) => {
    let [least, most] = [255, 0]
    for (let i = channel; i < image.data.length; i += 3) {
      least = Math.min(least, image.data[i] as number)
      most = Math.max(most, image.data[i] as number)
    }
    const stretch = least === most ? { from: 0, by: 1 } : { from: least, by: 255 / (most - least) }
    return Uint8Array.from({ length: 256 }, (_, value) => clamp((value - stretch.from) * stretch.by))
  })
  return mapped(image, (channel) => tables[channel] as Uint8Array)
}

/** Keeps the upper bits of each value. */
export function posterize(image: RawImage, bits: number): RawImage {
  const mask = 0xff & (0xff << (8 - bits))
  return { ...image, data: image.data.map((value) => value & mask) }
}

/** Turns values from `threshold` on into their negative. */
export function solarize(image: RawImage, threshold: number): RawImage {
  return { ...image, data: image.data.map((value) => (value >= threshold ? 255 - value : value)) }
}

function mapped(image: RawImage, tableOf: (channel: number) => Uint8Array): RawImage {
  const tables = [tableOf(0), tableOf(1), tableOf(2)]
  return { ...image, data: image.data.map((value, i) => tables[i % 3]?.[value] as number) }
}

/** [pixels], the weights of torchvision's rgb_to_grayscale. */
function greyOf({ data }: RawImage): Uint8Array {
  const grey = new Uint8Array(data.length / 3)
  for (let i = 0; i < grey.length; i++) {
    const [red, green, blue] = [data[3 * i] as number, data[3 * i + 1] as number, data[3 * i + 2] as number]
    grey[i] = 0.2989 * red + 0.587 * green + 0.114 * blue
  }
  return grey
}

/** Rounded to single precision at each step, as torch computes it. */
function blend(value: number, other: number, factor: number): number {
  return single(single(factor) * value) + single(single(1 - factor) * single(other))
}

function clamp(value: number): number {
  return Math.trunc(Math.min(255, Math.max(0, single(value))))
}

function single(value: number): number {
  return Math.fround(value)
}
