import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { CheckpointRepository } from '../../checkpoints/checkpoint.repository.js'
import { CheckpointType } from '../../checkpoints/checkpoint.type.js'
import type { GraphContext } from '../../graphql/context.js'
import { ExplanationArgs } from './explanation.input.js'
import type { ExplanationLinks } from './explanation.links.js'
import type { ExplainedPicture, ExplanationService } from './explanation.service.js'
import { Explanation, ExplanationResult } from './explanation.type.js'

@Resolver(() => Explanation)
export class ExplanationResolver {
  constructor(
    private readonly service: ExplanationService,
    private readonly checkpoints: CheckpointRepository,
    private readonly links: ExplanationLinks,
  ) {}

  @Query(() => ExplanationResult, {
    description: 'Why a checkpoint takes a picture for what it does: where it finds what speaks for a class.',
  })
  explanation(@Args(() => ExplanationArgs) args: ExplanationArgs) {
    return this.service.explain(args)
  }

  @FieldResolver(() => CheckpointType, { description: 'What explains it.' })
  async checkpoint(
    @Root() { subject }: ExplainedPicture,
    @Ctx() context: GraphContext,
  ): Promise<CheckpointType | null> {
    const row = await context.loaders.of(this.checkpoints.byIds).load(subject.checkpointId)
    return row && new CheckpointType(row)
  }

  @FieldResolver(() => String, {
    description: 'A URL that a browser can show: a PNG of the square, coloured from blue to red where the grid grows.',
  })
  url(@Root() { subject }: ExplainedPicture): string {
    return this.links.urlOf(subject)
  }
}
