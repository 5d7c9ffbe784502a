import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { afterAll, describe, expect, it } from 'vitest'
import { enlarge } from '../../src/images/heat-map.js'
import { measureRanges } from '../../src/inference/calibrate.js'
import { createClassifier } from '../../src/inference/classifier.js'
import {
  createGradientSession,
  createHeadSession,
  createSeeingTrunkSession,
  seeingTrunkGraph,
  createTrunkSession,
} from '../../src/inference/sessions.js'
import { drawHead } from '../../src/network/head.js'
import type { StateDict } from '../../src/network/weights.js'
import { draw, drawNetwork } from '../training/depths.js'

interface Reference {
  sizes: Record<string, { probabilities: number[]; maps: number[][] }>
  enlarged: { of: number[]; values: number[] }
}

const reference = JSON.parse(readFileSync(new URL('./explain.reference.json', import.meta.url), 'utf8')) as Reference

const network = drawNetwork('ALL')
const parts = (isHead: boolean): StateDict =>
  new Map([...network].filter(([name]) => name.startsWith('fc.') === isHead))
const classifier = createClassifier({ threads: 2 })
const served = (key: string, head: StateDict) => ({
  key,
  trunkKey: 'drawn',
  loadTrunk: () => Promise.resolve({ weights: parts(false), calibration: null }),
  loadHead: () => Promise.resolve(head),
})
const decode = (size: number) => () => Promise.resolve(draw('inputs', [1, 3, size, size]).data)

afterAll(() => classifier.close())

describe('What speaks for a class', () => {
  it.each([224, 160, 96, 64])("is PyTorch's Grad-CAM at %i px, with a correlation above 0.999", async (size) => {
    const expected = reference.sizes[size]
    if (expected === undefined) throw new Error('The reference lacks a size')
    const model = served('mlp', parts(true))
    for (const [classIndex, map] of expected.maps.entries()) {
      const explained = await classifier.explain(model, decode(size), classIndex)
      expect(explained.classIndex).toBe(classIndex)
      expect(furthest(explained.probabilities, expected.probabilities)).toBeLessThan(1e-4)
      expect(furthest(explained.map, map)).toBeLessThan(0.01)
      // Nothing speaks for the last class: its map is 0 everywhere.
      if (Math.max(...map) > 0) expect(correlation(explained.map, map)).toBeGreaterThan(0.999)
    }
    const likeliest = await classifier.explain(model, decode(size), null)
    expect(likeliest.classIndex).toBe(expected.probabilities.indexOf(Math.max(...expected.probabilities)))
    const { probabilities } = await classifier.classify(model, decode(size))
    expect(furthest(likeliest.probabilities, [...probabilities])).toBeLessThan(1e-6)
  })

  it.each([[[]], [[64]], [[32, 16]]])('follows the slope of a head with hidden layers %j', async (hiddenUnits) => {
    const head = drawHead({ hiddenUnits, dropout: hiddenUnits.map(() => 0.5), classCount: 4 }, 5)
    const [slopes, forward] = await Promise.all([createGradientSession(head), createHeadSession(head)])
    const features = draw('features', [1, 2048]).data.map((value) => Math.abs(value) * 20)
    const moves = draw('moves', [1, 2048]).data.map((value) => value / 10)
    const [one, other] = await Promise.all([slopes.gradient(features, 1), slopes.gradient(features, 3)])
    const difference = async (sign: number): Promise<number> => {
      const moved = features.map((value, i) => value + sign * (moves[i] as number))
      const said = await forward.logProbabilities(moved, 1)
      return (said[1] as number) - (said[3] as number)
    }
    const expected = ((await difference(1)) - (await difference(-1))) / 2
    const found = moves.reduce((sum, move, i) => sum + move * ((one[i] as number) - (other[i] as number)), 0)
    expect(Math.abs(expected)).toBeGreaterThan(1e-5)
    expect(Math.abs(found / expected - 1)).toBeLessThan(0.05)
    await Promise.all([slopes.release(), forward.release()])
  })

  it.each(['fp32', 'int8'])('comes from a trunk whose features are those of serving, in %s', async (precision) => {
    const [size, trunk] = [64, parts(false)]
    const images = await decode(size)()
    const batches = function* () {
      yield { images, count: 1, imageSize: size }
    }
    const ranges = await measureRanges(trunk, Readable.from(batches()))
    const calibration = precision === 'fp32' ? null : { trunkSha256: '', imageSize: size, ranges }
    const [plain, seeing] = [
      await createTrunkSession(trunk, { calibration }),
      await createSeeingTrunkSession(seeingTrunkGraph(trunk, calibration)),
    ]
    const { features, activations } = await seeing.see(images, size)
    expect(features).toEqual(await plain.features(images, 1, size))
    expect(await seeing.features(images, 1, size)).toEqual(features)
    const means = features.map((_, i) =>
      activations.subarray(4 * i, 4 * i + 4).reduce((sum, each) => sum + each / 4, 0),
    )
    expect(furthest(means, [...features])).toBeLessThan(1e-5)
    await Promise.all([plain.release(), seeing.release()])
  })

  it('is enlarged as PyTorch enlarges bilinearly', () => {
    const { of, values } = reference.enlarged
    expect(furthest(enlarge(Float32Array.from(of), Math.sqrt(values.length)), values)).toBeLessThan(1e-5)
  })
})

function furthest(found: Float32Array, expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length)
  return Math.max(...expected.map((value, i) => Math.abs(value - (found[i] as number))))
}

function correlation(a: Float32Array, b: readonly number[]): number {
  const mean = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0) / b.length
  const [meanA, meanB] = [mean(a), mean(b)]
  const sum = (of: (i: number) => number): number => b.reduce((total, _, i) => total + of(i), 0)
  const fromA = (i: number): number => (a[i] as number) - meanA
  const fromB = (i: number): number => (b[i] as number) - meanB
  return sum((i) => fromA(i) * fromB(i)) / Math.sqrt(sum((i) => fromA(i) ** 2) * sum((i) => fromB(i) ** 2))
}
