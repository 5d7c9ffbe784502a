import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { createHeadSession } from '../../src/inference/sessions.js'
import { fromHalf } from '../../src/network/half.js'
import { drawHead } from '../../src/network/head.js'
import type { StateDict } from '../../src/network/weights.js'
import { predict } from '../../src/training/predict.js'
import { sourceInMemory } from '../../src/training/picture-source.js'
import { drawFeatures } from './features.js'

describe('A head that is asked', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine('wasm')
  })
  afterAll(() => {
    engine.dispose()
  })

  it('gives probabilities that sum to 1, more pictures than a batch holds and many classes or not', async () => {
    const head = drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 200 }, 0)
    const probabilities = await predict(engine, head, drawFeatures(300))
    expect(probabilities).toHaveLength(300 * 200)
    for (let row = 0; row < 300; row++) {
      const sum = probabilities.subarray(row * 200, (row + 1) * 200).reduce((total, value) => total + value, 0)
      expect(Math.abs(sum - 1)).toBeLessThan(1e-9)
    }
    expect(engine.tf.memory().numTensors).toBe(0)
  })

  it('gives every picture the same whatever lies beside it', async () => {
    const head = drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 3 }, 0)
    const many = drawFeatures(9)
    const alone = sourceInMemory({ values: many.values.slice(8 * 2048), labels: Int32Array.of(0), shape: [2048] })
    expect([...(await predict(engine, head, alone))]).toEqual([...(await predict(engine, head, many))].slice(24))
  })

  it('says what ONNX Runtime says of the same head', async () => {
    const head = drawHead({ hiddenUnits: [64, 16], dropout: [0.5, 0.3], classCount: 5 }, 1)
    const pictures = drawFeatures(20)
    const session = await createHeadSession(head, { threads: 1 })
    const theirs = await session.logProbabilities(fromHalf(pictures.values), pictures.count)
    await session.release()
    const ours = await predict(engine, head, pictures)
    expect(theirs).toHaveLength(ours.length)
    for (const [i, value] of theirs.entries())
      expect(Math.abs(Math.exp(value) - (ours[i] as number))).toBeLessThan(1e-5)
  })

  it('keeps -ln of a probability finite, however sure it is', async () => {
    const probabilities = await predict(engine, sureHead(), drawFeatures(1))
    expect(probabilities[1]).toBe(1)
    expect(Number.isFinite(-Math.log(probabilities[0] as number))).toBe(true)
  })
})

/** Two classes whose logits differ by about a million. */
function sureHead(): StateDict {
  const data = new Float32Array(2 * 2048).fill(0)
  data.fill(1000, 2048)
  return new Map([
    ['fc.0.weight', { shape: [2, 2048], data }],
    ['fc.0.bias', { shape: [2], data: new Float32Array(2) }],
  ])
}
