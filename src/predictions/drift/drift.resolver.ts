import { FieldResolver, Resolver, Root } from 'type-graphql'
import { AliasType } from '../../checkpoints/alias.type.js'
import type { Drift, DriftService } from './drift.service.js'
import { AliasDrift } from './drift.type.js'

@Resolver(() => AliasType)
export class DriftResolver {
  constructor(private readonly service: DriftService) {}

  @FieldResolver(() => AliasDrift, {
    description: 'How far what it is asked about, since it points to its checkpoint, has drifted from the training.',
  })
  drift(@Root() { row }: AliasType): Promise<Drift> {
    return this.service.of(row)
  }
}
