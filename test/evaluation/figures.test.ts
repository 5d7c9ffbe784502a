import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classificationReport } from '../../src/evaluation/classification-report.js'
import { confusionMatrix, likeliestClasses } from '../../src/evaluation/confusion-matrix.js'
import { confusedPairs } from '../../src/evaluation/confused-pairs.js'
import { MOST_POINTS, rankClass } from '../../src/evaluation/ranking.js'
import { scoreReport } from '../../src/evaluation/score-report.js'
import type { ScoredPictures } from '../../src/evaluation/scored-pictures.js'
import { fitTemperature } from '../../src/evaluation/temperature.js'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { describeWithShared } from '../shared.js'

interface Case {
  actual: number[]
  probabilities: number[][]
  balancedAccuracy: number | null
  cohenKappa: number | null
  matthewsCorrelation: number
  logLoss: number
  rocAuc: (number | null)[]
  averagePrecision: (number | null)[]
  expectedCalibrationError: number
}

/** Made by figures.reference.py. */
interface ReferenceCase extends Case {
  /** Of the first class: falling thresholds. */
  roc: [xs: number[], ys: number[]] | null
  /** Of the first class: rising thresholds. */
  precisionRecall: [precisions: number[], recalls: number[]]
  temperature: number | null
  calibratedLogLoss: number | null
}

const REFERENCE = JSON.parse(readFileSync(new URL('figures.reference.json', import.meta.url), 'utf8')) as Record<
  string,
  ReferenceCase
>

function scored({ actual, probabilities }: Pick<Case, 'actual' | 'probabilities'>): ScoredPictures {
  const classCount = probabilities[0]?.length ?? 0
  const all = Float64Array.from(probabilities.flat())
  return {
    actual: Int32Array.from(actual),
    predicted: likeliestClasses(all, classCount),
    probabilities: all,
    classCount,
  }
}

function temperatureOf({ actual, probabilities, classCount }: ScoredPictures): number | null {
  return fitTemperature({
    actual,
    classCount,
    logProbabilities: probabilities.map((p) => Math.log(Math.max(p, 1e-300))),
  })
}

const classNames = (count: number): string[] => Array.from({ length: count }, (_, c) => `class ${String(c)}`)

function matrixReport({ actual, predicted, classCount }: ScoredPictures) {
  return classificationReport(confusionMatrix(actual, predicted, classCount), classNames(classCount))
}

async function figuresOf(pictures: ScoredPictures, temperature: number | null = null) {
  const { balancedAccuracy, cohenKappa, matthewsCorrelation } = matrixReport(pictures)
  const scores = await scoreReport(pictures, { classNames: classNames(pictures.classCount), temperature })
  return { balancedAccuracy, cohenKappa, matthewsCorrelation, scores }
}

type Pair = [number, number]

function pairsOf(curve: [xs: number[], ys: number[]] | null): Pair[] {
  return curve?.[0].map((x, i): Pair => [x, curve[1][i] ?? NaN]) ?? []
}

function trapezoids(points: readonly Pair[]): number {
  return points.reduce((area, [x, y], i) => {
    const [beforeX, beforeY] = points[i - 1] ?? [x, y]
    return area + ((x - beforeX) * (y + beforeY)) / 2
  }, 0)
}

function expectEqual(actual: number | null | undefined, expected: number | null, digits = 10): void {
  if (expected === null) expect(actual).toBeNull()
  else expect(actual).toBeCloseTo(expected, digits)
}

async function expectReference(reference: Case, digits = 10): Promise<void> {
  const { scores, ...agreement } = await figuresOf(scored(reference))
  for (const figure of ['balancedAccuracy', 'cohenKappa', 'matthewsCorrelation'] as const) {
    expectEqual(agreement[figure], reference[figure])
  }
  expectEqual(scores.logLoss, reference.logLoss, digits)
  expectEqual(scores.expectedCalibrationError, reference.expectedCalibrationError, digits)
  for (const [c, ranking] of scores.perClass.entries()) {
    expectEqual(ranking.rocAuc, reference.rocAuc[c] ?? null)
    expectEqual(ranking.averagePrecision, reference.averagePrecision[c] ?? null)
    expect(ranking.undefinedBecause === null).toBe(ranking.rocAuc !== null && ranking.averagePrecision !== null)
  }
}

describe.each(Object.entries(REFERENCE))("scikit-learn's figures of %s", (_, reference) => {
  it('are ours, null where it has none', () => expectReference(reference))

  it('give our curves: each of our points is one of theirs, and the areas are the same', async () => {
    const { scores } = await figuresOf(scored(reference))
    const [first] = scores.perClass
    const theirs = pairsOf(reference.roc)
    const ours = first?.roc.map((point): Pair => [point.falsePositiveRate, point.truePositiveRate]) ?? []
    for (const point of ours) expect(theirs).toContainEqual(point.map((rate) => expect.closeTo(rate, 12) as number))
    expect(trapezoids(ours)).toBeCloseTo(trapezoids(theirs), 12)
  })

  it('give our precision at every recall', async () => {
    const { scores } = await figuresOf(scored(reference))
    const ours = scores.perClass[0]?.precisionRecall.map((point): Pair => [point.precision, point.recall]) ?? []
    const theirs = pairsOf(reference.precisionRecall).reverse()
    for (const point of theirs) expect(ours).toContainEqual(point.map((rate) => expect.closeTo(rate, 12) as number))
  })

  it('agree with our temperature and what it does to the loss', async () => {
    const pictures = scored(reference)
    const temperature = temperatureOf(pictures)
    expectEqual(temperature, reference.temperature, 6)
    const { scores } = await figuresOf(pictures, temperature)
    expectEqual(scores.calibrated?.logLoss ?? null, reference.calibratedLogLoss)
  })
})

describeWithShared('the shared classification reports', (shared) => {
  type SharedCase = Omit<Case, 'expectedCalibrationError'> & { labels: string[]; confusionMatrix: number[][] } & {
    expectedCalibrationError10Bins?: number
  }
  const text = readFileSync(join(shared, 'fixtures', 'classification-reports.json'), 'utf8')
  const cases = Object.entries(JSON.parse(text) as Record<string, SharedCase>)

  it.each(cases)('have our agreement: %s', (_, reference) => {
    const report = classificationReport(reference.confusionMatrix, reference.labels)
    for (const figure of ['balancedAccuracy', 'cohenKappa', 'matthewsCorrelation'] as const) {
      expectEqual(report[figure], reference[figure])
    }
  })

  const scoredCases = cases.filter(([, reference]) => 'probabilities' in reference)
  // Their probabilities are written with six digits and were taken as they are by some figures, normalised by others.
  it.each(scoredCases)('have our areas and our calibration error: %s', (_, reference) =>
    expectReference({ ...reference, expectedCalibrationError: reference.expectedCalibrationError10Bins ?? NaN }, 6),
  )
})

describe('a curve of many thresholds', () => {
  const count = 4000
  const scores = Float64Array.from(randomUniforms(randomKey(1, 'scores'), count))
  const draws = randomUniforms(randomKey(1, 'labels'), count)
  const isPositive = Uint8Array.from(scores, (score, i) => Number((draws[i] ?? 0) < score ** 2))
  const ranking = rankClass(scores, isPositive)

  it('is thinned to a bounded number of points, its ends kept', () => {
    for (const curve of [ranking.roc, ranking.precisionRecall]) expect(curve).toHaveLength(MOST_POINTS)
    expect(ranking.roc[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0, threshold: null })
    expect(ranking.roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 })
    expect(ranking.precisionRecall.at(-1)).toMatchObject({ recall: 1 })
  })

  it('keeps its area, which is the share of pairs in the right order', () => {
    let [right, pairs] = [0, 0]
    for (const [i, score] of scores.entries()) {
      if (isPositive[i] !== 1) continue
      for (const [j, other] of scores.entries()) {
        if (isPositive[j] === 1) continue
        pairs += 1
        right += score > other ? 1 : score === other ? 0.5 : 0
      }
    }
    expect(ranking.rocAuc).toBeCloseTo(right / pairs, 10)
    const drawn = trapezoids(ranking.roc.map((point) => [point.falsePositiveRate, point.truePositiveRate]))
    expect(Math.abs(drawn - right / pairs)).toBeLessThan(1e-3)
  })
})

describe('what has no value', () => {
  it('is null and says why, and never NaN', async () => {
    for (const reference of Object.values(REFERENCE)) {
      const pictures = scored(reference)
      const report = matrixReport(pictures)
      const { scores } = await figuresOf(pictures, temperatureOf(pictures))
      expect(
        JSON.stringify([report, scores], (_, value: unknown) => (Number.isNaN(value) ? 'NaN' : value)),
      ).not.toContain('NaN')
      for (const figures of [report, scores]) {
        const missing = Object.entries(figures).filter(([name, value]) => value === null && name !== 'calibrated')
        expect(figures.undefinedFigures.map(({ figure }) => figure).sort()).toEqual(
          missing.map(([name]) => name).sort(),
        )
      }
    }
  })
})

describe('the most confused pairs', () => {
  it('come first, without what was right or never happened', () => {
    const matrix = [
      [5, 1, 0],
      [4, 2, 2],
      [0, 1, 9],
    ]
    expect(confusedPairs(matrix, ['a', 'b', 'c'])).toEqual([
      { actual: 'b', predicted: 'a', count: 4, share: 0.5 },
      { actual: 'b', predicted: 'c', count: 2, share: 0.25 },
      { actual: 'a', predicted: 'b', count: 1, share: 1 / 6 },
      { actual: 'c', predicted: 'b', count: 1, share: 0.1 },
    ])
  })
})
