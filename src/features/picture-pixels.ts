/** The pictures themselves, read and decoded anew each time: for training in which nothing is frozen. */
import { pixelBatches, type PixelReading } from './compute-features.js'

/**
 * @param pictures sha256
 * @returns [pictures, imageSize, imageSize, 3], channels last
 * @throws PictureUnavailableError, StorageError, and what the signal was aborted with
 */
export async function readPixels(pictures: readonly string[], reading: PixelReading): Promise<Float32Array> {
  const pixels = new Float32Array(pictures.length * 3 * reading.imageSize ** 2)
  let at = 0
  for await (const { images, imageSize } of pixelBatches([{ pictures }], reading)) {
    channelsLast(images, imageSize, pixels.subarray(at, at + images.length))
    at += images.length
  }
  return pixels
}

/** From [count, 3, imageSize, imageSize] to [count, imageSize, imageSize, 3]. */
function channelsLast(images: Float32Array, imageSize: number, target: Float32Array): void {
  const plane = imageSize ** 2
  for (let from = 0; from < images.length; from += 3 * plane) {
    for (let pixel = 0; pixel < plane; pixel++) {
      const to = from + 3 * pixel
      target[to] = images[from + pixel] as number
      target[to + 1] = images[from + plane + pixel] as number
      target[to + 2] = images[from + 2 * plane + pixel] as number
    }
  }
}
