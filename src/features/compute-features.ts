/** Computes what no shard has: pictures are read and decoded one batch ahead of the trunk. */
import { RunError } from '../domain/failure.js'
import type { View } from '../images/augment/view.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { ImageReader } from '../images/image.reader.js'
import { batchSize } from '../inference/batch-size.js'
import type { TrunkSession } from '../inference/sessions.js'
import { clampHalves, toHalf } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobCorruptError, BlobMissingError } from '../storage/storage.errors.js'

/** What reading pictures as the network sees them takes. */
export interface PixelReading {
  readonly storage: BlobStore
  readonly images: Pick<ImageReader, 'preprocess' | 'preprocessView'>
  readonly imageSize: number
  /** How a picture is varied, by its sha256; left out, it is seen as it is. */
  readonly view?: (picture: string) => View
  readonly signal: AbortSignal
}

export interface FeatureComputation extends PixelReading {
  readonly trunk: TrunkSession
}

export interface PixelBatch {
  readonly pictures: readonly string[]
  /** [count, 3, imageSize, imageSize] */
  readonly images: Float32Array
  readonly count: number
  readonly imageSize: number
}

export interface FeatureBatch {
  readonly pictures: readonly string[]
  /** [pictures, ...shape at the trunk's cut] in half precision, as features are kept. */
  readonly halves: Uint16Array
  /** How many values were beyond half precision's range, 65504, and brought back to it. */
  readonly clamped: number
}

/** A picture of the dataset version that can no longer be read. */
export class PictureUnavailableError extends RunError {
  constructor(
    readonly picture: string,
    reason: string,
  ) {
    super('DATASET_UNAVAILABLE', `The picture ${picture} of the dataset version cannot be used: ${reason}`, {
      text: 'Restore the picture in storage, or import it again and train on a new dataset version.',
      changes: [],
    })
  }
}

/**
 * Ends within a batch of pictures once `signal` is aborted.
 * @throws PictureUnavailableError
 */
export async function* computeFeatures(
  pictures: readonly string[],
  computation: FeatureComputation,
): AsyncGenerator<FeatureBatch, void, undefined> {
  const { trunk } = computation
  for await (const { pictures: batch, images, count, imageSize } of pixelBatches(pictures, computation)) {
    const halves = toHalf(await trunk.features(images, count, imageSize))
    yield { pictures: batch, halves, clamped: clampHalves(halves) }
  }
}

/**
 * Reads one batch ahead of whoever takes them.
 * @throws PictureUnavailableError
 */
export async function* pixelBatches(
  pictures: readonly string[],
  reading: PixelReading,
): AsyncGenerator<PixelBatch, void, undefined> {
  const { imageSize, signal } = reading
  const batches = inBatches(pictures, imageSize)
  let ahead = decodeBatch(batches[0], reading)
  for (const [i, batch] of batches.entries()) {
    const images = await ahead
    signal.throwIfAborted()
    ahead = decodeBatch(batches[i + 1], reading)
    // Awaited in the next turn: a failure must not count as unhandled until then.
    ahead.catch(() => undefined)
    yield { pictures: batch, images, count: batch.length, imageSize }
    signal.throwIfAborted()
  }
}

function inBatches(pictures: readonly string[], imageSize: number): string[][] {
  const size = batchSize(imageSize)
  const count = Math.ceil(pictures.length / size)
  return Array.from({ length: count }, (_, i) => pictures.slice(i * size, (i + 1) * size))
}

/** @returns [batch, 3, imageSize, imageSize] */
async function decodeBatch(batch: readonly string[] = [], reading: PixelReading): Promise<Float32Array> {
  const perPicture = 3 * reading.imageSize ** 2
  const pixels = new Float32Array(batch.length * perPicture)
  await Promise.all(
    batch.map(async (picture, row) => {
      pixels.set(await preprocess(picture, reading), row * perPicture)
    }),
  )
  return pixels
}

async function preprocess(picture: string, { storage, images, imageSize, view }: PixelReading): Promise<Float32Array> {
  try {
    const bytes = await storage.read(picture)
    if (view === undefined) return await images.preprocess(bytes, imageSize)
    return await images.preprocessView(bytes, imageSize, view(picture))
  } catch (error) {
    if (isAboutPicture(error)) throw new PictureUnavailableError(picture, error.message)
    throw error
  }
}

function isAboutPicture(error: unknown): error is Error {
  return [BlobMissingError, BlobCorruptError, UnreadableImageError, ImageTooLargeError].some(
    (kind) => error instanceof kind,
  )
}
