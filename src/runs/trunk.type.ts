import { Field, ObjectType } from 'type-graphql'
import type { Trunk } from '../database/generated/client.js'

@ObjectType('Trunk', { description: 'The pretrained ResNet-50 that a head was grafted on.', simpleResolvers: true })
export class TrunkType implements Pick<Trunk, 'name' | 'sha256' | 'pretrained'> {
  @Field(() => String, { description: 'Where its weights came from.' })
  readonly name!: string

  @Field(() => String, { description: 'Over its tensors, whatever file they came in.' })
  readonly sha256!: string

  @Field(() => Boolean, { description: 'False for a random trunk: accuracies on it mean nothing.' })
  readonly pretrained!: boolean
}
