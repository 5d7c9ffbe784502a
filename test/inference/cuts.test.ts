import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRAINABLE_LAYERS } from '../../src/domain/hyperparameters.js'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { createHeadSession, createTrunkSession } from '../../src/inference/sessions.js'
import { cutOf, cutShape, trainedTensorNames } from '../../src/network/cut.js'
import { drawHead } from '../../src/network/head.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { trunkGraph } from '../../src/network/trunk.graph.js'
import { elementCount, tensorOf } from '../../src/network/weights.js'
import { predict } from '../../src/training/predict.js'

const SIZE = 64
const COUNT = 2
const trunk = randomTrunk()
const head = drawHead({ hiddenUnits: [], dropout: [], classCount: 5 }, 1)
const pixels = randomUniforms(randomKey(1, 'picture'), COUNT * 3 * SIZE ** 2).map((value) => 4 * value - 2)

describe('The frozen part in ONNX Runtime and the rest in TensorFlow.js', () => {
  let engine: Engine
  let whole: Float32Array

  beforeAll(async () => {
    engine = await startEngine('wasm')
    const session = await createTrunkSession(trunk)
    const heads = await createHeadSession(head)
    whole = await heads.logProbabilities(await session.features(pixels, COUNT, SIZE), COUNT)
    await session.release()
    await heads.release()
  })
  afterAll(() => engine.dispose())

  it.each(TRAINABLE_LAYERS.filter((depth) => depth !== 'ALL'))(
    'are the whole network when cut for %s',
    async (depth) => {
      const cut = cutOf(depth)
      const shape = cutShape(cut, SIZE)
      const session = await createTrunkSession(trunk, { cut })
      const activations = await session.features(pixels, COUNT, SIZE)
      await session.release()
      const width = elementCount(shape)
      expect(activations).toHaveLength(COUNT * width)
      const { parameters, statistics } = trainedTensorNames(depth)
      const above = new Map([...parameters, ...statistics].map((name) => [name, tensorOf(trunk, name)]))
      const probabilities = await predict(engine, new Map([...head, ...above]), {
        count: COUNT,
        labels: new Int32Array(COUNT),
        shape,
        read: (rows) =>
          Promise.resolve(
            Float32Array.from([...rows].flatMap((row) => [...activations.subarray(row * width, (row + 1) * width)])),
          ),
      })
      probabilities.forEach((probability, i) => {
        expect(Math.abs(Math.log(probability) - (whole[i] ?? NaN))).toBeLessThan(1e-3)
      })
    },
  )

  it('have no graph where nothing is frozen', () => {
    expect(() => trunkGraph(trunk, cutOf('ALL'))).toThrow(RangeError)
  })
})
