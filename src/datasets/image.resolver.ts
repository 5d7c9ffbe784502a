import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { badUserInput } from '../graphql/errors.js'
import { NEWEST_FIRST, paginate } from '../graphql/paginate.js'
import type { DatasetRepository } from './dataset.repository.js'
import { DatasetType } from './dataset.type.js'
import { isImageSize, MAX_IMAGE_SIZE, type ImageLinks } from './image-links.js'
import { AddImageInput } from './image.input.js'
import type { ImageRepository } from './image.repository.js'
import type { ImageService } from './image.service.js'
import { AddImageResult, ImageConnection, ImageType } from './image.type.js'

@Resolver(() => ImageType)
export class ImageResolver {
  constructor(
    private readonly service: ImageService,
    private readonly datasets: DatasetRepository,
    private readonly links: ImageLinks,
  ) {}

  @FieldResolver(() => DatasetType, { description: 'The dataset that it belongs to.' })
  async dataset(@Root() image: ImageType, @Ctx() context: GraphContext) {
    const row = await context.loaders.of(this.datasets.byIds).load(image.row.datasetId)
    return row && new DatasetType(row)
  }

  @FieldResolver(() => String, { description: 'A URL that a browser can show.' })
  url(
    @Root() image: ImageType,
    @Arg('size', () => Int, { nullable: true, description: 'The longer side in pixels; as stored if left out.' })
    size: number | null | undefined,
  ): string {
    if (typeof size === 'number' && !isImageSize(size)) {
      throw badUserInput(`size is ${String(size)}; it must be between 1 and ${String(MAX_IMAGE_SIZE)}.`)
    }
    return this.links.urlOf(image.row.id, size ?? undefined)
  }

  @Mutation(() => AddImageResult, { description: 'Adds one picture.' })
  async addImage(@Arg('input', () => AddImageInput, { description: 'The picture.' }) input: AddImageInput) {
    const added = await this.service.add(input)
    return isRefusal(added) ? added : { image: new ImageType(added) }
  }
}

@Resolver(() => DatasetType)
export class ImagesOfDatasetResolver {
  constructor(private readonly repository: ImageRepository) {}

  @FieldResolver(() => ImageConnection, { description: 'Its pictures, newest first.' })
  images(
    @Root() { row }: DatasetType,
    @Args(() => PageArgs) args: PageArgs,
    @Arg('label', () => String, { nullable: true, description: 'Only those of this class.' })
    label: string | null | undefined,
  ) {
    const where = { datasetId: row.id, label: label ?? undefined }
    return paginate({
      connection: `Dataset.images ${row.id}`,
      args,
      keyset: NEWEST_FIRST,
      rows: (after, limit) => this.repository.list(where, after, limit),
      count: () => this.repository.count(where),
      node: (image) => new ImageType(image),
    })
  }
}
