/** The figures that need every picture's probabilities, not only what it was taken for. */
import { setImmediate } from 'node:timers/promises'
import { CALIBRATION_BINS, confidenceBins, expectedCalibrationError, type CalibrationBin } from './calibration.js'
import { rankClass, type Ranking } from './ranking.js'
import type { UndefinedFigure } from './report.type.js'
import { confidences, hits, logLoss, type ScoredPictures } from './scored-pictures.js'
import { scaleByTemperature } from './temperature.js'

export interface ClassRanking extends Ranking {
  readonly label: string
}

/** What the probabilities are worth. */
export interface CalibrationFigures {
  readonly logLoss: number
  readonly expectedCalibrationError: number
  /** CALIBRATION_BINS of them. */
  readonly calibrationCurve: readonly CalibrationBin[]
}

export interface ScoreReport extends CalibrationFigures {
  /** HISTOGRAM_BINS of them. */
  readonly confidenceHistogram: readonly CalibrationBin[]
  /** Means over the classes; null where one of them has none. */
  readonly macroRocAuc: number | null
  readonly macroAveragePrecision: number | null
  /** In class order. */
  readonly perClass: readonly ClassRanking[]
  /** The same with probabilities scaled by the temperature; null where there is none. */
  readonly calibrated: (CalibrationFigures & { readonly temperature: number }) | null
  readonly undefinedFigures: readonly UndefinedFigure[]
}

export const HISTOGRAM_BINS = 20

/** Goes by classes and lets others in between: a class of 25,000 pictures takes some ten milliseconds. */
export async function scoreReport(
  pictures: ScoredPictures,
  { classNames, temperature }: { classNames: readonly string[]; temperature: number | null },
): Promise<ScoreReport> {
  const perClass: ClassRanking[] = []
  for (const [c, label] of classNames.entries()) {
    await setImmediate()
    perClass.push({ label, ...rankOne(pictures, c) })
  }
  return {
    ...calibrationFigures(pictures),
    confidenceHistogram: confidenceBins(confidences(pictures), hits(pictures), HISTOGRAM_BINS),
    ...macroAverages(perClass),
    perClass,
    calibrated: temperature === null ? null : { temperature, ...calibrationFigures(scaled(pictures, temperature)) },
  }
}

export function calibrationFigures(pictures: ScoredPictures): CalibrationFigures {
  const calibrationCurve = confidenceBins(confidences(pictures), hits(pictures), CALIBRATION_BINS)
  return {
    logLoss: logLoss(pictures),
    expectedCalibrationError: expectedCalibrationError(calibrationCurve),
    calibrationCurve,
  }
}

function rankOne({ actual, probabilities, classCount }: ScoredPictures, classIndex: number): Ranking {
  const scores = Float64Array.from(actual, (_, i) => probabilities[i * classCount + classIndex] as number)
  return rankClass(
    scores,
    Uint8Array.from(actual, (label) => Number(label === classIndex)),
  )
}

function scaled(pictures: ScoredPictures, temperature: number): ScoredPictures {
  const { probabilities, classCount } = pictures
  return { ...pictures, probabilities: scaleByTemperature(probabilities, classCount, temperature) }
}

function macroAverages(
  perClass: readonly ClassRanking[],
): Pick<ScoreReport, 'macroRocAuc' | 'macroAveragePrecision' | 'undefinedFigures'> {
  const macroRocAuc = mean(perClass.map((each) => each.rocAuc))
  const macroAveragePrecision = mean(perClass.map((each) => each.averagePrecision))
  const reason = 'A class has none; perClass says why.'
  return {
    macroRocAuc,
    macroAveragePrecision,
    undefinedFigures: [
      ...(macroRocAuc === null ? [{ figure: 'macroRocAuc', reason }] : []),
      ...(macroAveragePrecision === null ? [{ figure: 'macroAveragePrecision', reason }] : []),
    ],
  }
}

function mean(figures: readonly (number | null)[]): number | null {
  let total = 0
  for (const figure of figures) {
    if (figure === null) return null
    total += figure
  }
  return total / figures.length
}
