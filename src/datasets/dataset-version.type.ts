import { Field, Int, ObjectType } from 'type-graphql'
import { z } from 'zod'
import type { DatasetVersion as DatasetVersionRow } from '../database/generated/client.js'
import { SPLIT_NAMES, type SplitName as SplitWord } from '../domain/status.js'
import { connectionOf } from '../graphql/connections.js'
import { SplitName } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'
import { LabelCount } from './dataset.type.js'
import type { KeptDuplicates } from './dataset-version.service.js'
import { ImageType } from './image.type.js'

const classCounts = z.array(z.int().min(0))
const splitCounts = z.object({ TRAIN: classCounts, VALIDATION: classCounts, TEST: classCounts })
/** Pictures by split and class, in class order. */
export type SplitCounts = z.infer<typeof splitCounts>

@ObjectType({ description: 'One part of a dataset version.', simpleResolvers: true })
export class Split {
  @Field(() => SplitName, { description: 'Which part.' })
  readonly name!: SplitWord

  @Field(() => Int, { description: 'How many pictures it has.' })
  readonly imageCount!: number

  @Field(() => [LabelCount], { description: 'Its classes and their pictures, in class order.' })
  readonly classes!: LabelCount[]
}

@ObjectType('DatasetVersion', {
  implements: Node,
  description:
    'A frozen set of pictures with the labels and splits they had then: what a run trains on. It never changes.',
})
export class DatasetVersionType implements Node {
  constructor(readonly row: DatasetVersionRow) {}

  get id(): string {
    return globalId('DatasetVersion', this.row.id)
  }

  @Field(() => Int, { description: '1, 2, 3 … within the dataset.' })
  get number(): number {
    return this.row.number
  }

  @Field(() => String, {
    description: 'The same pictures, labels, splits and class order give the same digest, anywhere.',
  })
  get digest(): string {
    return this.row.digest
  }

  @Field(() => [String], { description: "The classes, in the order of the network's outputs." })
  get classNames(): string[] {
    return this.row.classNames
  }

  @Field(() => [Split], { description: 'TRAIN, VALIDATION, TEST.' })
  get splits(): Split[] {
    const { counts } = this
    return SPLIT_NAMES.map((name) => ({
      name,
      imageCount: counts[name].reduce((sum, count) => sum + count, 0),
      classes: this.row.classNames.map((label, i) => ({ label, imageCount: counts[name][i] ?? 0 })),
    }))
  }

  @Field(() => DateTime, { description: 'When it was frozen.' })
  get createdAt(): Date {
    return this.row.createdAt
  }

  get counts(): SplitCounts {
    return splitCounts.parse(this.row.counts)
  }
}

export const DatasetVersionConnection = connectionOf('DatasetVersion', () => DatasetVersionType)

@ObjectType({ description: 'A picture of a version, with what was frozen.', simpleResolvers: true })
export class DatasetVersionImageEdge {
  @Field(() => String, { description: 'Its place, to ask on from with `after`.' })
  readonly cursor!: string

  @Field(() => ImageType, { description: 'The picture as it is today.' })
  readonly node!: ImageType

  @Field(() => String, { description: 'Its class, as frozen.' })
  readonly label!: string

  @Field(() => SplitName, { description: 'The part it plays, as frozen.' })
  readonly split!: SplitWord
}

export const DatasetVersionImageConnection = connectionOf(
  'DatasetVersionImage',
  () => ImageType,
  DatasetVersionImageEdge,
)

@ObjectType('KeptDuplicates', {
  description: 'Pictures that show the same, each group in one part.',
  simpleResolvers: true,
})
export class KeptDuplicatesType implements KeptDuplicates {
  @Field(() => Int, { description: 'Groups of two pictures or more.' })
  readonly groupCount!: number

  @Field(() => Int, { description: 'Pictures in them.' })
  readonly imageCount!: number
}

@ObjectType({ description: 'The version is there for good.', simpleResolvers: true })
export class CreateDatasetVersionSuccess {
  @Field(() => DatasetVersionType, {
    description: 'The new version, or the newest where reuseSame found it to be the same.',
  })
  readonly datasetVersion!: DatasetVersionType

  @Field(() => KeptDuplicatesType, {
    nullable: true,
    description: 'What was kept together; null unless keepDuplicatesTogether asked for it.',
  })
  readonly duplicates!: KeptDuplicates | null
}

export const CreateDatasetVersionResult = resultUnion('CreateDatasetVersionResult', CreateDatasetVersionSuccess, [
  'InvalidInput',
  'NotFound',
  'DatasetTooSmall',
])
