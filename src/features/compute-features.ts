/** Computes what no shard has: pictures are read and decoded one batch ahead of the trunk. */
import { RunError } from '../domain/failure.js'
import type { View } from '../images/augment/view.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import type { ImageReader } from '../images/image.reader.js'
import { batchSize } from '../inference/batch-size.js'
import type { TrunkSession } from '../inference/sessions.js'
import { clampHalves, toHalf } from '../network/half.js'
import type { BlobStore } from '../storage/blob-store.js'
import { BlobLostError } from '../storage/storage.errors.js'

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

export interface PixelBatch<List extends PictureList = PictureList> {
  readonly pictures: readonly string[]
  /** That they are from, and whether they are its last ones. */
  readonly list: List
  readonly isLast: boolean
  /** [count, 3, imageSize, imageSize] */
  readonly images: Float32Array
  readonly count: number
  readonly imageSize: number
}

/** Pictures that are computed together: no batch is of two lists. */
export interface PictureList {
  readonly pictures: readonly string[]
}

export interface FeatureBatch<List extends PictureList = PictureList> extends Pick<
  PixelBatch<List>,
  'pictures' | 'list' | 'isLast'
> {
  /** [pictures, ...shape at the trunk's cut] in half precision, as features are kept. */
  readonly halves: Uint16Array
  /** How many values were beyond half precision's range, 65504, and brought back to it. */
  readonly clamped: number
}

type AnyIterable<Item> = Iterable<Item> | AsyncIterable<Item>

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
export async function* computeFeatures<List extends PictureList>(
  lists: AnyIterable<List>,
  computation: FeatureComputation,
): AsyncGenerator<FeatureBatch<List>, void, undefined> {
  const { trunk } = computation
  for await (const { images, count, imageSize, ...batch } of pixelBatches(lists, computation)) {
    const halves = toHalf(await trunk.features(images, count, imageSize))
    yield { ...batch, halves, clamped: clampHalves(halves) }
  }
}

/**
 * Reads one batch ahead of whoever takes them.
 * @throws PictureUnavailableError
 */
export async function* pixelBatches<List extends PictureList>(
  lists: AnyIterable<List>,
  reading: PixelReading,
): AsyncGenerator<PixelBatch<List>, void, undefined> {
  const { imageSize, signal } = reading
  const batches = inBatches(lists, imageSize)
  const decodeNext = async (): Promise<PixelBatch<List> | null> => {
    const { done, value: batch } = await batches.next()
    if (done === true) return null
    const images = await decodeBatch(batch.pictures, reading)
    return { ...batch, images, count: batch.pictures.length, imageSize }
  }
  try {
    for (let ahead = decodeNext(); ;) {
      const batch = await ahead
      signal.throwIfAborted()
      if (batch === null) return
      ahead = decodeNext()
      // Awaited in the next turn: a failure must not count as unhandled until then.
      ahead.catch(() => undefined)
      yield batch
      signal.throwIfAborted()
    }
  } finally {
    // Not awaited: it may be waiting for others, whom only the caller can stop waiting for.
    void batches.return()
  }
}

type Batch<List extends PictureList> = Pick<PixelBatch<List>, 'pictures' | 'list' | 'isLast'>

async function* inBatches<List extends PictureList>(
  lists: AnyIterable<List>,
  imageSize: number,
): AsyncGenerator<Batch<List>, void, undefined> {
  const size = batchSize(imageSize)
  for await (const list of lists) {
    const { pictures } = list
    for (let at = 0; at < pictures.length; at += size) {
      yield { pictures: pictures.slice(at, at + size), list, isLast: at + size >= pictures.length }
    }
  }
}

/** @returns [batch, 3, imageSize, imageSize] */
async function decodeBatch(batch: readonly string[], reading: PixelReading): Promise<Float32Array> {
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

/** Whether one picture is lost or cannot be read; anything else is about all of them. */
export function isAboutPicture(error: unknown): error is Error {
  return [BlobLostError, UnreadableImageError, ImageTooLargeError].some((kind) => error instanceof kind)
}
