import { createEngineTrunk } from '../../src/compute/engine-trunk.js'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { cutOf, type TrainableLayers } from '../../src/network/cut.js'
import { randomTrunk } from '../../src/network/random.trunk.js'

/** The largest difference of an engine's activations from ONNX Runtime's, relative to the largest, at 64 pixels. */
export async function differenceOfTrunks(
  engine: Engine,
  { count, depth }: { count: number; depth: TrainableLayers },
): Promise<number> {
  const size = 64
  const cut = cutOf(depth)
  const trunk = randomTrunk()
  const pixels = randomUniforms(randomKey(1, 'picture'), count * 3 * size ** 2).map((value) => 4 * value - 2)
  const reference = await createTrunkSession(trunk, { cut })
  const expected = await reference.features(pixels, count, size)
  await reference.release()
  const session = createEngineTrunk(engine, trunk, cut)
  const features = await session.features(pixels, count, size)
  await session.release()
  if (features.length !== expected.length) return Infinity
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return features.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))), 0) / largest
}
