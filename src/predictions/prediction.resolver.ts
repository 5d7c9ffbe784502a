import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql'
import { CheckpointType } from '../checkpoints/checkpoint.type.js'
import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import { ImageType } from '../datasets/image.type.js'
import type { Prediction } from '../database/generated/client.js'
import { isRefusal, type Refusal } from '../domain/refusals.js'
import type { GraphContext } from '../graphql/context.js'
import { uuidOf } from '../graphql/ids.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import type { ClassifyService } from './classify.service.js'
import type { FeedbackService } from './feedback.service.js'
import {
  ClassifyInput,
  ClassifyManyInput,
  PredictionsArgs,
  RecordFeedbackInput,
  type PredictionFilter,
} from './prediction.input.js'
import type { LocalFilter, PredictionRepository } from './prediction.repository.js'
import {
  ClassifyManyResult,
  ClassifyResult,
  PredictionConnection,
  PredictionType,
  RecordFeedbackResult,
} from './prediction.type.js'

interface Rooms {
  readonly classifying: ClassifyService
  readonly feedback: FeedbackService
  readonly predictions: PredictionRepository
  readonly checkpoints: CheckpointRepositories['checkpoints']
  readonly images: DatasetRepositories['images']
}

@Resolver(() => PredictionType)
export class PredictionResolver {
  constructor(private readonly rooms: Rooms) {}

  @Query(() => PredictionConnection, { description: 'Predictions, newest first.' })
  predictions(@Args(() => PredictionsArgs) args: PredictionsArgs) {
    const { predictions } = this.rooms
    const filter = localFilter(args.filter ?? {})
    return paginate({
      connection: 'Query.predictions',
      args,
      keyset: NEWEST_FIRST,
      rows: async (after, limit) => (filter === null ? [] : predictions.list(filter, after, limit)),
      count: async () => (filter === null ? 0 : predictions.count(filter)),
      node: (row) => new PredictionType(row),
    })
  }

  @FieldResolver(() => CheckpointType, { nullable: true, description: 'What was asked; null once it was deleted.' })
  async checkpoint(@Root() { row }: PredictionType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    if (row.checkpointId === null) return null
    const checkpoint = await context.loaders.of(this.rooms.checkpoints.byIds).load(row.checkpointId)
    return checkpoint && new CheckpointType(checkpoint)
  }

  @FieldResolver(() => ImageType, { nullable: true, description: 'The picture, where it belongs to a dataset.' })
  async image(@Root() { row }: PredictionType, @Ctx() context: GraphContext): Promise<ImageType | null> {
    if (row.imageId === null) return null
    const image = await context.loaders.of(this.rooms.images.byIds).load(row.imageId)
    return image && new ImageType(image)
  }

  @Mutation(() => ClassifyResult, { description: 'Says what a picture shows, and remembers having said it.' })
  async classify(
    @Arg('input', () => ClassifyInput, { description: 'The picture, and what is to classify it.' })
    input: ClassifyInput,
  ) {
    const prediction = await this.rooms.classifying.classify(input)
    return shown(prediction)
  }

  @Mutation(() => ClassifyManyResult, {
    description: 'Says what each of up to 64 pictures shows: together they are quicker than one by one.',
  })
  async classifyMany(
    @Arg('input', () => ClassifyManyInput, { description: 'The pictures, and what is to classify them.' })
    input: ClassifyManyInput,
  ) {
    const answers = await this.rooms.classifying.classifyMany(input)
    return isRefusal(answers) ? answers : { results: answers.map(shown) }
  }

  @Mutation(() => RecordFeedbackResult, {
    description: 'Records what a picture really shows, and adds it to a dataset if asked to.',
  })
  async recordFeedback(
    @Arg('input', () => RecordFeedbackInput, { description: 'What it shows.' }) input: RecordFeedbackInput,
  ) {
    const prediction = await this.rooms.feedback.record(input)
    return shown(prediction)
  }
}

function shown(prediction: Prediction | Refusal): { prediction: PredictionType } | Refusal {
  return isRefusal(prediction) ? prediction : { prediction: new PredictionType(prediction) }
}

/** Null where the filter names a checkpoint that cannot be: nothing matches. */
function localFilter({ checkpointId, alias, label, maxConfidence, hasCorrectLabel }: PredictionFilter) {
  const local = typeof checkpointId === 'string' ? uuidOf(checkpointId, 'Checkpoint') : null
  if (local === undefined) return null
  const filter: LocalFilter = {
    ...(local === null ? {} : { checkpointId: local }),
    ...(typeof alias === 'string' ? { alias } : {}),
    ...(typeof label === 'string' ? { label } : {}),
    ...(typeof maxConfidence === 'number' ? { maxConfidence } : {}),
    ...(typeof hasCorrectLabel === 'boolean' ? { hasCorrectLabel } : {}),
  }
  return filter
}
