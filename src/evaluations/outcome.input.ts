import { ArgsType, Field } from 'type-graphql'
import { PageArgs } from '../graphql/connections.js'
import type { OutcomeOrder as Order } from './outcome.order.js'
import { OutcomeOrder } from './outcome.type.js'

@ArgsType()
export class OutcomesArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Only pictures of this class.' })
  actual?: string | null

  @Field(() => String, { nullable: true, description: 'Only pictures taken for this class.' })
  predicted?: string | null

  @Field(() => OutcomeOrder, { nullable: true, defaultValue: 'LOSS_DESC', description: 'How they are ordered.' })
  orderBy?: Order | null
}
