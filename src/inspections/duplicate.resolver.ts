import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { DatasetVersionType } from '../datasets/dataset-version.type.js'
import { ImageType } from '../datasets/image.type.js'
import { PageArgs } from '../graphql/connections.js'
import type { GraphContext } from '../graphql/context.js'
import { paginate } from '../graphql/paginate.js'
import type { DuplicateRepository } from './duplicate.repository.js'
import {
  DuplicateGroupConnection,
  DuplicateGroupType,
  DuplicateImage,
  SplitLeakConnection,
  SplitLeakType,
} from './duplicate.type.js'
import { BY_POSITION } from './finding.keyset.js'
import { DatasetHealthType } from './health.type.js'
import { DuplicatesArgs } from './inspection.input.js'

const BY_GROUP = { key: BY_POSITION.key, keyOf: (leak: { group: { position: number } }) => leak.group.position }

@Resolver(() => DatasetHealthType)
export class DuplicatesOfHealthResolver {
  constructor(private readonly repository: DuplicateRepository) {}

  @FieldResolver(() => DuplicateGroupConnection, {
    description:
      'Groups of pictures that show the same, those with different labels first, then the largest. A group leaves the list at once when all but one of its pictures are removed.',
  })
  duplicates(@Root() { datasetId }: DatasetHealthType, @Args(() => DuplicatesArgs) args: DuplicatesArgs) {
    const filter = { datasetId, kind: args.kind ?? undefined, labelsDiffer: args.labelsDiffer ?? undefined }
    return paginate({
      connection: `DatasetHealth.duplicates ${datasetId}`,
      args,
      keyset: BY_POSITION,
      rows: (after, limit) => this.repository.list(filter, after, limit),
      count: () => this.repository.count(filter),
      node: (row) => new DuplicateGroupType(row),
    })
  }
}

@Resolver(() => DuplicateGroupType)
export class DuplicateGroupResolver {
  constructor(private readonly repository: DuplicateRepository) {}

  @FieldResolver(() => [DuplicateImage], { description: 'Its pictures by label, without removed ones; the first 100.' })
  async images(@Root() { row }: DuplicateGroupType, @Ctx() context: GraphContext): Promise<DuplicateImage[]> {
    const members = await context.loaders.of(this.repository.membersOf).load(row.id)
    return members.map(({ image, similarity }) => ({ image: new ImageType(image), similarity }))
  }
}

@Resolver(() => DatasetVersionType)
export class LeaksOfVersionResolver {
  constructor(private readonly repository: DuplicateRepository) {}

  @FieldResolver(() => SplitLeakConnection, {
    description: "Duplicates among its pictures that lie in more than one part, as far as the dataset's health knows.",
  })
  leaks(@Root() { row }: DatasetVersionType, @Args(() => PageArgs) args: PageArgs) {
    return paginate({
      connection: `DatasetVersion.leaks ${row.id}`,
      args,
      keyset: BY_GROUP,
      rows: (after, limit) => this.repository.leaks(row, after, limit),
      count: () => this.repository.countLeaks(row),
      node: (leak) => new SplitLeakType(leak),
    })
  }
}
