/** torchvision's RandomResizedCrop.get_params (torchvision/transforms/transforms.py), drawing from our own stream. */
import type { RandomStream } from '../../domain/random.js'
import type { Size } from '../torchvision.geometry.js'

export interface Box extends Size {
  readonly left: number
  readonly top: number
}

/**
 * Share of the picture's area. torchvision's default begins at 0.08, for training from scratch: crops so small often miss
 * what the picture is of, which costs more where few views are kept.
 */
const SCALE = [0.25, 1] as const
const RATIO = [3 / 4, 4 / 3] as const
const TRIES = 10

export function randomCrop({ width, height }: Size, draw: RandomStream): Box {
  for (let i = 0; i < TRIES; i++) {
    const area = width * height * between(draw, ...SCALE)
    const ratio = Math.exp(between(draw, Math.log(RATIO[0]), Math.log(RATIO[1])))
    const box = { width: Math.round(Math.sqrt(area * ratio)), height: Math.round(Math.sqrt(area / ratio)) }
    if (box.width > 0 && box.width <= width && box.height > 0 && box.height <= height) {
      const top = Math.floor(draw() * (height - box.height + 1))
      return { ...box, top, left: Math.floor(draw() * (width - box.width + 1)) }
    }
  }
  return middle({ width, height })
}

/** Where no draw fits: the largest box of an allowed ratio. */
function middle({ width, height }: Size): Box {
  const ratio = Math.min(Math.max(width / height, RATIO[0]), RATIO[1])
  const box = {
    width: Math.max(1, Math.min(width, Math.round(height * ratio))),
    height: Math.max(1, Math.min(height, Math.round(width / ratio))),
  }
  return { ...box, left: Math.floor((width - box.width) / 2), top: Math.floor((height - box.height) / 2) }
}

function between(draw: RandomStream, low: number, high: number): number {
  return low + draw() * (high - low)
}
