import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import { CheckpointType } from '../checkpoints/checkpoint.type.js'
import type { CheckpointRepositories } from '../checkpoints/checkpoints.module.js'
import type { DatasetVersion, Evaluation } from '../database/generated/client.js'
import { DatasetVersionType } from '../datasets/dataset-version.type.js'
import type { DatasetRepositories } from '../datasets/dataset.module.js'
import { ImageType } from '../datasets/image.type.js'
import { isRefusal } from '../domain/refusals.js'
import type { ClassificationReport } from '../evaluation/report.type.js'
import type { ScoreReport } from '../evaluation/score-report.js'
import type { Events } from '../events/events.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { notFoundError } from '../graphql/errors.js'
import { uuidOf } from '../graphql/ids.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import { OWN_STREAM, type StreamResolver } from '../graphql/subscriptions.js'
import { TrainingRunType } from '../runs/training-run.type.js'
import { DownloadArgs } from './download/download.input.js'
import type { DownloadLinks } from './download/download.links.js'
import { evaluationFeed } from './evaluation.feed.js'
import { EvaluateCheckpointInput } from './evaluation.input.js'
import type { EvaluationRepository } from './evaluation.repository.js'
import type { EvaluationService } from './evaluation.service.js'
import { EvaluateCheckpointResult, EvaluationConnection, EvaluationType } from './evaluation.type.js'
import { OutcomesArgs } from './outcome.input.js'
import { BY_LOSS } from './outcome.order.js'
import type { OutcomeRepository } from './outcome.repository.js'
import { OutcomeConnection, OutcomeType } from './outcome.type.js'
import { ClassificationReportType } from './report.type.js'
import type { ScoreReportService } from './score-report.service.js'
import { ScoreReportType } from './score-report.type.js'
import { readReport } from '../evaluation/stored-report.js'

interface Rooms {
  readonly service: EvaluationService
  readonly events: Events
  readonly evaluations: EvaluationRepository
  readonly outcomes: OutcomeRepository
  readonly scoreReports: ScoreReportService
  readonly links: DownloadLinks
  readonly versions: DatasetRepositories['versions']
  readonly checkpoints: CheckpointRepositories['checkpoints']
}

@Resolver(() => EvaluationType)
export class EvaluationResolver implements StreamResolver {
  constructor(private readonly rooms: Rooms) {}

  readonly streams = {
    evaluationChanged: async ({ evaluationId }: { evaluationId: string }) => {
      const id = uuidOf(evaluationId, 'Evaluation')
      const known = id !== undefined && (await this.rooms.evaluations.find(id)) !== null
      if (!known) throw notFoundError('evaluation', evaluationId)
      return evaluationFeed(this.rooms, id)
    },
  }

  @Subscription(() => EvaluationType, {
    ...OWN_STREAM,
    description: 'The evaluation at once and then as it changes; completes when it ends.',
  })
  evaluationChanged(
    @Root() evaluation: Evaluation,
    @Arg('evaluationId', () => ID, { description: 'The evaluation to follow.' }) _evaluationId: string,
  ): EvaluationType {
    return new EvaluationType(evaluation)
  }

  @Mutation(() => EvaluateCheckpointResult, { description: 'Starts a job; follow it with evaluationChanged.' })
  async evaluateCheckpoint(
    @Arg('input', () => EvaluateCheckpointInput, { description: 'Checkpoint and pictures.' })
    input: EvaluateCheckpointInput,
  ) {
    const evaluation = await this.rooms.service.evaluate(input)
    return isRefusal(evaluation) ? evaluation : { evaluation: new EvaluationType(evaluation) }
  }

  @FieldResolver(() => CheckpointType, { description: 'What is evaluated.' })
  async checkpoint(@Root() { row }: EvaluationType, @Ctx() context: GraphContext): Promise<CheckpointType | null> {
    const checkpoint = await context.loaders.of(this.rooms.checkpoints.byIds).load(row.checkpointId)
    return checkpoint && new CheckpointType(checkpoint)
  }

  @FieldResolver(() => DatasetVersionType, { description: 'The version whose pictures it is about.' })
  async datasetVersion(@Root() evaluation: EvaluationType, @Ctx() context: GraphContext): Promise<DatasetVersionType> {
    return new DatasetVersionType(await this.#version(evaluation, context))
  }

  @FieldResolver(() => ClassificationReportType, { nullable: true, description: 'Its figures, once SUCCEEDED.' })
  async report(@Root() evaluation: EvaluationType, @Ctx() context: GraphContext): Promise<ClassificationReport | null> {
    return readReport(evaluation.row.confusionMatrix, (await this.#version(evaluation, context)).classNames)
  }

  @FieldResolver(() => ScoreReportType, {
    nullable: true,
    description: 'Its figures that need all probabilities, once SUCCEEDED; computed when first asked for.',
  })
  async scoreReport(@Root() evaluation: EvaluationType, @Ctx() context: GraphContext): Promise<ScoreReport | null> {
    return this.rooms.scoreReports.of(evaluation.row, (await this.#version(evaluation, context)).classNames)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'An address to download its figures or outcomes from, once SUCCEEDED; it needs no token.',
  })
  downloadUrl(@Root() { row }: EvaluationType, @Args(() => DownloadArgs) args: DownloadArgs): string | null {
    const download = { content: args.content ?? 'REPORT', format: args.format ?? 'CSV' }
    return row.state === 'SUCCEEDED' ? this.rooms.links.urlOf(row.id, download) : null
  }

  @FieldResolver(() => OutcomeConnection, { description: 'What it says of each picture, the worst first by default.' })
  async outcomes(
    @Root() evaluation: EvaluationType,
    @Args(() => OutcomesArgs) args: OutcomesArgs,
    @Ctx() context: GraphContext,
  ) {
    const { classNames } = await this.#version(evaluation, context)
    const checkpoint = await context.loaders.of(this.rooms.checkpoints.byIds).load(evaluation.row.checkpointId)
    const scoredBy = { classNames, temperature: checkpoint?.temperature ?? null }
    const order = args.orderBy ?? 'LOSS_DESC'
    // A class that the version lacks has the index -1 and so no outcomes.
    const filter = {
      evaluationId: evaluation.row.id,
      ...(typeof args.actual === 'string' ? { actual: classNames.indexOf(args.actual) } : {}),
      ...(typeof args.predicted === 'string' ? { predicted: classNames.indexOf(args.predicted) } : {}),
    }
    return paginate({
      connection: `Evaluation.outcomes ${evaluation.row.id} ${order}`,
      args,
      keyset: BY_LOSS,
      rows: (after, limit) => this.rooms.outcomes.list({ filter, order, after, limit }),
      count: () => this.rooms.outcomes.count(filter),
      node: (row) => new OutcomeType(row, scoredBy),
    })
  }

  async #version({ row }: EvaluationType, context: GraphContext): Promise<DatasetVersion> {
    const version = await context.loaders.of(this.rooms.versions.byIds).load(row.datasetVersionId)
    if (version === null) throw new Error(`The dataset version ${row.datasetVersionId} is gone`)
    return version
  }
}

@Resolver(() => OutcomeType)
export class OutcomeResolver {
  constructor(private readonly images: DatasetRepositories['images']) {}

  @FieldResolver(() => ImageType, { description: 'The picture as it is today.' })
  async image(@Root() { row }: OutcomeType, @Ctx() context: GraphContext): Promise<ImageType | null> {
    const image = await context.loaders.of(this.images.byIds).load(row.imageId)
    return image && new ImageType(image)
  }
}

@Resolver(() => TrainingRunType)
export class EvaluationOfRunResolver {
  constructor(private readonly evaluations: EvaluationRepository) {}

  @FieldResolver(() => EvaluationType, {
    nullable: true,
    description: 'The best checkpoint on TEST (on VALIDATION where the version has no TEST), made when training ends.',
  })
  async evaluation(@Root() { row }: TrainingRunType, @Ctx() context: GraphContext): Promise<EvaluationType | null> {
    if (row.evaluationId === null) return null
    const evaluation = await context.loaders.of(this.evaluations.byIds).load(row.evaluationId)
    return evaluation && new EvaluationType(evaluation)
  }
}

@Resolver(() => CheckpointType)
export class EvaluationsOfCheckpointResolver {
  constructor(private readonly repository: EvaluationRepository) {}

  @FieldResolver(() => EvaluationConnection, { description: 'Its evaluations, newest first.' })
  evaluations(@Root() { row: { id } }: CheckpointType, @Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: `Checkpoint.evaluations ${id}`,
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(id, after, limit),
      count: () => this.repository.count(id),
      node: (row) => new EvaluationType(row),
    })
  }
}
