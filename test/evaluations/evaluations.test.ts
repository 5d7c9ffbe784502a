import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notify } from '../../src/events/events.js'
import { globalId } from '../../src/graphql/ids.js'
import { runIdOf, seedVersion, type SeededVersion } from '../runs/rows.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { seedEvaluated as seed, type EvaluatedOptions } from './evaluated.js'

let server: TestServer
let version: SeededVersion

beforeAll(async () => {
  server = await createTestServer()
  version = await seedVersion(server.database.prisma, 'animals')
})

afterAll(() => server.close())

const seedEvaluated = (cats: readonly number[], options?: EvaluatedOptions) =>
  seed({ prisma: server.database.prisma, version }, cats, options)

interface Outcomes {
  totalCount: number
  nodes: { id: string; loss: number; actual: string; predicted: string; scores: { probability: number }[] }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}

async function outcomesOf(evaluationId: string, variables: object = {}): Promise<Outcomes> {
  const { data, errors } = await server.ask<{ node: { outcomes: Outcomes } }>(
    `query($id: ID!, $first: Int, $after: String, $actual: String, $predicted: String, $orderBy: OutcomeOrder) {
      node(id: $id) { ... on Evaluation {
        outcomes(first: $first, after: $after, actual: $actual, predicted: $predicted, orderBy: $orderBy) {
          totalCount nodes { id loss actual predicted scores { label probability calibratedProbability } image { label } } pageInfo { hasNextPage endCursor }
        }
      } }
    }`,
    { id: evaluationId, ...variables },
  )
  if (!data) throw new Error(JSON.stringify(errors))
  return data.node.outcomes
}

describe('an evaluation', () => {
  it('gives figures that follow from its outcomes', async () => {
    const { run, evaluationId } = await seedEvaluated([0.9, 0.8, 0.3, 0.1, 0.6, 0.2])
    const { data } = await server.ask<{ node: { evaluation: Record<string, unknown> } }>(
      `query($id: ID!) { node(id: $id) { ... on TrainingRun { evaluation {
        id state split loss error checkpoint { epoch evaluations { totalCount nodes { id } } } datasetVersion { number }
        report { accuracy confusionMatrix text perClass { label precision recall f1Score support } macroAvg { f1Score } microAvg { support } weightedAvg { recall } }
      } } } }`,
      { id: runIdOf(run) },
    )
    const { nodes } = await outcomesOf(evaluationId)
    const loss = nodes.reduce((sum, outcome) => sum + outcome.loss, 0) / nodes.length
    expect(data?.node.evaluation).toMatchObject({
      ...{ id: evaluationId, state: 'SUCCEEDED', split: 'TEST', error: null, datasetVersion: { number: 1 } },
      loss: expect.closeTo(loss, 12) as number,
      checkpoint: { epoch: 1, evaluations: { totalCount: 1, nodes: [{ id: evaluationId }] } },
      report: {
        accuracy: nodes.filter((outcome) => outcome.actual === outcome.predicted).length / 6,
        confusionMatrix: [
          [2, 1],
          [1, 2],
        ],
        perClass: [
          { label: 'cat', precision: 2 / 3, recall: 2 / 3, support: 3 },
          { label: 'dog', precision: 2 / 3, recall: 2 / 3, support: 3 },
        ],
        text: expect.stringMatching(/^label .*support\n.*cat .*0\.666667/) as string,
      },
    })
  })

  it('pages through its outcomes by loss, equal ones too, narrowed by classes', async () => {
    const { evaluationId } = await seedEvaluated([0.5, 0.5, 0.25, 0.5, 0.5, 0.75])
    for (const orderBy of ['LOSS_DESC', 'LOSS_ASC', null]) {
      const seen: Outcomes['nodes'] = []
      for (let page = await outcomesOf(evaluationId, { first: 1, orderBy }); ;) {
        expect(page.totalCount).toBe(6)
        seen.push(...page.nodes)
        if (!page.pageInfo.hasNextPage) break
        page = await outcomesOf(evaluationId, { first: 1, orderBy, after: page.pageInfo.endCursor })
      }
      expect(new Set(seen.map((outcome) => outcome.id)).size).toBe(6)
      const losses = seen.map((outcome) => outcome.loss)
      expect(losses).toEqual([...losses].sort((a, b) => (orderBy === 'LOSS_ASC' ? a - b : b - a)))
    }
    const wrong = await outcomesOf(evaluationId, { actual: 'cat', predicted: 'dog' })
    expect(wrong).toMatchObject({
      totalCount: 1,
      nodes: [{ actual: 'cat', predicted: 'dog', image: { label: 'cat' } }],
    })
    expect(wrong.nodes[0]?.scores).toEqual([
      { label: 'dog', probability: 0.75, calibratedProbability: null },
      { label: 'cat', probability: 0.25, calibratedProbability: null },
    ])
    expect((await outcomesOf(evaluationId, { predicted: 'cat' })).totalCount).toBe(5)
    expect(await outcomesOf(evaluationId, { actual: 'cow' })).toMatchObject({ totalCount: 0, nodes: [] })
    const { data } = await server.ask('query($id: ID!) { node(id: $id) { id ... on Outcome { loss predicted } } }', {
      id: wrong.nodes[0]?.id,
    })
    expect(data).toEqual({ node: { id: wrong.nodes[0]?.id, loss: wrong.nodes[0]?.loss, predicted: 'dog' } })
  })

  it('is followed from its present state to its end', async () => {
    const { prisma } = server.database
    const { checkpointId } = await seedEvaluated([1])
    const { id } = await prisma.evaluation.create({
      data: { checkpointId, datasetVersionId: version.versionId, split: 'TEST' },
    })
    const stream = server.socket().iterate({
      query: 'subscription($id: ID!) { evaluationChanged(evaluationId: $id) { state error report { accuracy } } }',
      variables: { id: globalId('Evaluation', id) },
    })
    const seen: unknown[] = []
    for await (const { data } of stream) {
      seen.push(data?.['evaluationChanged'])
      if (seen.length > 1) continue
      await prisma.evaluation.update({ where: { id }, data: { state: 'FAILED', error: 'It broke.' } })
      await notify(prisma, { topic: 'evaluation', id })
    }
    expect(seen).toEqual([
      { state: 'QUEUED', error: null, report: null },
      { state: 'FAILED', error: 'It broke.', report: null },
    ])
  })
})

describe('compareTrainingRuns', () => {
  const compare = async (ids: string[]) => {
    const { data } = await server.ask<{ compareTrainingRuns: Record<string, unknown> }>(
      `query($ids: [ID!]!) { compareTrainingRuns(ids: $ids) {
        __typename
        ... on TrainingRunComparison {
          runs { id } differences { name values }
          results { run { id } testAccuracy testAccuracyDelta macroF1 macroF1Delta perClass { label f1Score f1Delta } }
        }
        ... on InvalidInput { issues { path } }
        ... on NotFound { id }
      } }`,
      { ids },
    )
    return data?.compareTrainingRuns
  }

  it('sets hyperparameters and figures on TEST against the first run', async () => {
    const good = await seedEvaluated([1, 1, 1, 0, 0, 0])
    const hyperparameters = { learningRate: 1e-7, optimizer: 'SGD', hiddenUnits: [4], earlyStopping: { patience: 2 } }
    const poor = await seedEvaluated([1, 1, 1, 0, 0, 1], { run: { hyperparameters } })
    const unlike = await seedEvaluated([1, 1, 1, 0, 0, 0], { split: 'VALIDATION' })
    const ids = [good, poor, unlike].map(({ run }) => runIdOf(run))
    const none = { testAccuracy: null, testAccuracyDelta: null, macroF1: null, macroF1Delta: null, perClass: [] }
    expect(await compare(ids)).toEqual({
      __typename: 'TrainingRunComparison',
      runs: ids.map((id) => ({ id })),
      differences: [
        { name: 'learningRate', values: ['0.001', '1e-7', '0.001'] },
        { name: 'optimizer', values: ['ADAM', 'SGD', 'ADAM'] },
        { name: 'hiddenUnits', values: ['[1024, 256]', '[4]', '[1024, 256]'] },
        { name: 'dropout', values: ['[0.5, 0.3]', '[0.5]', '[0.5, 0.3]'] },
        { name: 'earlyStopping', values: ['null', '{patience: 2, minDelta: 0}', 'null'] },
      ],
      results: [
        {
          ...{ run: { id: ids[0] }, testAccuracy: 1, testAccuracyDelta: 0, macroF1: 1, macroF1Delta: 0 },
          perClass: ['cat', 'dog'].map((label) => ({ label, f1Score: 1, f1Delta: 0 })),
        },
        {
          ...{ run: { id: ids[1] }, testAccuracy: 5 / 6, testAccuracyDelta: 5 / 6 - 1 },
          ...{ macroF1: expect.closeTo(0.82857, 5) as number, macroF1Delta: expect.closeTo(-0.17143, 5) as number },
          perClass: [
            { label: 'cat', f1Score: 6 / 7, f1Delta: 6 / 7 - 1 },
            { label: 'dog', f1Score: 0.8, f1Delta: 0.8 - 1 },
          ],
        },
        { run: { id: ids[2] }, ...none },
      ],
    })
  })

  it('refuses fewer than two runs, the same one twice and ids of nothing', async () => {
    const { run } = await seedEvaluated([1])
    const id = runIdOf(run)
    for (const ids of [[], [id], [id, id]]) {
      expect(await compare(ids)).toEqual({ __typename: 'InvalidInput', issues: [{ path: ['ids'] }] })
    }
    expect(await compare([id, 'nonsense'])).toEqual({ __typename: 'NotFound', id: 'nonsense' })
  })
})
