import type { Tf } from '../engine/engine.type.js'
import { classMetrics, macroF1 } from '../evaluation/classification-report.js'
import { confusionMatrix, likeliestClasses } from '../evaluation/confusion-matrix.js'
import type { NetworkModel } from './network.model.js'
import { predictLogProbabilities } from './predict.js'
import type { EpochResult, PictureSource } from './training.type.js'

export type ValidationResult = Pick<EpochResult, 'validationLoss' | 'validationAccuracy' | 'perClass' | 'macroF1'>

/** Plain cross-entropy and the per-class figures, without dropout. */
export async function validate(
  tf: Tf,
  model: NetworkModel,
  { pictures, classNames }: { pictures: PictureSource; classNames: readonly string[] },
): Promise<ValidationResult> {
  const { labels, count } = pictures
  const classCount = classNames.length
  const logProbabilities = await predictLogProbabilities(tf, model, pictures)
  const predicted = likeliestClasses(logProbabilities, classCount)
  const perClass = classMetrics(confusionMatrix(labels, predicted, classCount), classNames)
  const losses = labels.reduce((sum, label, i) => sum - (logProbabilities[i * classCount + label] as number), 0)
  return {
    validationLoss: losses / count,
    validationAccuracy: labels.filter((label, i) => label === predicted[i]).length / count,
    perClass,
    macroF1: macroF1(perClass),
  }
}
