import { Args, Query, Resolver } from 'type-graphql'
import type { EmbeddingService } from './embedding.service.js'
import { EmbeddingResult } from './embedding.type.js'
import { EmbeddingArgs } from './prediction.input.js'

@Resolver()
export class EmbeddingResolver {
  constructor(private readonly service: EmbeddingService) {}

  @Query(() => EmbeddingResult, { description: "The trunk's 2048 pooled features of one picture." })
  embedding(@Args(() => EmbeddingArgs) args: EmbeddingArgs) {
    return this.service.embed(args)
  }
}
