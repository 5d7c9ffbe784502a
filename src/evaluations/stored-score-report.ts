import { z } from 'zod'
import type { ScoreReport } from '../evaluation/score-report.js'

const figure = z.number()
const nullable = figure.nullable()

const bin = z.object({
  from: figure,
  to: figure,
  count: z.int(),
  right: z.int(),
  meanConfidence: nullable,
  accuracy: nullable,
})

const calibration = { logLoss: figure, expectedCalibrationError: figure, calibrationCurve: z.array(bin) }

const ranking = z.object({
  label: z.string(),
  rocAuc: nullable,
  averagePrecision: nullable,
  roc: z.array(z.object({ falsePositiveRate: figure, truePositiveRate: figure, threshold: nullable })),
  precisionRecall: z.array(z.object({ recall: figure, precision: figure, threshold: nullable })),
  undefinedBecause: z.string().nullable(),
})

const stored: z.ZodType<ScoreReport> = z.object({
  ...calibration,
  confidenceHistogram: z.array(bin),
  macroRocAuc: nullable,
  macroAveragePrecision: nullable,
  perClass: z.array(ranking),
  calibrated: z.object({ ...calibration, temperature: figure }).nullable(),
  undefinedFigures: z.array(z.object({ figure: z.string(), reason: z.string() })),
})

/** Null for one of another shape: it follows from the outcomes, so it is computed anew. */
export function readScoreReport(json: unknown): ScoreReport | null {
  return stored.safeParse(json).data ?? null
}
