import { z } from 'zod'
import { classificationReport } from './classification-report.js'
import type { ClassificationReport } from './report.type.js'

const storedMatrix = z.array(z.array(z.int().min(0)))

/** The whole report follows from a row's confusion matrix; null until that is there. */
export function readReport(confusionMatrix: unknown, classNames: readonly string[]): ClassificationReport | null {
  return confusionMatrix === null ? null : classificationReport(storedMatrix.parse(confusionMatrix), classNames)
}
