/**
 * Labels that a model doubts, by confident learning (Northcutt, Jiang, Chuang: "Confident Learning: Estimating Uncertainty
 * in Dataset Labels", JAIR 2021) on scores of pictures that the model did not learn from.
 */
import { lossSlope } from '../evaluation/temperature.js'
import type { ProductSession } from '../inference/product.session.js'
import { leaveOneOut, type Labelled } from './leave-one-out.js'

export interface Doubt {
  readonly picture: number
  /** Index of the class that the picture rather shows. */
  readonly suggested: number
  /** 0 to 1: 0.5 where both classes are as likely, above it the more the suggested one is likelier. */
  readonly score: number
}

/** The most doubtful first. */
export async function findDoubts(labelled: Labelled, product: ProductSession): Promise<Doubt[]> {
  const { labels, classCount } = labelled
  if (new Set(labels).size < 2) return []
  const probabilities = await fitProbabilities(labelled, product)
  const thresholds = thresholdsOf(probabilities, labels, classCount)
  const doubts = Array.from(labels, (given, picture) => {
    const of = probabilities.subarray(picture * classCount, (picture + 1) * classCount)
    const found = suggestionOf(of, given, thresholds)
    return found === null ? [] : [{ picture, ...found }]
  })
  return doubts.flat().sort((a, b) => b.score - a.score || a.picture - b.picture)
}

/** From stiff to supple. Which fits depends on trunk and size; on photographs it was 3 at 64 pixels and 1 at 224. */
const RIDGES = [10, 3, 1, 0.3] as const

/** Of the ridge under which the given labels are likeliest: each is tried until a suppler one is no better. */
async function fitProbabilities(labelled: Labelled, product: ProductSession): Promise<Float64Array> {
  const { labels, classCount } = labelled
  const scoresAt = await leaveOneOut(labelled, product)
  const fit = async (ridge: number) => {
    const probabilities = calibrate(await scoresAt(ridge), labels, classCount)
    return { probabilities, loss: logLoss(probabilities, labels, classCount) }
  }
  const [stiffest, ...suppler] = RIDGES
  let best = await fit(stiffest)
  for (const ridge of suppler) {
    const next = await fit(ridge)
    if (next.loss >= best.loss) break
    best = next
  }
  return best.probabilities
}

function logLoss(probabilities: Float64Array, labels: Int32Array, classCount: number): number {
  const losses = labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * classCount + label] as number), 0)
  return losses / labels.length
}

/** Null where the model is not confident of another class. */
function suggestionOf(of: Float64Array, given: number, thresholds: Float64Array): Omit<Doubt, 'picture'> | null {
  let suggested = -1
  for (let j = 0; j < of.length; j++) {
    if ((of[j] as number) < (thresholds[j] as number)) continue
    if (suggested < 0 || (of[j] as number) > (of[suggested] as number)) suggested = j
  }
  if (suggested < 0 || suggested === given) return null
  return { suggested, score: (1 + (of[suggested] as number) - (of[given] as number)) / 2 }
}

/** How sure the model is on average of the pictures that have a class; none is as sure of a class without pictures. */
function thresholdsOf(probabilities: Float64Array, labels: Int32Array, classCount: number): Float64Array {
  const sums = new Float64Array(classCount)
  const counts = new Float64Array(classCount)
  labels.forEach((label, i) => {
    sums[label] = (sums[label] as number) + (probabilities[i * classCount + label] as number)
    counts[label] = (counts[label] as number) + 1
  })
  return sums.map((sum, j) => (counts[j] === 0 ? Infinity : sum / (counts[j] as number)))
}

const GREATEST_SLOPE = 1000
const BISECTIONS = 50

/** Scores to probabilities: softmax, as steep as makes the given labels likeliest. */
export function calibrate(scores: Float64Array, labels: Int32Array, classCount: number): Float64Array {
  let [low, high] = [0, GREATEST_SLOPE]
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2
    if (lossSlope({ logProbabilities: scores, actual: labels, classCount }, middle) > 0) high = middle
    else low = middle
  }
  return softmax(scores, classCount, low)
}

function softmax(scores: Float64Array, classCount: number, slope: number): Float64Array {
  const probabilities = scores.map((score) => slope * score)
  for (let from = 0; from < probabilities.length; from += classCount) {
    const row = probabilities.subarray(from, from + classCount)
    const greatest = row.reduce((most, value) => Math.max(most, value))
    row.forEach((value, j) => (row[j] = Math.exp(value - greatest)))
    const sum = row.reduce((total, value) => total + value)
    row.forEach((value, j) => (row[j] = value / sum))
  }
  return probabilities
}
