import { Field, Float, ObjectType } from 'type-graphql'
import { z } from 'zod'
import type { Prediction as PredictionRow } from '../database/generated/client.js'
import type { ClassScore } from '../evaluations/class-score.js'
import { ClassScoreType } from '../evaluations/class-score.type.js'
import { connectionOf } from '../graphql/connections.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

const storedScores = z.array(
  z.object({ label: z.string(), probability: z.number(), calibratedProbability: z.number().nullable().default(null) }),
)

@ObjectType('Prediction', { implements: Node, description: 'What a checkpoint said of one picture when it was asked.' })
export class PredictionType implements Node {
  constructor(readonly row: PredictionRow) {}

  get id(): string {
    return globalId('Prediction', this.row.id)
  }

  @Field(() => String, { nullable: true, description: 'The alias that it was asked through.' })
  get alias(): string | null {
    return this.row.alias
  }

  @Field(() => String, { description: 'The likeliest class.' })
  get label(): string {
    return this.row.label
  }

  @Field(() => Float, { description: 'Its probability.' })
  get confidence(): number {
    return this.row.confidence
  }

  @Field(() => [ClassScoreType], { description: 'Best first, topK of them.' })
  get scores(): ClassScore[] {
    return storedScores.parse(this.row.scores)
  }

  @Field(() => String, { description: "Of the picture's bytes, in hexadecimal." })
  get imageSha256(): string {
    return this.row.imageSha256
  }

  @Field(() => String, { nullable: true, description: 'What a person said it is.' })
  get correctLabel(): string | null {
    return this.row.correctLabel
  }

  @Field(() => Float, { description: 'Milliseconds in the server, from decoding to scores.' })
  get latencyMs(): number {
    return this.row.latencyMs
  }

  @Field(() => DateTime, { description: 'When it was asked.' })
  get createdAt(): Date {
    return this.row.createdAt
  }
}

export const PredictionConnection = connectionOf('Prediction', () => PredictionType)

@ObjectType({ description: 'The picture was classified, and the prediction stored.', simpleResolvers: true })
export class ClassifySuccess {
  @Field(() => PredictionType, { description: 'The prediction.' })
  readonly prediction!: PredictionType
}

@ObjectType({ description: 'The feedback was stored.', simpleResolvers: true })
export class RecordFeedbackSuccess {
  @Field(() => PredictionType, { description: 'The prediction.' })
  readonly prediction!: PredictionType
}

export const ClassifyResult = resultUnion('ClassifyResult', ClassifySuccess, [
  'InvalidInput',
  'NotFound',
  'UnreadableImage',
  'ImageTooLarge',
  'TrunkUnavailable',
])
@ObjectType({ description: 'Each picture was classified, or refused by itself.', simpleResolvers: true })
export class ClassifyManySuccess {
  @Field(() => [ClassifyResult], { description: 'As classify answers, in the order of the pictures.' })
  readonly results!: (typeof ClassifyResult)[]
}

export const ClassifyManyResult = resultUnion('ClassifyManyResult', ClassifyManySuccess, ['InvalidInput', 'NotFound'])

export const RecordFeedbackResult = resultUnion('RecordFeedbackResult', RecordFeedbackSuccess, [
  'InvalidInput',
  'NotFound',
  'PictureNotKept',
])
