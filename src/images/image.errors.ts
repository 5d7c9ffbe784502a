/** Why a picture is not taken. Both are expected: pictures come from anyone. */

/** The message is a short reason for people: "The file is truncated or damaged." */
export class UnreadableImageError extends Error {
  override readonly name = 'UnreadableImageError'
}

export class ImageTooLargeError extends Error {
  override readonly name = 'ImageTooLargeError'
}
