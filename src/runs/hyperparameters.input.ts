/** Types and ranges are checked by domain/hyperparameters.ts, all issues at once; the defaults here are taken from it. */
import { Field, Float, InputType, Int } from 'type-graphql'
import { HYPERPARAMETER_DEFAULTS as DEFAULTS } from '../domain/hyperparameters.js'
import { Augmentation, LearningRateSchedule, Optimizer, TrainableLayers } from './hyperparameters.type.js'

@InputType({ description: 'When a run ends before its last epoch.' })
export class EarlyStoppingInput {
  @Field(() => Int, { description: 'Epochs without improvement after which it ends, 1-1,000.' })
  patience!: number

  @Field(() => Float, {
    nullable: true,
    defaultValue: 0,
    description: 'By how much the validation loss must fall to count as improvement, 0 or more.',
  })
  minDelta?: number | null
}

@InputType({ description: 'What to train with; whatever is left out or null takes its default.' })
export class HyperparametersInput {
  @Field(() => Int, { nullable: true, defaultValue: DEFAULTS.epochs, description: 'Passes over TRAIN, 1-1,000.' })
  epochs?: number | null

  @Field(() => Int, { nullable: true, defaultValue: DEFAULTS.batchSize, description: 'Pictures a step, 1-4,096.' })
  batchSize?: number | null

  @Field(() => Float, {
    nullable: true,
    defaultValue: DEFAULTS.learningRate,
    description: 'The highest learning rate of the schedule, above 0, to 10.',
  })
  learningRate?: number | null

  @Field(() => Optimizer, {
    nullable: true,
    defaultValue: DEFAULTS.optimizer,
    description: 'How a gradient becomes a step.',
  })
  optimizer?: string | null

  @Field(() => Float, { nullable: true, defaultValue: DEFAULTS.momentum, description: "SGD's momentum, [0, 1)." })
  momentum?: number | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: DEFAULTS.nesterov,
    description: "Whether SGD's momentum is Nesterov's.",
  })
  nesterov?: boolean | null

  @Field(() => Float, {
    nullable: true,
    defaultValue: DEFAULTS.weightDecay,
    description: 'How strongly weights are pulled to 0, 0-1.',
  })
  weightDecay?: number | null

  @Field(() => LearningRateSchedule, {
    nullable: true,
    defaultValue: DEFAULTS.schedule,
    description: 'How the learning rate moves.',
  })
  schedule?: string | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULTS.warmupEpochs,
    description: 'Epochs over which the learning rate rises from 0; 0 to epochs.',
  })
  warmupEpochs?: number | null

  @Field(() => Float, {
    nullable: true,
    defaultValue: DEFAULTS.labelSmoothing,
    description: 'The share of each label that is spread over all classes in the training loss, [0, 1).',
  })
  labelSmoothing?: number | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: DEFAULTS.balanceClasses,
    description: 'Whether rare classes weigh more in the training loss.',
  })
  balanceClasses?: boolean | null

  @Field(() => TrainableLayers, {
    nullable: true,
    defaultValue: DEFAULTS.trainableLayers,
    description: 'Which part of the network learns.',
  })
  trainableLayers?: string | null

  @Field(() => Float, {
    nullable: true,
    defaultValue: DEFAULTS.trunkLearningRateFactor,
    description: "The trunk's learning rate as a share of the head's, 0-1.",
  })
  trunkLearningRateFactor?: number | null

  @Field(() => [Int], {
    nullable: true,
    description: 'Up to 8 of 1-8,192; empty for a linear head. Default: the head it starts from, else [1024, 256].',
  })
  hiddenUnits?: number[] | null

  @Field(() => [Float], {
    nullable: true,
    description: 'One in [0, 1) before each hidden layer. Default: the head it starts from, else [0.5, 0.3].',
  })
  dropout?: number[] | null

  @Field(() => Augmentation, {
    nullable: true,
    defaultValue: DEFAULTS.augmentation,
    description: 'How pictures are varied while training; this version takes NONE only.',
  })
  augmentation?: string | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULTS.imageSize,
    description: 'Width and height in pixels that the network sees: a multiple of 32, 32-512.',
  })
  imageSize?: number | null

  @Field(() => EarlyStoppingInput, {
    nullable: true,
    description: 'When it ends before its last epoch; default never.',
  })
  earlyStopping?: EarlyStoppingInput | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: DEFAULTS.seed,
    description: 'What every random draw follows from, 0 to 2^31 - 1.',
  })
  seed?: number | null
}
