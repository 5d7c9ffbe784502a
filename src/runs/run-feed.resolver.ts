import { Arg, ID, Int, Resolver, Root, Subscription } from 'type-graphql'
import type { Epoch, TrainingRun } from '../database/generated/client.js'
import type { DatasetRepository } from '../datasets/dataset.repository.js'
import type { Events } from '../events/events.js'
import { notFoundError } from '../graphql/errors.js'
import { uuidOf } from '../graphql/ids.js'
import { OWN_STREAM, type StreamResolver } from '../graphql/subscriptions.js'
import { epochFeed } from './epoch.feed.js'
import type { EpochRepository } from './epoch.repository.js'
import { EpochType } from './epoch.type.js'
import { progressFeed } from './progress.feed.js'
import { runChangeFeed } from './run-change.feed.js'
import type { RunChangeRepository } from './run-change.repository.js'
import { TrainingProgressType } from './training-progress.type.js'
import type { TrainingRunRepository } from './training-run.repository.js'
import { TrainingRunType } from './training-run.type.js'

interface Parts {
  readonly events: Events
  readonly runs: TrainingRunRepository
  readonly epochs: EpochRepository
  readonly changes: RunChangeRepository
  readonly datasets: DatasetRepository
}

interface EpochArgs {
  trainingRunId: string
  afterEpoch: number | null
}

@Resolver()
export class RunFeedResolver implements StreamResolver {
  constructor(private readonly parts: Parts) {}

  readonly streams = {
    epochCompleted: async ({ trainingRunId, afterEpoch }: EpochArgs) =>
      epochFeed(this.parts, { runId: await this.#run(trainingRunId), afterEpoch: afterEpoch ?? 0 }),
    trainingProgress: async ({ trainingRunId }: { trainingRunId: string }) =>
      progressFeed(this.parts, await this.#run(trainingRunId)),
    trainingRunChanged: async ({ datasetId }: { datasetId?: string | null }) =>
      runChangeFeed(this.parts, typeof datasetId === 'string' ? await this.#dataset(datasetId) : null),
  }

  @Subscription(() => EpochType, {
    ...OWN_STREAM,
    description:
      'Every epoch after afterEpoch: first those already stored, then each as it finishes, none twice and none missed; completes when the run ends.',
  })
  epochCompleted(
    @Root() epoch: Epoch,
    @Arg('trainingRunId', () => ID, { description: 'The run to follow.' }) _trainingRunId: string,
    @Arg('afterEpoch', () => Int, {
      nullable: true,
      defaultValue: 0,
      description: 'The last epoch that is known already.',
    })
    _afterEpoch: number | null,
  ): EpochType {
    return new EpochType(epoch)
  }

  @Subscription(() => TrainingProgressType, {
    ...OWN_STREAM,
    description:
      'Status and progress inside an epoch, at once and then at most four times a second; completes when the run ends.',
  })
  trainingProgress(
    @Root() run: TrainingRun,
    @Arg('trainingRunId', () => ID, { description: 'The run to follow.' }) _trainingRunId: string,
  ): TrainingProgressType {
    return new TrainingProgressType(run)
  }

  @Subscription(() => TrainingRunType, {
    ...OWN_STREAM,
    description: 'A run that was created or changed its status, from now on.',
  })
  trainingRunChanged(
    @Root() run: TrainingRun,
    @Arg('datasetId', () => ID, { nullable: true, description: 'Only runs on this dataset.' })
    _datasetId: string | null,
  ): TrainingRunType {
    return new TrainingRunType(run)
  }

  async #run(trainingRunId: string): Promise<string> {
    const id = uuidOf(trainingRunId, 'TrainingRun')
    if (id === undefined || (await this.parts.runs.find(id)) === null)
      throw notFoundError('training run', trainingRunId)
    return id
  }

  async #dataset(datasetId: string): Promise<string> {
    const id = uuidOf(datasetId, 'Dataset')
    if (id === undefined || (await this.parts.datasets.find(id)) === null) throw notFoundError('dataset', datasetId)
    return id
  }
}
