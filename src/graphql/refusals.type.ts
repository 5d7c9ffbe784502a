/** Expected refusals as the schema has them, and the unions of a mutation's success with the refusals it may meet. */
import { createUnionType, Field, Float, ID, Int, InterfaceType, ObjectType, type ClassType } from 'type-graphql'
import { ALIAS_FIGURES, isRefusal, type Refusal } from '../domain/refusals.js'
import { enumOf, TrainingRunStatus } from './enums.js'
import { BigIntScalar } from './scalars.js'

@InterfaceType('Error', { description: 'An expected refusal: data, not an entry in `errors`.' })
export abstract class ErrorInterface {
  @Field(() => String, { description: 'What is wrong and what to do about it, for people.' })
  readonly message!: string
}

@ObjectType({ description: 'One thing wrong with an input.', simpleResolvers: true })
export class InputIssue {
  @Field(() => [String], { description: 'From `input` down: ["hyperparameters", "dropout", "1"].' })
  readonly path!: string[]

  @Field(() => String, { description: 'What is wrong there.' })
  readonly message!: string
}

@ObjectType({ implements: ErrorInterface, description: 'The input breaks a rule; all its issues at once.' })
export class InvalidInput extends ErrorInterface {
  @Field(() => [InputIssue], { description: 'Everything that is wrong.' })
  readonly issues!: InputIssue[]
}

@ObjectType({ implements: ErrorInterface, description: 'Nothing has that id, or it is the id of something else.' })
export class NotFound extends ErrorInterface {
  @Field(() => ID, { description: 'The id or alias that was asked for.' })
  readonly id!: string
}

@ObjectType({ implements: ErrorInterface, description: 'Something else has that name already.' })
export class NameTaken extends ErrorInterface {
  @Field(() => String, { description: 'The name that is taken.' })
  readonly name!: string
}

@ObjectType({ implements: ErrorInterface, description: 'A class has fewer pictures than the split needs.' })
export class DatasetTooSmall extends ErrorInterface {
  @Field(() => String, { nullable: true, description: 'The class with too few pictures.' })
  readonly label!: string | null

  @Field(() => Int, { description: 'Pictures that the split needs of it.' })
  readonly needed!: number

  @Field(() => Int, { description: 'Pictures that there are.' })
  readonly found!: number
}

@ObjectType({ implements: ErrorInterface, description: 'The bytes are not a whole picture of a known format.' })
export class UnreadableImage extends ErrorInterface {
  @Field(() => String, { description: 'Why it cannot be read.' })
  readonly reason!: string
}

@ObjectType({ implements: ErrorInterface, description: 'The picture passes a limit of this server.' })
export class ImageTooLarge extends ErrorInterface {
  @Field(() => BigIntScalar, { description: 'The most bytes that a picture may have.' })
  readonly limitBytes!: number

  @Field(() => BigIntScalar, { description: 'The most pixels that a picture may have.' })
  readonly limitPixels!: number
}

@ObjectType({ implements: ErrorInterface, description: 'The run has ended and cannot be cancelled.' })
export class NotCancellable extends ErrorInterface {
  @Field(() => TrainingRunStatus, { description: 'Where the run stands.' })
  readonly status!: string
}

@ObjectType({ implements: ErrorInterface, description: 'The run is neither failed nor cancelled.' })
export class NotResumable extends ErrorInterface {
  @Field(() => TrainingRunStatus, { description: 'Where the run stands.' })
  readonly status!: string
}

/** `usedBy` is resolved by the node resolver, which knows every type. */
@ObjectType({ implements: ErrorInterface, description: 'Something else needs it, so it was not deleted.' })
export class InUse extends ErrorInterface {
  readonly usedBy!: readonly { type: string; id: string }[]
}

@ObjectType({ implements: ErrorInterface, description: 'The directory lies outside the folders that may be imported.' })
export class DirectoryNotAllowed extends ErrorInterface {
  @Field(() => [String], { description: 'The folders that may be imported (GRAFT_IMPORT_ROOTS).' })
  readonly allowed!: string[]
}

/** `trainingRun` is added by the runs' resolver. */
@ObjectType({ implements: ErrorInterface, description: 'The key was used before, with another input.' })
export class IdempotencyConflict extends ErrorInterface {
  readonly trainingRunId!: string
}

@ObjectType({ implements: ErrorInterface, description: 'The picture of that prediction was not kept.' })
export class PictureNotKept extends ErrorInterface {}

@ObjectType({ implements: ErrorInterface, description: 'The features that would be compared are not kept any more.' })
export class FeaturesNotKept extends ErrorInterface {}

@ObjectType({ implements: ErrorInterface, description: 'The pretrained weights are missing, wrong or out of reach.' })
export class TrunkUnavailable extends ErrorInterface {
  @Field(() => String, { description: 'Why they cannot be used; `message` says the way out.' })
  readonly reason!: string
}

const AliasFigureEnum = enumOf(
  { name: 'AliasFigure', description: 'What can be required of a checkpoint before an alias may point to it.' },
  ALIAS_FIGURES,
  {
    TEST_ACCURACY: 'Accuracy on TEST.',
    MACRO_F1: "Mean of the classes' F1 on TEST.",
  },
)

@ObjectType({ description: 'A figure that is not as good as was required.', simpleResolvers: true })
export class Shortfall {
  @Field(() => AliasFigureEnum, { description: 'Which figure.' })
  readonly figure!: string

  @Field(() => Float, {
    nullable: true,
    description: 'What was required; null where the holder was not evaluated on the same pictures.',
  })
  readonly required!: number | null

  @Field(() => Float, { nullable: true, description: 'What it is; null where there is no evaluation to take it from.' })
  readonly found!: number | null

  @Field(() => Float, { nullable: true, description: 'By how much it falls short; null where either is missing.' })
  readonly missingBy!: number | null
}

@ObjectType({ implements: ErrorInterface, description: 'The checkpoint is not as good as was required.' })
export class RequirementNotMet extends ErrorInterface {
  @Field(() => [Shortfall], { description: 'Every figure that falls short.' })
  readonly shortfalls!: Shortfall[]
}

const TYPES: Record<Refusal['refusal'], ClassType> = {
  InvalidInput,
  NotFound,
  NameTaken,
  DatasetTooSmall,
  UnreadableImage,
  ImageTooLarge,
  DirectoryNotAllowed,
  NotCancellable,
  NotResumable,
  InUse,
  IdempotencyConflict,
  PictureNotKept,
  FeaturesNotKept,
  RequirementNotMet,
  TrunkUnavailable,
}

/**
 * The union `name` of one success and the refusals that may come instead. Resolvers return a domain Refusal as it is, or
 * whatever the success class is made of.
 */
export function resultUnion(name: string, success: ClassType, refusals: readonly Refusal['refusal'][]) {
  return createUnionType({
    name,
    description: `${success.name}, or why it was refused.`,
    types: () => [success, ...refusals.map((refusal) => TYPES[refusal])] as const,
    resolveType: (value: unknown) => (isRefusal(value) ? value.refusal : success.name),
  })
}
