/** Moves pixels about; what comes from outside the picture is black. Nearest neighbours, as RandAugment does it. */
import type { RawImage } from '../image.tensor.js'

export function mirror(image: RawImage): RawImage {
  const { data, width, height, channels } = image
  const mirrored = new Uint8Array(data.length)
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * channels
      const to = (row * width + width - 1 - column) * channels
      for (let c = 0; c < channels; c++) mirrored[to + c] = data[from + c] as number
    }
  }
  return { ...image, data: mirrored }
}

/** @param degrees counter-clockwise, about the middle */
export function rotate(image: RawImage, degrees: number): RawImage {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return affine(image, { x: [cos, -sin, 0], y: [sin, cos, 0] })
}

/** Every row is moved by its distance from the middle times `slope`. */
export function shearX(image: RawImage, slope: number): RawImage {
  return affine(image, { x: [1, slope, 0], y: [0, 1, 0] })
}

export function shearY(image: RawImage, slope: number): RawImage {
  return affine(image, { x: [1, 0, 0], y: [slope, 1, 0] })
}

/** @param pixels to the right and downwards */
export function translate(image: RawImage, right: number, down: number): RawImage {
  return affine(image, { x: [1, 0, -right], y: [0, 1, -down] })
}

/** Where a pixel comes from, measured from the middle: x = x[0]·column + x[1]·row + x[2], y alike. */
interface Source {
  readonly x: readonly [number, number, number]
  readonly y: readonly [number, number, number]
}

function affine(image: RawImage, { x, y }: Source): RawImage {
  const { data, width, height, channels } = image
  const moved = new Uint8Array(data.length)
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2]
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to += channels) {
      const [right, down] = [column - middleX, row - middleY]
      const fromX = nearest(x[0] * right + x[1] * down + x[2] + middleX)
      const fromY = nearest(y[0] * right + y[1] * down + y[2] + middleY)
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
      const from = (fromY * width + fromX) * channels
      for (let c = 0; c < channels; c++) moved[to + c] = data[from + c] as number
    }
  }
  return { ...image, data: moved }
}

/** The last digits of a sine must not decide which of two neighbours it is. */
function nearest(position: number): number {
  return Math.round(Math.round(position * 1e6) / 1e6)
}
