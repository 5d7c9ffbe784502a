import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { describe, expect, it } from 'vitest'
import { RunError } from '../../src/domain/failure.js'
import { startEngine } from '../../src/engine/engine.js'
import { bindingPath } from '../../src/engine/native/binding.js'
import { lossesOn } from './losses.js'

const native = existsSync(bindingPath())
const BACKENDS_HERE = ['cpu', 'wasm', ...(native ? (['tensorflow'] as const) : [])] as const

describe('The engine', () => {
  it.each(BACKENDS_HERE)('starts on %s, says what it is, and computes', async (backend) => {
    const engine = await startEngine(backend)
    expect(engine.info).toMatchObject({ backend, device: cpus()[0]?.model.trim() })
    expect(engine.info.version).toMatch(/^tfjs 4\.\d+\.\d+.*, \d+ threads?$/)
    const product = engine.tf.tidy(() => engine.tf.matMul(engine.tf.tensor2d([[1, 2]]), engine.tf.tensor2d([[3], [4]])))
    expect([...(await product.data())]).toEqual([11])
    engine.dispose()
  })

  it.each(BACKENDS_HERE)('multiplies matrices and batches of them, transposed or not, on %s', async (backend) => {
    const engine = await startEngine(backend)
    const { tf } = engine
    const [a, b] = [tf.tensor2d([[1, 2, 3], [4, 5, 6]]), tf.tensor2d([[1, 0, 2], [0, 1, 3]])] // prettier-ignore
    const products = tf.tidy(() => [
      tf.matMul(a, b, false, true),
      tf.matMul(a, b, true, false),
      tf.matMul(tf.stack([a, b]), tf.stack([b, b]), false, true),
    ])
    const values = await Promise.all(products.map(async (product) => [...(await product.data())]))
    expect(values).toEqual([
      [7, 11, 16, 23],
      [1, 4, 14, 2, 5, 19, 3, 6, 24],
      [7, 11, 16, 23, 5, 6, 6, 10],
    ])
    engine.dispose()
  })

  it('gives the same losses on every backend', async () => {
    const losses: number[][] = []
    for (const backend of BACKENDS_HERE) {
      const engine = await startEngine(backend)
      losses.push(await lossesOn(engine))
      engine.dispose()
    }
    const [first = [], ...others] = losses
    for (const other of others) {
      for (const [i, loss] of other.entries()) expect(loss / (first[i] ?? NaN)).toBeCloseTo(1, 4)
    }
  })

  it('starts again after it was disposed', async () => {
    for (let time = 0; time < 2; time++) {
      const engine = await startEngine('wasm')
      expect([...engine.tf.tidy(() => engine.tf.square(engine.tf.tensor1d([3]))).dataSync()]).toEqual([9])
      engine.dispose()
    }
  })

  it.skipIf(native)('says how to install the native TensorFlow where it is asked for and missing', async () => {
    const failure: unknown = await startEngine('tensorflow').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RunError)
    expect((failure as RunError).code).toBe('ENGINE_UNAVAILABLE')
    expect((failure as RunError).suggestion?.text).toMatch(/npm run tensorflow/)
  })
})
