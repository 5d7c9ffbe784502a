import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Resolver, Root, Subscription } from 'type-graphql'
import type { ImageImport } from '../../database/generated/client.js'
import { isRefusal } from '../../domain/refusals.js'
import { isEnded } from '../../domain/status.js'
import type { Events } from '../../events/events.js'
import { PageArgs } from '../../graphql/connections.js'
import type { GraphContext } from '../../graphql/context.js'
import { notFoundError } from '../../graphql/errors.js'
import { uuidOf } from '../../graphql/ids.js'
import { NEWEST_FIRST, paginate } from '../../graphql/paginate.js'
import { rowFeed } from '../../graphql/row-feed.js'
import { OWN_STREAM, type StreamResolver } from '../../graphql/subscriptions.js'
import type { DatasetRepository } from '../dataset.repository.js'
import { DatasetType } from '../dataset.type.js'
import { CancelImportInput, ImportImagesInput } from './image-import.input.js'
import {
  CancelImportResult,
  ImageImportConnection,
  ImageImportType,
  ImportImagesResult,
  RejectedFile,
} from './image-import.type.js'
import type { ImageImportService } from './image-import.service.js'
import type { ImportRepository } from './import.repository.js'

/** At most four times a second. */
const LEAST_GAP_MS = 250

@Resolver(() => ImageImportType)
export class ImageImportResolver implements StreamResolver {
  readonly streams = { importProgress: ({ importId }: { importId: string }) => this.progress(importId) }

  constructor(
    private readonly service: ImageImportService,
    private readonly rooms: { imports: ImportRepository; datasets: DatasetRepository; events: Events },
  ) {}

  @FieldResolver(() => DatasetType, { description: 'The dataset that gets the pictures.' })
  async dataset(@Root() { row }: ImageImportType, @Ctx() context: GraphContext) {
    const dataset = await context.loaders.of(this.rooms.datasets.byIds).load(row.datasetId)
    return dataset && new DatasetType(dataset)
  }

  @FieldResolver(() => [RejectedFile], { description: 'The first 100 files that could not be taken.' })
  rejected(@Root() { row }: ImageImportType, @Ctx() context: GraphContext) {
    return row.rejectedCount === 0 ? [] : context.loaders.of(this.rooms.imports.rejectedOf).load(row.id)
  }

  @Mutation(() => ImportImagesResult, {
    description: 'Starts importing pictures that the server can read; follow it with importProgress.',
  })
  async importImages(
    @Arg('input', () => ImportImagesInput, { description: 'What to import.' }) input: ImportImagesInput,
  ) {
    const started = await this.service.start(input)
    return isRefusal(started) ? started : { import: new ImageImportType(started) }
  }

  @Mutation(() => CancelImportResult, {
    description: 'Stops an import; what it has added stays. One that has ended stays as it is.',
  })
  async cancelImport(@Arg('input', () => CancelImportInput, { description: 'The import.' }) input: CancelImportInput) {
    const cancelled = await this.service.cancel(input.importId)
    return isRefusal(cancelled) ? cancelled : { import: new ImageImportType(cancelled) }
  }

  @Subscription(() => ImageImportType, {
    ...OWN_STREAM,
    description: 'The import at once and then as it moves, at most four times a second; completes when it ends.',
  })
  importProgress(
    @Arg('importId', () => ID, { description: 'Its id.' }) _importId: string,
    @Root() row: ImageImport,
  ): ImageImportType {
    return new ImageImportType(row)
  }

  private async progress(importId: string): Promise<AsyncIterable<ImageImport>> {
    const id = uuidOf(importId, 'ImageImport')
    if (id === undefined) throw notFoundError('import', importId)
    const { imports, events } = this.rooms
    // Before the first read: a change in between rings.
    const bell = events.bell('import', id)
    try {
      if ((await imports.find(id)) === null) throw notFoundError('import', importId)
      return rowFeed(bell, {
        find: () => imports.find(id),
        isOver: ({ state }) => isEnded(state),
        leastGapMs: LEAST_GAP_MS,
      })
    } catch (error) {
      bell.close()
      throw error
    }
  }
}

@Resolver(() => DatasetType)
export class ImportsOfDatasetResolver {
  constructor(private readonly repository: ImportRepository) {}

  @FieldResolver(() => ImageImportConnection, { description: 'What was imported into it, newest first.' })
  imports(@Root() { row }: DatasetType, @Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: `Dataset.imports ${row.id}`,
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(row.id, after, limit),
      count: () => this.repository.count(row.id),
      node: (each) => new ImageImportType(each),
    })
  }
}
