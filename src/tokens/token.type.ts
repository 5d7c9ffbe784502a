import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { TokenScope as Scope } from '../config/token.setting.js'
import type { ApiToken as TokenRow } from '../database/generated/client.js'
import { globalId } from '../graphql/ids.js'
import { resultUnion } from '../graphql/refusals.type.js'
import { DateTime } from '../graphql/scalars.js'

/** As the schema writes them, and as settings do. */
export const TokenScope = { READ: 'read', CLASSIFY: 'classify', WRITE: 'write', ADMIN: 'admin' } as const

registerEnumType(TokenScope, {
  name: 'TokenScope',
  description: 'What a token allows.',
  valuesConfig: {
    READ: { description: 'All queries but embedding and tokens, all subscriptions, pictures, exports and metrics.' },
    CLASSIFY: {
      description:
        'classify, classifyMany, embedding, createUpload, and recordFeedback that adds nothing to a dataset.',
    },
    WRITE: { description: 'What READ and CLASSIFY allow, and every other mutation but those of tokens.' },
    ADMIN: { description: 'What WRITE allows, and making, listing and revoking tokens.' },
  },
})

/** No Node: a token is for those who may administer, and whoever may read may ask for any node. */
@ObjectType('ApiToken', {
  description: 'A token that was made through the API. Its secret is shown once, to its maker.',
})
export class ApiTokenType {
  constructor(readonly row: TokenRow) {}

  @Field(() => ID, { description: 'Global; what revokeToken takes.' })
  get id(): string {
    return globalId('ApiToken', this.row.id)
  }

  @Field(() => String, { description: 'What it is called, in logs too.' })
  get name(): string {
    return this.row.name
  }

  @Field(() => [TokenScope], { description: 'What it was given.' })
  get scopes(): Scope[] {
    return this.row.scopes as Scope[]
  }

  @Field(() => DateTime, { description: 'When it was made.' })
  get createdAt(): Date {
    return this.row.createdAt
  }

  @Field(() => DateTime, { nullable: true, description: 'When it was last shown, to the minute; null if never.' })
  get lastUsedAt(): Date | null {
    return this.row.lastUsedAt
  }

  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; null for never.' })
  get expiresAt(): Date | null {
    return this.row.expiresAt
  }
}

@ObjectType({ description: 'The token was made.', simpleResolvers: true })
export class CreateTokenSuccess {
  @Field(() => ApiTokenType, { description: 'What is known of it from now on.' })
  readonly token!: ApiTokenType

  @Field(() => String, {
    description: 'What is sent as `authorization: Bearer …`. It is shown this once and not stored.',
  })
  readonly secret!: string
}

@ObjectType({
  description: 'The token is worth nothing any more, and its subscriptions are ended.',
  simpleResolvers: true,
})
export class RevokeTokenSuccess {
  @Field(() => ID, { description: 'The id that it had.' })
  readonly revokedId!: string
}

export const CreateTokenResult = resultUnion('CreateTokenResult', CreateTokenSuccess, ['InvalidInput', 'NameTaken'])
export const RevokeTokenResult = resultUnion('RevokeTokenResult', RevokeTokenSuccess, ['NotFound'])
