import type { Tf } from '../engine/engine.type.js'
import { agreementFigures } from '../evaluation/agreement.js'
import { classMetrics, macroF1 } from '../evaluation/classification-report.js'
import { confusionMatrix, likeliestClasses } from '../evaluation/confusion-matrix.js'
import { calibrationFigures } from '../evaluation/score-report.js'
import { fitTemperature } from '../evaluation/temperature.js'
import type { NetworkModel } from './network.model.js'
import { predictLogProbabilities } from './predict.js'
import type { EpochResult, PictureSource } from './training.type.js'

export type ValidationResult = Omit<
  EpochResult,
  'number' | 'trainLoss' | 'trainAccuracy' | 'learningRate' | 'seconds' | 'imagesPerSecond'
>

/** Plain cross-entropy and whatever else is cheap to say of VALIDATION, without dropout. */
export async function validate(
  tf: Tf,
  model: NetworkModel,
  { pictures, classNames }: { pictures: PictureSource; classNames: readonly string[] },
): Promise<ValidationResult> {
  const { labels, count } = pictures
  const classCount = classNames.length
  const logProbabilities = await predictLogProbabilities(tf, model, pictures)
  const predicted = likeliestClasses(logProbabilities, classCount)
  const matrix = confusionMatrix(labels, predicted, classCount)
  const perClass = classMetrics(matrix, classNames)
  const { balancedAccuracy, cohenKappa, matthewsCorrelation } = agreementFigures(matrix)
  const losses = labels.reduce((sum, label, i) => sum - (logProbabilities[i * classCount + label] as number), 0)
  const scored = { actual: labels, predicted, probabilities: logProbabilities.map(Math.exp), classCount }
  return {
    validationLoss: losses / count,
    validationAccuracy: labels.filter((label, i) => label === predicted[i]).length / count,
    perClass,
    macroF1: macroF1(perClass),
    balancedAccuracy,
    cohenKappa,
    matthewsCorrelation,
    expectedCalibrationError: calibrationFigures(scored).expectedCalibrationError,
    temperature: fitTemperature({ logProbabilities, actual: labels, classCount }),
  }
}
