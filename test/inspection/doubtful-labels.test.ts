import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomStream } from '../../src/domain/random.js'
import { createProductSession, type ProductSession } from '../../src/inference/product.session.js'
import { cholesky, invertLower } from '../../src/inspection/cholesky.js'
import { calibrate, findDoubts } from '../../src/inspection/doubtful-labels.js'
import { directionsOf, type FeatureRows } from '../../src/inspection/feature-rows.js'
import { leaveOneOut } from '../../src/inspection/leave-one-out.js'

let product: ProductSession

beforeAll(async () => {
  product = await createProductSession()
})

afterAll(() => product.release())

const RIDGE = 10

/** Pictures of each class around a direction of its own. */
async function clusters(
  labels: Int32Array,
  { columns, noise }: { columns: number; noise: number },
): Promise<FeatureRows> {
  const draw = randomStream(randomKey(5, 'clusters'))
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  const rows = [...labels].map((label) =>
    Array.from({ length: columns }, (_, i) => (i === label ? 1 : 0) + noise * normal()),
  )
  return directionsOf((wanted) => Promise.resolve(Float32Array.from([...wanted].flatMap((row) => rows[row] ?? []))), {
    count: labels.length,
    columns,
  })
}

/** Solves the ridge regression without one picture, in the plainest way. */
function without(left: number, rows: FeatureRows, targets: number[]): number {
  const size = rows.columns
  const all = rows.blocks.flatMap(({ data, rows: count }) =>
    Array.from({ length: count }, (_, i) => [...data.subarray(i * size, (i + 1) * size)]),
  )
  const matrix = new Float64Array(size * size)
  const answer = new Float64Array(size)
  for (const [n, row] of all.entries()) {
    if (n === left) continue
    for (let i = 0; i < size; i++) {
      answer[i] = (answer[i] ?? 0) + (row[i] ?? 0) * (targets[n] ?? 0)
      for (let j = 0; j < size; j++) matrix[i * size + j] = (matrix[i * size + j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0)
    }
  }
  for (let i = 0; i < size; i++) matrix[i * size + i] = (matrix[i * size + i] ?? 0) + RIDGE
  const inverse = invertLower(cholesky(matrix, size), size)
  const apply = (vector: number[]): number[] =>
    Array.from({ length: size }, (_, i) =>
      vector.reduce((sum, value, j) => sum + (inverse[i * size + j] ?? 0) * value, 0),
    )
  const [a, b] = [apply([...answer]), apply(all[left] ?? [])]
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}

describe('leaving one out', () => {
  it.each([
    ['more pictures than features', 60, 8],
    ['fewer pictures than features', 12, 30],
  ])('is what learning again without the picture would say: %s', async (_, count, columns) => {
    const labels = Int32Array.from({ length: count }, (_, i) => i % 3)
    const rows = await clusters(labels, { columns, noise: 0.5 })
    const scores = await (await leaveOneOut({ rows, labels, classCount: 3 }, product))(RIDGE)
    for (const picture of [0, 5, count - 1]) {
      for (let j = 0; j < 3; j++) {
        const targets = [...labels].map((label) => (label === j ? 1 : 0) - 1 / 3)
        expect(scores[picture * 3 + j]).toBeCloseTo(without(picture, rows, targets) + 1 / 3, 4)
      }
    }
  })
})

describe('probabilities', () => {
  it('are as steep as the labels bear out', () => {
    const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 90 ? 0 : 1))
    const scores = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? 0.6 : 0.4))
    const probabilities = calibrate(scores, labels, 2)
    expect(probabilities[0]).toBeCloseTo(0.9, 6)
    expect(probabilities[1]).toBeCloseTo(0.1, 6)
  })
})

describe('doubtful labels', () => {
  it('are those that were planted, with the right class, the clearest first', async () => {
    const truth = Int32Array.from({ length: 400 }, (_, i) => i % 4)
    const rows = await clusters(truth, { columns: 20, noise: 0.1 })
    const planted = [3, 50, 121, 222, 333]
    const given = truth.map((label, i) => (planted.includes(i) ? (label + 1) % 4 : label))
    const doubts = await findDoubts({ rows, labels: given, classCount: 4 }, product)
    expect(doubts.map((doubt) => doubt.picture).sort((a, b) => a - b)).toEqual(planted)
    for (const { picture, suggested, score } of doubts) {
      expect(suggested).toBe(truth[picture])
      expect(score).toBeGreaterThan(0.8)
    }
    expect(doubts.map(({ score }) => score)).toEqual(doubts.map(({ score }) => score).sort((a, b) => b - a))
  })

  it('are none where there is one class, or a class with one picture alone', async () => {
    const one = new Int32Array(20)
    expect(
      await findDoubts({ rows: await clusters(one, { columns: 8, noise: 0.1 }), labels: one, classCount: 1 }, product),
    ).toEqual([])
    const labels = Int32Array.from({ length: 21 }, (_, i) => (i === 20 ? 2 : i % 2))
    const rows = await clusters(labels, { columns: 8, noise: 0.1 })
    const doubts = await findDoubts({ rows, labels, classCount: 3 }, product)
    expect(doubts.map((doubt) => doubt.picture).filter((picture) => picture !== 20)).toEqual([])
  })
})
