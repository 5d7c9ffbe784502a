import { Field, Float, Int, ObjectType } from 'type-graphql'
import { ImageType } from '../datasets/image.type.js'
import type { SplitName as SplitWord } from '../domain/status.js'
import { connectionOf } from '../graphql/connections.js'
import { enumOf, SplitName } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { leakId, type GroupRow, type LeakRow } from './duplicate.repository.js'

const KINDS = ['IDENTICAL', 'NEAR'] as const
export type DuplicateKindWord = (typeof KINDS)[number]

export const DuplicateKind = enumOf({ name: 'DuplicateKind', description: 'How alike duplicates are.' }, KINDS, {
  IDENTICAL: 'The same pixels in different files. (The same bytes are in a dataset once.)',
  NEAR: 'The same picture scaled, compressed again, lit otherwise, cropped or mirrored; or another one of the same moment.',
})

@ObjectType('DuplicateGroup', { implements: Node, description: 'Pictures of a dataset that show the same.' })
export class DuplicateGroupType implements Node {
  constructor(readonly row: GroupRow) {}

  get id(): string {
    return globalId('DuplicateGroup', this.row.id)
  }

  @Field(() => DuplicateKind, { description: 'How alike they are.' })
  get kind(): DuplicateKindWord {
    return this.row.kind
  }

  @Field(() => Int, { description: 'How many there are, without those that were removed.' })
  get imageCount(): number {
    return this.row.imageCount
  }

  @Field(() => [String], { description: 'Their labels today, each once, in order: more than one is a contradiction.' })
  get labels(): string[] {
    return this.row.labels
  }
}

@ObjectType({ description: 'A picture among its duplicates.', simpleResolvers: true })
export class DuplicateImage {
  @Field(() => ImageType, { description: 'The picture.' })
  readonly image!: ImageType

  @Field(() => Float, {
    description:
      'With the one that is most alike, up to 1: the cosine of their features, or the share of equal bits of their hashes where features were not compared.',
  })
  readonly similarity!: number
}

@ObjectType({ description: 'A picture of a leak, as the version froze it.', simpleResolvers: true })
export class LeakedImage {
  @Field(() => ImageType, { description: 'The picture as it is today.' })
  readonly image!: ImageType

  @Field(() => String, { description: 'Its class, as frozen.' })
  readonly label!: string

  @Field(() => SplitName, { description: 'The part it plays, as frozen.' })
  readonly split!: SplitWord
}

@ObjectType('SplitLeak', {
  implements: Node,
  description: 'Duplicates in more than one part of a version: what is measured there was learnt by heart.',
})
export class SplitLeakType implements Node {
  constructor(private readonly row: LeakRow) {}

  get id(): string {
    return globalId('SplitLeak', leakId(this.row))
  }

  @Field(() => DuplicateGroupType, { description: 'The duplicates.' })
  get group(): DuplicateGroupType {
    return new DuplicateGroupType(this.row.group)
  }

  @Field(() => [LeakedImage], { description: 'Those that the version has, part after part; the first 100.' })
  get images(): LeakedImage[] {
    const { images, classNames } = this.row
    return images.map(({ image, classIndex, split }) => ({
      image: new ImageType(image),
      label: classNames[classIndex] ?? '',
      split,
    }))
  }
}

export const DuplicateGroupConnection = connectionOf('DuplicateGroup', () => DuplicateGroupType)
export const SplitLeakConnection = connectionOf('SplitLeak', () => SplitLeakType)
