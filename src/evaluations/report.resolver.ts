import { Arg, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import { confusedPairs, type ConfusedPair } from '../evaluation/confused-pairs.js'
import type { ClassificationReport } from '../evaluation/report.type.js'
import { firstOf } from '../graphql/paginate.js'
import { ClassificationReportType, ConfusedPairType } from './report.type.js'

@Resolver(() => ClassificationReportType)
export class ReportResolver {
  @FieldResolver(() => [ConfusedPairType], { description: 'The pairs that are confused most often, those first.' })
  confusedPairs(
    @Root() { confusionMatrix, perClass }: ClassificationReport,
    @Arg('first', () => Int, { nullable: true, defaultValue: 20, description: 'How many, 1-100.' })
    first: number | null,
  ): ConfusedPair[] {
    const classNames = perClass.map((metrics) => metrics.label)
    return confusedPairs(confusionMatrix, classNames).slice(0, firstOf(first))
  }
}
