import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { CheckpointRepository } from '../../checkpoints/checkpoint.repository.js'
import { CheckpointType } from '../../checkpoints/checkpoint.type.js'
import type { EvaluationRepositories } from '../../evaluations/evaluations.module.js'
import { OutcomeType } from '../../evaluations/outcome.type.js'
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
    @Root() { checkpointId }: ExplainedPicture,
    @Ctx() context: GraphContext,
  ): Promise<CheckpointType | null> {
    const row = await context.loaders.of(this.checkpoints.byIds).load(checkpointId)
    return row && new CheckpointType(row)
  }

  @FieldResolver(() => String, {
    description:
      'A URL that a browser can show: a PNG of the square, coloured from blue to red where the grid grows. Of a picture ' +
      'that was sent along it is a data: URL.',
  })
  url(@Root() { heatMap }: ExplainedPicture): string {
    return Buffer.isBuffer(heatMap) ? `data:image/png;base64,${heatMap.toString('base64')}` : this.links.urlOf(heatMap)
  }
}

@Resolver(() => OutcomeType)
export class ExplanationOfOutcomeResolver {
  constructor(
    private readonly evaluations: EvaluationRepositories['evaluations'],
    private readonly links: ExplanationLinks,
  ) {}

  @FieldResolver(() => String, {
    description:
      'A URL of a heat map, as `explanation` has it, of what spoke for the predicted class; drawn when fetched.',
  })
  async explanationUrl(@Root() { row }: OutcomeType, @Ctx() context: GraphContext): Promise<string> {
    const evaluation = await context.loaders.of(this.evaluations.byIds).load(row.evaluationId)
    if (evaluation === null) throw new Error(`The evaluation ${row.evaluationId} is gone`)
    const owner = { kind: 'image' as const, id: row.imageId }
    return this.links.urlOf({ owner, checkpointId: evaluation.checkpointId, classIndex: row.predicted })
  }
}
