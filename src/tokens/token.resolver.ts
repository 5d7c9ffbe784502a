import { Arg, Mutation, Query, Resolver } from 'type-graphql'
import { isRefusal } from '../domain/refusals.js'
import { CreateTokenInput, RevokeTokenInput } from './token.input.js'
import type { TokenRepository } from './token.repository.js'
import type { TokenService } from './token.service.js'
import { ApiTokenType, CreateTokenResult, RevokeTokenResult } from './token.type.js'

@Resolver(() => ApiTokenType)
export class TokenResolver {
  constructor(
    private readonly service: TokenService,
    private readonly repository: TokenRepository,
  ) {}

  @Query(() => [ApiTokenType], { description: 'All tokens made through the API, newest first. For admins.' })
  async tokens(): Promise<ApiTokenType[]> {
    return (await this.repository.list()).map((row) => new ApiTokenType(row))
  }

  @Mutation(() => CreateTokenResult, { description: 'Makes a token and shows its secret, this once. For admins.' })
  async createToken(
    @Arg('input', () => CreateTokenInput, { description: 'What it is to allow.' }) input: CreateTokenInput,
  ) {
    const made = await this.service.create(input)
    return isRefusal(made) ? made : { token: new ApiTokenType(made.row), secret: made.secret }
  }

  @Mutation(() => RevokeTokenResult, {
    description: 'Makes a token worth nothing, at once and on every server, and ends its subscriptions. For admins.',
  })
  revokeToken(@Arg('input', () => RevokeTokenInput, { description: 'Which.' }) input: RevokeTokenInput) {
    return this.service.revoke(input.tokenId)
  }
}
