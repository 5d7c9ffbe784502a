import { Arg, FieldResolver, Float, Resolver, Root } from 'type-graphql'
import { DatasetVersionType } from '../datasets/dataset-version.type.js'
import { parseHyperparameters } from '../domain/hyperparameters.js'
import { stepBytes } from '../network/step.memory.js'
import { HyperparametersInput } from './hyperparameters.input.js'

@Resolver(() => DatasetVersionType)
export class TrainingMemoryResolver {
  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'About how many bytes of memory a step of such a run on it takes at its peak; null where the hyperparameters would be refused.',
  })
  trainingMemoryBytes(
    @Root() { row }: DatasetVersionType,
    @Arg('hyperparameters', () => HyperparametersInput, { nullable: true, description: 'What to train with.' })
    hyperparameters?: HyperparametersInput | null,
  ): number | null {
    const parsed = parseHyperparameters(hyperparameters)
    return 'issues' in parsed ? null : stepBytes(parsed.value, row.classNames.length)
  }
}
