import { Field, Float, Int, ObjectType } from 'type-graphql'
import type { DatasetHealth as HealthRow } from '../database/generated/client.js'
import { LabelCount } from '../datasets/dataset.type.js'
import { ImageType } from '../datasets/image.type.js'
import type { JobState as State } from '../domain/status.js'
import { connectionOf } from '../graphql/connections.js'
import { JobState } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'
import type { DoubtRow } from './doubtful-label.repository.js'

@ObjectType('DatasetHealth', {
  description:
    "What is wrong with a dataset's pictures. It is looked for once a run of a head has computed their features, again after changes of labels, and whenever inspectDataset asks; what was found last stays until then.",
})
export class DatasetHealthType {
  /** @param row null where nobody has looked yet */
  constructor(
    readonly datasetId: string,
    readonly row: HealthRow | null,
  ) {}

  @Field(() => JobState, { nullable: true, description: 'Where the last inspection stands; null before the first.' })
  get state(): State | null {
    return this.row?.state ?? null
  }

  @Field(() => String, { nullable: true, description: 'Why the last inspection failed, and what to do about it.' })
  get error(): string | null {
    return this.row?.error ?? null
  }

  @Field(() => DateTime, { nullable: true, description: 'When the findings were made; null before the first.' })
  get computedAt(): Date | null {
    return this.row?.computedAt ?? null
  }

  @Field(() => Int, { nullable: true, description: 'Pictures that were looked at for them.' })
  get imageCount(): number | null {
    return this.row?.imageCount ?? null
  }

  @Field(() => Int, { nullable: true, description: 'Pixels of the square in which the trunk saw them.' })
  get imageSize(): number | null {
    return this.row?.computedImageSize ?? null
  }
}

@ObjectType('DoubtfulLabel', {
  implements: Node,
  description: 'A picture whose label a model doubts that learnt from all others.',
})
export class DoubtfulLabelType implements Node {
  constructor(private readonly row: DoubtRow) {}

  get id(): string {
    return globalId('DoubtfulLabel', this.row.image.id)
  }

  @Field(() => ImageType, { description: 'The picture.' })
  get image(): ImageType {
    return new ImageType(this.row.image)
  }

  @Field(() => String, { description: 'Its label.' })
  get givenLabel(): string {
    return this.row.givenLabel
  }

  @Field(() => String, { description: 'The class that the model takes it for.' })
  get suggestedLabel(): string {
    return this.row.suggestedLabel
  }

  @Field(() => Float, {
    description: '0 to 1; at 0.5 both classes are as likely, above it the more the suggested one is likelier.',
  })
  get score(): number {
    return this.row.score
  }
}

@ObjectType({ description: 'How evenly pictures are spread over the classes.', simpleResolvers: true })
export class ClassBalance {
  @Field(() => LabelCount, { nullable: true, description: 'The class with the most pictures.' })
  readonly largest!: LabelCount | null

  @Field(() => LabelCount, { nullable: true, description: 'The class with the fewest pictures.' })
  readonly smallest!: LabelCount | null

  @Field(() => Float, {
    nullable: true,
    description: 'How many times as many the largest has as the smallest. From about 3, train with balanceClasses.',
  })
  readonly ratio!: number | null
}

export const DoubtfulLabelConnection = connectionOf('DoubtfulLabel', () => DoubtfulLabelType)

@ObjectType({
  description: 'The dataset will be looked at; follow it with datasetHealthChanged.',
  simpleResolvers: true,
})
export class InspectDatasetSuccess {
  @Field(() => DatasetHealthType, { description: 'Its health, with what was found before.' })
  readonly health!: DatasetHealthType
}

export const InspectDatasetResult = resultUnion('InspectDatasetResult', InspectDatasetSuccess, [
  'InvalidInput',
  'NotFound',
])
