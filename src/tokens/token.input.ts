import { Field, ID, InputType } from 'type-graphql'
import type { TokenScope as Scope } from '../config/token.setting.js'
import { DateTime } from '../graphql/scalars.js'
import { TokenScope } from './token.type.js'

@InputType({ description: 'A new token.' })
export class CreateTokenInput {
  @Field(() => String, { description: '1-200 characters; no other token has it.' })
  name!: string

  @Field(() => [TokenScope], { description: 'What it allows: one or more.' })
  scopes!: Scope[]

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; default never.' })
  expiresAt?: Date | null
}

@InputType({ description: 'The token to revoke.' })
export class RevokeTokenInput {
  @Field(() => ID, { description: 'Its id.' })
  tokenId!: string
}
