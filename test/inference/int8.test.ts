import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { createImageReader } from '../../src/images/image.reader.js'
import { measureRanges, type CalibrationBatch } from '../../src/inference/calibrate.js'
import { createTrunkSession } from '../../src/inference/sessions.js'
import { readCalibration, writeCalibration } from '../../src/network/calibration.js'
import type { Ranges } from '../../src/network/quantised.graph.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { WeightsError, type StateDict } from '../../src/network/weights.js'
import { describeWithShared } from '../shared.js'

/** [pictures, 3, size, size] in batches of `batch`. */
async function* batchesOf(pixels: Float32Array, imageSize: number, batch: number): AsyncGenerator<CalibrationBatch> {
  const perBatch = batch * 3 * imageSize ** 2
  for (let at = 0; at < pixels.length; at += perBatch) {
    const images = await Promise.resolve(pixels.slice(at, at + perBatch))
    yield { images, count: images.length / (3 * imageSize ** 2), imageSize }
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] as number), 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

/** Of each picture's features in int8 with those in single precision. */
async function cosines(trunk: StateDict, ranges: Ranges, pixels: Float32Array, imageSize: number): Promise<number[]> {
  const count = pixels.length / (3 * imageSize ** 2)
  const exact = await createTrunkSession(trunk)
  const int8 = await createTrunkSession(trunk, { calibration: { trunkSha256: '', imageSize, ranges } })
  const [expected, actual] = [
    await exact.features(pixels, count, imageSize),
    await int8.features(pixels, count, imageSize),
  ]
  await Promise.all([exact.release(), int8.release()])
  return Array.from({ length: count }, (_, i) => {
    const row = (of: Float32Array): Float32Array => of.subarray(i * 2048, (i + 1) * 2048)
    return cosine(row(expected), row(actual))
  })
}

describe('A calibration', () => {
  const SIZE = 32
  const pixels = randomUniforms(randomKey(3, 'pictures'), 5 * 3 * SIZE ** 2)
  let ranges: Ranges
  beforeAll(async () => {
    ranges = await measureRanges(randomTrunk(), batchesOf(pixels, SIZE, 5))
  })

  it('is the same for the same pictures, however they are batched', async () => {
    const calibration = (measured: Ranges): Buffer =>
      writeCalibration({ trunkSha256: 'a', imageSize: SIZE, ranges: measured })
    const again = await measureRanges(randomTrunk(), batchesOf(pixels, SIZE, 2))
    expect(calibration(again)).toEqual(calibration(ranges))
  })

  it('has the range of the pictures themselves and of every activation behind its relu', () => {
    expect(ranges.get('images')).toEqual({ min: Math.min(...pixels), max: Math.max(...pixels) })
    // Pictures, stem and maxpool; three a block, four downsamples, and sixteen blocks' sums.
    expect(ranges.size).toBe(3 + 3 * 16 + 4 + 16)
    for (const [name, { min }] of ranges) if (name.endsWith('.relu')) expect(min).toBe(0)
  })

  it('is read as it was written, and nothing else is taken for one', () => {
    const calibration = { trunkSha256: 'a', imageSize: SIZE, ranges }
    expect(readCalibration(writeCalibration(calibration))).toEqual(calibration)
    for (const wrong of ['', '{}', '{"format":"graft-calibration-1","trunkSha256":"a"}'])
      expect(() => readCalibration(Buffer.from(wrong))).toThrow(WeightsError)
  })

  it('that lacks an activation makes no trunk', async () => {
    const calibration = { trunkSha256: 'a', imageSize: SIZE, ranges: new Map([...ranges].slice(1)) }
    await expect(createTrunkSession(randomTrunk(), { calibration })).rejects.toThrow('images was not measured')
  })
})

describeWithShared('An int8 trunk', (shared) => {
  const { split } = JSON.parse(readFileSync(join(shared, 'fixtures/transfer.json'), 'utf8')) as {
    split: Record<'train' | 'test', string[]>
  }
  const reader = createImageReader({ maxPixels: 64e6, maxImageBytes: 29e6 })
  let trunk: StateDict
  beforeAll(() => {
    trunk = readSafetensors(readFileSync(join(shared, 'weights/resnet50-tinyimagenet.safetensors')))
  })

  async function pixelsOf(files: readonly string[], imageSize: number): Promise<Float32Array> {
    const pixels = new Float32Array(files.length * 3 * imageSize ** 2)
    for (const [i, file] of files.entries()) {
      const bytes = readFileSync(join(shared, 'data/cats-and-dogs', file))
      pixels.set(await reader.preprocess(bytes, imageSize), i * 3 * imageSize ** 2)
    }
    return pixels
  }

  it.each([
    [224, 8],
    [64, 40],
  ])('gives photographs it was not calibrated on the features of the exact one, at %i px', async (size, count) => {
    const known = batchesOf(await pixelsOf(split.train.slice(0, 2 * count), size), size, count)
    const ranges = await measureRanges(trunk, known)
    const all = await cosines(trunk, ranges, await pixelsOf(split.test.slice(0, count), size), size)
    expect(all.reduce((sum, each) => sum + each) / all.length).toBeGreaterThan(0.998)
    expect(Math.min(...all)).toBeGreaterThan(0.99)
  })
})
