import { unreadable, type ImageSourceService } from '../datasets/image-source.service.js'
import type { RefusalOf } from '../domain/refusals.js'
import { ImageTooLargeError, UnreadableImageError } from '../images/image.errors.js'
import { checkpointTrunkUnavailable, TrunkUnavailableError } from '../runs/stored-trunk.js'

export type PictureRefused = RefusalOf<'UnreadableImage' | 'ImageTooLarge' | 'TrunkUnavailable'>

/**
 * What looking at a picture gives, or why it cannot be looked at.
 * @param trunkUnavailable what is said where the network cannot be read; a checkpoint's unless told otherwise
 */
export async function orRefused<Result>(
  sources: Pick<ImageSourceService, 'tooLarge'>,
  look: () => Promise<Result>,
  trunkUnavailable: (reason: string) => RefusalOf<'TrunkUnavailable'> = checkpointTrunkUnavailable,
): Promise<Result | PictureRefused> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof UnreadableImageError) return unreadable(error.message)
    if (error instanceof ImageTooLargeError) return sources.tooLarge(error.message)
    if (error instanceof TrunkUnavailableError) return trunkUnavailable(error.message)
    throw error
  }
}
