/** Pictures of 224 pixels at a time: more are no quicker and need 30 MB of activations each. */
const BATCH_PIXELS = 16 * 224 * 224
const MAX_BATCH = 64

/** Pictures of a side that go through the trunk together. */
export function batchSize(imageSize: number): number {
  return Math.min(MAX_BATCH, Math.max(1, Math.floor(BATCH_PIXELS / imageSize ** 2)))
}
