/**
 * Enlarging as PIL does it (libImaging/Resample.c, BILINEAR), columns first and rounded to bytes between. Enlarging only:
 * libvips shrinks the same way, but puts what it enlarges half a pixel aside, which costs the features 0.002 in cosine.
 */
import type { RawImage } from './image.tensor.js'
import { cropOffset, type Size } from './torchvision.geometry.js'

/** The middle [imageSize, imageSize] of `image` enlarged to `resized`; only what is kept gets computed. */
export function upscaleMiddle(image: RawImage, resized: Size, imageSize: number): RawImage {
  const { left, top } = cropOffset(resized, imageSize)
  const { data, width, height, channels } = image
  const columns = taps({ from: width, to: resized.width, offset: left, count: imageSize })
  const wide = new Uint8Array(height * imageSize * channels)
  for (let row = 0, at = 0; row < height; row++) {
    for (const { first, second, weight } of columns) {
      const a = (row * width + first) * channels
      const b = (row * width + second) * channels
      for (let c = 0; c < channels; c++) wide[at++] = blend(data[a + c] as number, data[b + c] as number, weight)
    }
  }
  const stride = imageSize * channels
  const middle = new Uint8Array(imageSize * stride)
  let at = 0
  for (const { first, second, weight } of taps({ from: height, to: resized.height, offset: top, count: imageSize })) {
    for (let i = 0; i < stride; i++) {
      middle[at++] = blend(wide[first * stride + i] as number, wide[second * stride + i] as number, weight)
    }
  }
  return { data: middle, width: imageSize, height: imageSize, channels }
}

interface Tap {
  first: number
  second: number
  /** Of the second; the first has the rest. */
  weight: number
}

/** Which two of `from` pixels make each of the `count` pixels from `offset` on of the `to` pixels. */
export function taps({ from, to, offset, count }: { from: number; to: number; offset: number; count: number }): Tap[] {
  return Array.from({ length: count }, (_, i) => {
    const position = ((offset + i + 0.5) * from) / to - 0.5
    const first = Math.floor(position)
    return { first: Math.max(first, 0), second: Math.min(first + 1, from - 1), weight: position - first }
  })
}

function blend(first: number, second: number, weight: number): number {
  return Math.floor(first + (second - first) * weight + 0.5)
}
