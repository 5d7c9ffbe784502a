import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { ImageRepository } from '../../datasets/image.repository.js'
import { ImageType } from '../../datasets/image.type.js'
import type { GraphContext } from '../../graphql/context.js'
import type { FoundNeighbours, NeighbourService } from './neighbour.service.js'
import { NeighbourImage, NeighboursArgs, NeighboursResult } from './neighbour.type.js'

@Resolver(() => NeighbourImage)
export class NeighbourResolver {
  constructor(
    private readonly service: NeighbourService,
    private readonly images: ImageRepository,
  ) {}

  @Query(() => NeighboursResult, {
    description: 'The training pictures that are most like a picture, as the trunk sees them.',
  })
  neighbours(@Args(() => NeighboursArgs) args: NeighboursArgs) {
    return this.service.find(args)
  }

  @FieldResolver(() => ImageType, { nullable: true, description: 'The picture; null once its dataset was deleted.' })
  async image(
    @Root() { imageId }: FoundNeighbours['pictures'][number],
    @Ctx() context: GraphContext,
  ): Promise<ImageType | null> {
    const image = await context.loaders.of(this.images.byIds).load(imageId)
    return image && new ImageType(image)
  }
}
