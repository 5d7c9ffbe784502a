import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createImageReader } from '../../src/images/image.reader.js'
import { createHeadSession, createTrunkSession, type TrunkSession } from '../../src/inference/sessions.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { tensorOf, type StateDict } from '../../src/network/weights.js'
import { describeWithShared } from '../shared.js'

/** torchvision's figures for eight photographs; the first two, or all, of the preprocessed inputs are kept. */
describeWithShared('The trunk computes what torchvision does', (shared) => {
  const reference = readSafetensors(readFileSync(join(shared, 'fixtures/resnet50.safetensors')))
  const { images } = JSON.parse(readFileSync(join(shared, 'fixtures/resnet50.json'), 'utf8')) as { images: string[] }
  let weights: StateDict
  let trunk: TrunkSession

  beforeAll(async () => {
    weights = readSafetensors(readFileSync(join(shared, 'weights/resnet50-tinyimagenet.safetensors')))
    trunk = await createTrunkSession(weights, { threads: 2 })
  })
  afterAll(() => trunk.release())

  it.each([224, 64])('from the preprocessed input, within 1e-3 in features and logits at %i px', async (size) => {
    const input = tensorOf(reference, `${String(size)}.input`)
    const count = input.shape[0] as number
    const features = await trunk.features(input.data, count, size)
    expect(relativeError(features, tensorOf(reference, `${String(size)}.features`).data)).toBeLessThan(1e-3)

    const classifier = new Map([
      ['fc.0.weight', tensorOf(weights, 'fc.weight')],
      ['fc.0.bias', tensorOf(weights, 'fc.bias')],
    ])
    const head = await createHeadSession(classifier)
    const logits = await head.logProbabilities(features, count)
    expect(relativeError(logits, logSoftmax(tensorOf(reference, `${String(size)}.logits`).data, 200))).toBeLessThan(
      1e-3,
    )
    await head.release()
  })

  it.each([224, 64])('from the photographs, with a cosine above 0.999 on average at %i px', async (size) => {
    const reader = createImageReader({ maxPixels: 64e6, maxImageBytes: 29e6 })
    const expected = tensorOf(reference, `${String(size)}.features`).data
    const cosines: number[] = []
    for (const [i, name] of images.entries()) {
      const pixels = await reader.preprocess(readFileSync(join(shared, 'data/cats-and-dogs', name)), size)
      cosines.push(cosine(await trunk.features(pixels, 1, size), expected.subarray(i * 2048, (i + 1) * 2048)))
    }
    expect(cosines.reduce((sum, each) => sum + each) / cosines.length).toBeGreaterThan(0.999)
    expect(Math.min(...cosines)).toBeGreaterThan(0.995)
  })
})

/** Greatest difference, relative to the greatest value. */
function relativeError(actual: Float32Array, expected: Float32Array): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0) / scale
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

function logSoftmax(logits: Float32Array, classCount: number): Float32Array {
  return logits.map((value, i) => {
    const start = i - (i % classCount)
    const row = logits.subarray(start, start + classCount)
    return value - Math.log(row.reduce((sum, each) => sum + Math.exp(each), 0))
  })
}
