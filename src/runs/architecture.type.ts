import { Field, Int, ObjectType } from 'type-graphql'
import { moduleTree, parameterCounts } from '../network/architecture.js'
import type { TrainableLayers } from '../network/cut.js'
import type { HeadSpec } from '../network/head.js'

@ObjectType({ description: 'The network: ResNet-50 with the head that is grafted on it.' })
export class Architecture {
  constructor(
    private readonly head: HeadSpec,
    private readonly trainableLayers: TrainableLayers,
  ) {}

  @Field(() => String, { description: 'The module tree as PyTorch prints it.' })
  get text(): string {
    return moduleTree(this.head)
  }

  @Field(() => Int, { description: 'Weights and biases in all.' })
  get parameterCount(): number {
    return parameterCounts(this.head, this.trainableLayers).parameterCount
  }

  @Field(() => Int, {
    description: 'Those that learn: the head and what trainableLayers adds; running statistics are none.',
  })
  get trainableParameterCount(): number {
    return parameterCounts(this.head, this.trainableLayers).trainableParameterCount
  }
}
