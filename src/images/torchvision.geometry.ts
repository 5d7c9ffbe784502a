/** Where torchvision's Resize and CenterCrop put the pixels (torchvision/transforms/functional.py). */

export interface Size {
  readonly width: number
  readonly height: number
}

/** Its weights' own recipe: 224 pixels out of the middle of 256. */
const CROP_OF_RESIZED = 224 / 256

/** Pixels that the picture's shorter side has before the crop. */
export function shorterSide(imageSize: number): number {
  return Math.round(imageSize / CROP_OF_RESIZED)
}

/** The whole picture after Resize: the shorter side as the crop wants it, the longer one truncated. */
export function resizedSize({ width, height }: Size, imageSize: number): Size {
  const shorter = shorterSide(imageSize)
  return width <= height
    ? { width: shorter, height: Math.trunc((shorter * height) / width) }
    : { width: Math.trunc((shorter * width) / height), height: shorter }
}

/** The crop's left upper corner; Python rounds halves to the even neighbour. */
export function cropOffset({ width, height }: Size, imageSize: number): { left: number; top: number } {
  return { left: roundHalfEven((width - imageSize) / 2), top: roundHalfEven((height - imageSize) / 2) }
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
