/** Evaluations as a trainer would leave them, where a test needs no trainer. */
import { globalId } from '../../src/graphql/ids.js'
import type { PrismaClient } from '../../src/database/generated/client.js'
import { seedCheckpoint, seedRun, type SeededVersion } from '../runs/rows.js'

export interface EvaluatedOptions {
  readonly split?: 'TEST' | 'VALIDATION'
  readonly run?: object
  readonly temperature?: number
}

/** A run whose checkpoint said the likelihoods of "cat" for each of the version's pictures. */
export async function seedEvaluated(
  { prisma, version }: { prisma: PrismaClient; version: SeededVersion },
  cats: readonly number[],
  options: EvaluatedOptions = {},
) {
  const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trainerId: null, ...options.run })
  const { id: checkpointId } = await seedCheckpoint(prisma, run.id, 1)
  await prisma.checkpoint.update({ where: { id: checkpointId }, data: { temperature: options.temperature ?? null } })
  const outcomes = cats.map((cat, position) => {
    const actual = position < 3 ? 0 : 1
    const probabilities = [cat, 1 - cat]
    const predicted = cat >= 0.5 ? 0 : 1
    return { position, actual, predicted, probabilities, loss: -Math.log(probabilities[actual] ?? 0) }
  })
  const confusionMatrix = [0, 1].map((actual) =>
    [0, 1].map((predicted) => outcomes.filter((o) => o.actual === actual && o.predicted === predicted).length),
  )
  const split = options.split ?? 'TEST'
  const loss = outcomes.reduce((sum, outcome) => sum + outcome.loss, 0) / outcomes.length
  const evaluation = await prisma.evaluation.create({
    data: { checkpointId, datasetVersionId: version.versionId, split, state: 'SUCCEEDED', loss, confusionMatrix },
  })
  await prisma.outcome.createMany({
    data: outcomes.map((o) => ({ ...o, evaluationId: evaluation.id, imageId: version.imageIds[o.position] ?? '' })),
  })
  await prisma.trainingRun.update({ where: { id: run.id }, data: { evaluationId: evaluation.id } })
  return { run, evaluationId: globalId('Evaluation', evaluation.id), checkpointId }
}
