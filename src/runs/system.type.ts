import { Field, ID, ObjectType } from 'type-graphql'
import type { Trainer as TrainerRow } from '../database/generated/client.js'
import { globalId } from '../graphql/ids.js'
import { DateTime } from '../graphql/scalars.js'
import { EngineInfoType, readEngineInfo, type EngineInfo } from './engine-info.type.js'

@ObjectType({ description: 'What this Graft is made of and busy with.' })
export class System {
  constructor(version: string) {
    this.version = version
  }

  @Field(() => String, { description: "Graft's own." })
  readonly version: string
}

@ObjectType('Trainer', { description: 'A process that takes runs.' })
export class TrainerType {
  constructor(readonly row: TrainerRow) {}

  @Field(() => ID, { description: 'New with every start of the process.' })
  get id(): string {
    return globalId('Trainer', this.row.id)
  }

  @Field(() => EngineInfoType, { nullable: true, description: 'What it trains with; null until that has started.' })
  get engine(): EngineInfo | null {
    return readEngineInfo(this.row.engine)
  }

  @Field(() => String, {
    nullable: true,
    description:
      'Why the weights that it is to train on are not at hand, so that a run would fail; null where they are.',
  })
  get trunkFault(): string | null {
    return this.row.trunkFault
  }

  @Field(() => DateTime, { description: 'When it last said that it lives.' })
  get lastSeenAt(): Date {
    return this.row.lastSeenAt
  }
}
