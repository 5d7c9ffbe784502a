import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { createClassifier, type Classifier, type ServedModel } from '../../src/inference/classifier.js'
import { bytesOf } from '../../src/inference/served-session.js'
import { createHeadSession, createTrunkSession } from '../../src/inference/sessions.js'
import { drawHead, readHead } from '../../src/network/head.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import type { StateDict } from '../../src/network/weights.js'

const SIZE = 32
const trunk = randomTrunk()
const pixels = randomUniforms(randomKey(1, 'picture'), 3 * SIZE * SIZE)

const HEAD_BYTES = bytesOf(head(1))
const TRUNK_BYTES = bytesOf(trunk)

function head(seed: number, classCount = 3): StateDict {
  return drawHead({ hiddenUnits: [16], dropout: [0.5], classCount }, seed)
}

describe('A head session', () => {
  it('computes relu and log-softmax of the linear layers', async () => {
    const weights = head(1)
    const features = randomUniforms(randomKey(0, 'features'), 2 * 2048)
    const session = await createHeadSession(weights)
    const actual = await session.logProbabilities(features, 2)
    await session.release()
    const expected = [features.subarray(0, 2048), features.subarray(2048)].flatMap((row) =>
      logProbabilities(weights, row),
    )
    expect(actual).toHaveLength(6)
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 4)
    })
  })
})

describe('A classifier', () => {
  let classifier: Classifier
  const loads: string[] = []
  const model = (key: string, weights: StateDict): ServedModel => ({
    key,
    trunkKey: 'trunk',
    loadTrunk: () => Promise.resolve((loads.push('trunk'), { weights: trunk, calibration: null })),
    loadHead: () => Promise.resolve((loads.push(key), weights)),
  })

  const decode = (): Promise<Float32Array> => Promise.resolve(pixels.slice())
  const probabilities = async (key: string, weights: StateDict): Promise<Float32Array> =>
    (await classifier.classify(model(key, weights), decode)).probabilities

  beforeAll(() => {
    classifier = createClassifier({ memoryBytes: TRUNK_BYTES + 2 * HEAD_BYTES })
  })
  afterAll(() => classifier.close())

  it('loads a trunk and a head once, however many ask at first', async () => {
    const all = await Promise.all([1, 2, 3].map(() => probabilities('a', head(1))))
    expect(loads.toSorted()).toEqual(['a', 'trunk'])
    expect(all[1]).toEqual(all[0])
    expect(all[0]?.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5)
  })

  it('grafts other heads on the same trunk session and keeps the recent ones', async () => {
    for (const [key, seed] of [
      ['b', 2],
      ['c', 3],
      ['b', 2],
      ['a', 1],
    ] as const) {
      await probabilities(key, head(seed))
    }
    expect(loads).toEqual(expect.arrayContaining(['trunk', 'a', 'b', 'c', 'a']))
    expect(loads.filter((each) => each === 'trunk')).toHaveLength(1)
    expect(loads.filter((each) => each === 'b')).toHaveLength(1)
    expect(loads.filter((each) => each === 'a')).toHaveLength(2)
  })

  it("answers in class order what the head makes of the trunk's features", async () => {
    const session = await createTrunkSession(trunk)
    const features = await session.features(pixels, 1, SIZE)
    await session.release()
    const weights = head(5, 7)
    const actual = await probabilities('seven', weights)
    const expected = logProbabilities(weights, features).map(Math.exp)
    expect(actual).toHaveLength(7)
    actual.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] as number, 5)
    })
  })

  it('leaves the thread that asks free while the trunk runs', async () => {
    const images = Array.from({ length: 8 }, () => new Float32Array(3 * 224 * 224))
    const state = { turns: 0, isAnswered: false }
    const answers = Promise.all(
      images.map((image) => classifier.features(model('a', head(1)), () => Promise.resolve(image.slice()))),
    ).finally(() => (state.isAnswered = true))
    for (; !state.isAnswered; state.turns++) await new Promise((resolve) => setTimeout(resolve, 1))
    await answers
    // A run that held this thread would let it turn a few times only, before and after.
    expect(state.turns).toBeGreaterThan(20)
  })

  it('answers many at once as it answers one, in their order, whatever head and size each is for', async () => {
    const pictures = Array.from({ length: 12 }, (_, i) => ({
      size: i % 3 === 0 ? 2 * SIZE : SIZE,
      key: i % 2 === 0 ? 'a' : 'b',
      seed: i,
    }))
    const one = async ({ size, key, seed }: (typeof pictures)[number]): Promise<Float32Array> => {
      const drawn = randomUniforms(randomKey(seed, 'picture'), 3 * size * size)
      const said = await classifier.classify(model(key, head(key === 'a' ? 1 : 2)), () =>
        Promise.resolve(drawn.slice()),
      )
      return said.probabilities
    }
    const together = await Promise.all(pictures.map(one))
    for (const [i, each] of pictures.entries()) {
      const alone = await one(each)
      alone.forEach((value, c) => expect(together[i]?.[c]).toBeCloseTo(value, 5))
    }
  })

  it('tells one who cannot decode, and nobody else', async () => {
    const [bad, good] = await Promise.allSettled([
      classifier.classify(model('a', head(1)), () => Promise.reject(new Error('no picture'))),
      probabilities('a', head(1)),
    ])
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'no picture' } })
    expect(good.status).toBe('fulfilled')
  })

  it('passes on why a model cannot be loaded, and tries again the next time', async () => {
    const broken: ServedModel = {
      ...model('broken', head(1)),
      loadHead: () => Promise.reject(new Error('no such blob')),
    }
    await expect(classifier.classify(broken, decode)).rejects.toThrow('no such blob')
    await expect(probabilities('broken', head(1))).resolves.toHaveLength(3)
  })
})

/** The same in plain words, for one row of features. */
function logProbabilities(weights: StateDict, features: Float32Array): number[] {
  const layers = readHead(weights)
  let values = [...features]
  layers.forEach(({ weight, bias }, i) => {
    const inputs = values
    values = [...bias.data].map((start, row) =>
      inputs.reduce((sum, value, column) => sum + value * (weight.data[row * inputs.length + column] as number), start),
    )
    if (i < layers.length - 1) values = values.map((value) => Math.max(value, 0))
  })
  const logSum = Math.log(values.reduce((sum, value) => sum + Math.exp(value), 0))
  return values.map((value) => value - logSum)
}
