import { afterAll, beforeAll, expect, it } from 'vitest'
import { globalId } from '../../src/graphql/ids.js'
import { createTestServer, type TestServer } from '../server/server.js'
import { openWorkshop, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
let server: TestServer

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 10, VALIDATION: 4, TEST: 6 })
  server = await createTestServer({ DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir })
  await workshop.startTrainer()
})

afterAll(async () => {
  await server.close()
  await workshop.close()
})

async function ask<Data>(query: string, variables: object): Promise<Data> {
  const { data, errors } = await server.ask<Data>(query, { ...variables })
  if (!data) throw new Error(JSON.stringify(errors))
  return data
}

interface Score {
  label: string
  probability: number
}
interface Outcome {
  image: { id: string }
  actual: string
  predicted: string
  scores: Score[]
  loss: number
}
interface Walked {
  status: string
  attempts: number
  trunk: { pretrained: boolean }
  bestEpoch: { number: number }
  bestCheckpoint: { id: string; epoch: number }
  evaluation: {
    split: string
    loss: number
    report: { accuracy: number; confusionMatrix: number[][] }
    outcomes: { nodes: Outcome[] }
  }
}

const probabilityOf = (scores: readonly Score[], label: string): number =>
  scores.find((score) => score.label === label)?.probability ?? Number.NaN

it('leads from a queued run over live epochs to an evaluation whose outcomes classify repeats', async () => {
  const { startTrainingRun } = await ask<{ startTrainingRun: { trainingRun: { id: string } } }>(
    `mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) {
      ... on StartTrainingRunSuccess { trainingRun { id } }
    } }`,
    {
      input: {
        datasetVersionId: globalId('DatasetVersion', workshop.versionId),
        hyperparameters: { epochs: 4, imageSize: 32, batchSize: 8, hiddenUnits: [16] },
      },
    },
  )
  const { id } = startTrainingRun.trainingRun
  const numbers: number[] = []
  const epochs = server.socket().iterate<{ epochCompleted: { number: number } }>({
    query: 'subscription($id: ID!) { epochCompleted(trainingRunId: $id) { number } }',
    variables: { id },
  })
  for await (const { data } of epochs) numbers.push(data?.epochCompleted.number ?? 0)
  expect(numbers).toEqual([1, 2, 3, 4])

  const { node: run } = await ask<{ node: Walked }>(
    `query($id: ID!) { node(id: $id) { ... on TrainingRun {
      status attempts trunk { pretrained } bestEpoch { number } bestCheckpoint { id epoch }
      evaluation { split loss report { accuracy confusionMatrix }
        outcomes(first: 100) { nodes { image { id } actual predicted scores { label probability } loss } } }
    } } }`,
    { id },
  )
  expect(run).toMatchObject({ status: 'SUCCEEDED', attempts: 1, trunk: { pretrained: false } })
  expect(run.bestCheckpoint.epoch).toBe(run.bestEpoch.number)
  const { split, loss, report, outcomes } = run.evaluation
  expect(split).toBe('TEST')
  expect(outcomes.nodes).toHaveLength(12)
  expect(loss).toBeCloseTo(outcomes.nodes.reduce((sum, outcome) => sum + outcome.loss, 0) / 12, 6)
  expect(report.accuracy).toBe(outcomes.nodes.filter((outcome) => outcome.actual === outcome.predicted).length / 12)
  for (const outcome of outcomes.nodes) {
    expect(outcome.scores.reduce((sum, score) => sum + score.probability, 0)).toBeCloseTo(1, 6)
    expect(outcome.loss).toBeCloseTo(-Math.log(probabilityOf(outcome.scores, outcome.actual)), 4)
  }

  for (const outcome of outcomes.nodes.slice(0, 4)) {
    const { classify } = await ask<{ classify: { prediction: { scores: Score[] } } }>(
      `mutation($input: ClassifyInput!) { classify(input: $input) {
        ... on ClassifySuccess { prediction { scores { label probability } } }
      } }`,
      { input: { image: { imageId: outcome.image.id }, model: { checkpointId: run.bestCheckpoint.id } } },
    )
    for (const { label, probability } of outcome.scores) {
      expect(Math.abs(probabilityOf(classify.prediction.scores, label) - probability)).toBeLessThan(1e-3)
    }
  }
})
