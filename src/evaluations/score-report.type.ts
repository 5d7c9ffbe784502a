import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { CalibrationBin } from '../evaluation/calibration.js'
import type { PrecisionRecallPoint, RocPoint } from '../evaluation/ranking.js'
import type { UndefinedFigure } from '../evaluation/report.type.js'
import type { CalibrationFigures, ClassRanking, ScoreReport } from '../evaluation/score-report.js'
import { UndefinedFigureType } from './report.type.js'

@ObjectType('CalibrationBin', { description: 'The pictures that it was about equally sure of.', simpleResolvers: true })
export class CalibrationBinType implements CalibrationBin {
  @Field(() => Float, { description: 'The least confidence, itself included.' })
  readonly from!: number

  @Field(() => Float, { description: 'The greatest; only the last bin includes it.' })
  readonly to!: number

  @Field(() => Int, { description: 'Pictures.' })
  readonly count!: number

  @Field(() => Int, { description: 'Those of them that were taken for what they are.' })
  readonly right!: number

  @Field(() => Float, { nullable: true, description: 'Their mean confidence; null in a bin without pictures.' })
  readonly meanConfidence!: number | null

  @Field(() => Float, { nullable: true, description: 'The share that is right; null in a bin without pictures.' })
  readonly accuracy!: number | null
}

@ObjectType('RocPoint', {
  description: 'What a threshold on the probability of a class lets in.',
  simpleResolvers: true,
})
export class RocPointType implements RocPoint {
  @Field(() => Float, { description: "Of the other classes' pictures, the share at the threshold or above." })
  readonly falsePositiveRate!: number

  @Field(() => Float, { description: "Of the class's pictures, the share at the threshold or above." })
  readonly truePositiveRate!: number

  @Field(() => Float, { nullable: true, description: 'The threshold; null where nothing is above it.' })
  readonly threshold!: number | null
}

@ObjectType('PrecisionRecallPoint', {
  description: 'What a threshold on the probability of a class finds, and how much of that is right.',
  simpleResolvers: true,
})
export class PrecisionRecallPointType implements PrecisionRecallPoint {
  @Field(() => Float, { description: "Of the class's pictures, the share at the threshold or above." })
  readonly recall!: number

  @Field(() => Float, { description: 'Of the pictures at the threshold or above, the share of this class.' })
  readonly precision!: number

  @Field(() => Float, { nullable: true, description: 'The threshold; null where nothing is above it.' })
  readonly threshold!: number | null
}

@ObjectType('ClassRanking', {
  description: 'How well the probability of one class ranks its pictures before all others.',
  simpleResolvers: true,
})
export class ClassRankingType implements ClassRanking {
  @Field(() => String, { description: 'The class.' })
  readonly label!: string

  @Field(() => Float, { nullable: true, description: 'Area under the ROC curve.' })
  readonly rocAuc!: number | null

  @Field(() => Float, { nullable: true, description: 'Area under the precision-recall curve, without interpolation.' })
  readonly averagePrecision!: number | null

  @Field(() => [RocPointType], {
    description: 'The ROC curve by falling threshold, thinned to 100 points; the area is that of all points.',
  })
  readonly roc!: readonly RocPoint[]

  @Field(() => [PrecisionRecallPointType], {
    description: 'The precision-recall curve by falling threshold, thinned to 100 points.',
  })
  readonly precisionRecall!: readonly PrecisionRecallPoint[]

  @Field(() => String, { nullable: true, description: 'Why an area is null.' })
  readonly undefinedBecause!: string | null
}

@ObjectType('CalibratedFigures', {
  description: 'The calibration of a ScoreReport anew, for probabilities scaled by the temperature.',
  simpleResolvers: true,
})
export class CalibratedFiguresType implements CalibrationFigures {
  @Field(() => Float, { description: "The checkpoint's temperature, fitted on VALIDATION." })
  readonly temperature!: number

  @Field(() => Float, { description: "Mean of -ln of the actual class's scaled probability." })
  readonly logLoss!: number

  @Field(() => Float, { description: 'As ScoreReport.expectedCalibrationError.' })
  readonly expectedCalibrationError!: number

  @Field(() => [CalibrationBinType], { description: 'As ScoreReport.calibrationCurve.' })
  readonly calibrationCurve!: readonly CalibrationBin[]
}

@ObjectType('ScoreReport', {
  description: 'What the probabilities are worth, as scikit-learn defines every figure that it has.',
  simpleResolvers: true,
})
export class ScoreReportType implements ScoreReport {
  @Field(() => Float, {
    description: "Mean of -ln of the actual class's probability, which counts as 2.2e-16 at least.",
  })
  readonly logLoss!: number

  @Field(() => Float, {
    description: 'Mean distance of confidence and accuracy over the bins of the calibration curve.',
  })
  readonly expectedCalibrationError!: number

  @Field(() => [CalibrationBinType], { description: 'How often it is right when it is so sure: ten equal bins.' })
  readonly calibrationCurve!: readonly CalibrationBin[]

  @Field(() => [CalibrationBinType], { description: 'How sure it is of how many pictures: twenty equal bins.' })
  readonly confidenceHistogram!: readonly CalibrationBin[]

  @Field(() => Float, { nullable: true, description: "Mean of the classes' areas under the ROC curve." })
  readonly macroRocAuc!: number | null

  @Field(() => Float, { nullable: true, description: "Mean of the classes' average precision." })
  readonly macroAveragePrecision!: number | null

  @Field(() => [ClassRankingType], { description: 'In class order.' })
  readonly perClass!: readonly ClassRanking[]

  @Field(() => CalibratedFiguresType, {
    nullable: true,
    description: 'With calibrated probabilities; null where the checkpoint has no temperature.',
  })
  readonly calibrated!: ScoreReport['calibrated']

  @Field(() => [UndefinedFigureType], { description: 'The figures that are null, each with the reason.' })
  readonly undefinedFigures!: readonly UndefinedFigure[]
}
