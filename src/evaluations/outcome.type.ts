import { Field, Float, ObjectType } from 'type-graphql'
import type { Outcome as OutcomeRow } from '../database/generated/client.js'
import { connectionOf } from '../graphql/connections.js'
import { enumOf } from '../graphql/enums.js'
import { globalId } from '../graphql/ids.js'
import { Node } from '../graphql/node.type.js'
import { rankScores, type ClassScore, type ScoredBy } from './class-score.js'
import { ClassScoreType } from './class-score.type.js'
import { OUTCOME_ORDERS } from './outcome.order.js'

export const OutcomeOrder = enumOf({ name: 'OutcomeOrder', description: 'How outcomes are ordered.' }, OUTCOME_ORDERS, {
  LOSS_DESC: 'The worst first.',
  LOSS_ASC: 'The best first.',
})

@ObjectType('Outcome', { implements: Node, description: 'What a checkpoint said of one picture.' })
export class OutcomeType implements Node {
  constructor(
    readonly row: OutcomeRow,
    private readonly scoredBy: ScoredBy,
  ) {}

  get id(): string {
    return globalId('Outcome', `${this.row.evaluationId}:${String(this.row.position)}`)
  }

  @Field(() => String, { description: "The version's label." })
  get actual(): string {
    return this.scoredBy.classNames[this.row.actual] as string
  }

  @Field(() => String, { description: 'The likeliest class.' })
  get predicted(): string {
    return this.scoredBy.classNames[this.row.predicted] as string
  }

  @Field(() => [ClassScoreType], { description: 'All classes, best first, summing to 1.' })
  get scores(): ClassScore[] {
    return rankScores(this.row.probabilities, this.scoredBy)
  }

  @Field(() => Float, { description: "-ln of the actual class's probability." })
  get loss(): number {
    return this.row.loss
  }
}

export const OutcomeConnection = connectionOf('Outcome', () => OutcomeType)
