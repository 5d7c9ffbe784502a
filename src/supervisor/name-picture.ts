import type { RunFailure } from '../domain/failure.js'
import type { ImageRepository } from '../datasets/image.repository.js'

/** Compute children know pictures by their sha256, people by their file names: a failure that is about one says both. */
export async function namePicture(
  images: ImageRepository,
  datasetId: string,
  { failure, picture }: { readonly failure: RunFailure; readonly picture: string | null },
): Promise<RunFailure> {
  if (picture === null) return failure
  const name = await images.fileNameOf(datasetId, picture)
  if (name === null) return failure
  return { ...failure, message: failure.message.replace(picture, () => `"${name}" (${picture})`) }
}
