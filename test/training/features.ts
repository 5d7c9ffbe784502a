/** Small sets of features that a head can tell apart, the same on every machine. */
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { toHalf } from '../../src/network/half.js'
import { FEATURE_COUNT } from '../../src/network/resnet50.js'
import { sourceInMemory, type PicturesInMemory } from '../../src/training/picture-source.js'
import type { PictureSource } from '../../src/training/training.type.js'

/** Class c's pictures have their features raised where (feature mod classes) = c, by `contrast`. */
export function drawFeatures(
  count: number,
  { classCount = 2, contrast = 0.3, seed = 0 }: { classCount?: number; contrast?: number; seed?: number } = {},
): PictureSource & PicturesInMemory {
  const values = randomUniforms(randomKey(seed, 'features'), count * FEATURE_COUNT)
  const labels = Int32Array.from({ length: count }, (_, i) => i % classCount)
  for (let i = 0; i < values.length; i++) {
    const label = labels[Math.floor(i / FEATURE_COUNT)]
    if (i % classCount === label) values[i] = (values[i] as number) + contrast
  }
  const pictures = { values: toHalf(values), labels, shape: [FEATURE_COUNT] }
  return { ...pictures, ...sourceInMemory(pictures) }
}

export function hyperparametersOf(input: Partial<Hyperparameters>): Hyperparameters {
  const parsed = parseHyperparameters(input)
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}
