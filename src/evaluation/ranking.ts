/**
 * How well the probability of one class ranks its pictures before all others: both curves over every threshold, and their
 * areas, as scikit-learn's roc_auc_score and average_precision_score define them.
 */
import { thinCurve } from './thin-curve.js'

export interface RocPoint {
  /** Of the other classes' pictures, the share that is at the threshold or above. */
  readonly falsePositiveRate: number
  /** Of the class's pictures. */
  readonly truePositiveRate: number
  /** Null at the beginning, where no picture is above it. */
  readonly threshold: number | null
}

export interface PrecisionRecallPoint {
  readonly recall: number
  readonly precision: number
  /** Null at the beginning, where no picture is above it: precision is 1 there by convention. */
  readonly threshold: number | null
}

export interface Ranking {
  /** Area under the ROC curve, by trapezoids. */
  readonly rocAuc: number | null
  /** Sum of precision times the step in recall: the area under the precision-recall curve without interpolation. */
  readonly averagePrecision: number | null
  /** Ascending; at most MOST_POINTS. The areas are those of all points. */
  readonly roc: readonly RocPoint[]
  readonly precisionRecall: readonly PrecisionRecallPoint[]
  /** Why a figure is null and its curve empty. */
  readonly undefinedBecause: string | null
}

export const MOST_POINTS = 100
const NONE_OF_IT = 'There are no pictures of this class.'
const ONLY_OF_IT = 'All pictures are of this class, so that there is nothing to rank them before.'

/**
 * @param scores of each picture for the class
 * @param isPositive 1 for a picture of the class, else 0
 */
export function rankClass(scores: Float64Array, isPositive: Uint8Array): Ranking {
  const positives = isPositive.reduce((total, each) => total + each, 0)
  if (positives === 0)
    return { rocAuc: null, averagePrecision: null, roc: [], precisionRecall: [], undefinedBecause: NONE_OF_IT }
  const steps = stepsOf(scores, isPositive)
  const negatives = scores.length - positives
  const precisionRecall = precisionRecallOf(steps, positives)
  const averagePrecision = stepArea(precisionRecall)
  const recall = thinCurve(precisionRecall, MOST_POINTS, ({ recall: x, precision: y }) => [x, y])
  if (negatives === 0)
    return { rocAuc: null, averagePrecision, roc: [], precisionRecall: recall, undefinedBecause: ONLY_OF_IT }
  const roc = rocOf(steps, positives, negatives)
  return {
    rocAuc: trapezoids(roc),
    averagePrecision,
    roc: thinCurve(roc, MOST_POINTS, ({ falsePositiveRate: x, truePositiveRate: y }) => [x, y]),
    precisionRecall: recall,
    undefinedBecause: null,
  }
}

interface Step {
  readonly threshold: number
  /** Pictures of the class, and others, at the threshold or above. */
  readonly hits: number
  readonly misses: number
}

/** For each threshold that occurs, the highest first: pictures of equal scores cannot be told apart. */
function stepsOf(scores: Float64Array, isPositive: Uint8Array): Step[] {
  const positives = scores.filter((_, i) => isPositive[i] === 1).sort()
  const negatives = scores.filter((_, i) => isPositive[i] === 0).sort()
  const steps: Step[] = []
  // How many of each are below the threshold.
  let [found, passed] = [positives.length, negatives.length]
  while (found > 0 || passed > 0) {
    const threshold = Math.max(positives[found - 1] ?? -Infinity, negatives[passed - 1] ?? -Infinity)
    while (positives[found - 1] === threshold) found -= 1
    while (negatives[passed - 1] === threshold) passed -= 1
    const step = { threshold, hits: positives.length - found, misses: negatives.length - passed }
    // One between two that find as many pictures of the class lies on a straight line of either curve.
    if (steps.at(-1)?.hits === step.hits && steps.at(-2)?.hits === step.hits) steps.pop()
    steps.push(step)
  }
  return steps
}

function rocOf(steps: readonly Step[], positives: number, negatives: number): RocPoint[] {
  const corners = steps.filter((step, i) => !isOnTheWay(step, steps[i - 1], steps[i + 1]))
  return [
    { falsePositiveRate: 0, truePositiveRate: 0, threshold: null },
    ...corners.map(({ threshold, hits, misses }) => ({
      falsePositiveRate: misses / negatives,
      truePositiveRate: hits / positives,
      threshold,
    })),
  ]
}

/** Whether it lies on the straight line between its neighbours. */
function isOnTheWay(step: Step, before: Step | undefined, after: Step | undefined): boolean {
  if (before === undefined || after === undefined) return false
  const [rise, run] = [step.hits - before.hits, step.misses - before.misses]
  return rise * (after.misses - step.misses) === run * (after.hits - step.hits)
}

function precisionRecallOf(steps: readonly Step[], positives: number): PrecisionRecallPoint[] {
  return [
    { recall: 0, precision: 1, threshold: null },
    ...steps.map(({ threshold, hits, misses }) => ({
      recall: hits / positives,
      precision: hits / (hits + misses),
      threshold,
    })),
  ]
}

function trapezoids(points: readonly RocPoint[]): number {
  return points.reduce((area, { falsePositiveRate, truePositiveRate }, i) => {
    const before = points[i - 1] ?? { falsePositiveRate: 0, truePositiveRate: 0 }
    const height = (truePositiveRate + before.truePositiveRate) / 2
    return area + (falsePositiveRate - before.falsePositiveRate) * height
  }, 0)
}

function stepArea(points: readonly PrecisionRecallPoint[]): number {
  return points.reduce(
    (area, { recall, precision }, i) => area + (recall - (points[i - 1]?.recall ?? 0)) * precision,
    0,
  )
}
