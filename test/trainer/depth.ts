/** What must hold of a run at any depth, from asking for it to being served. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config.js'
import type { Epoch } from '../../src/database/generated/client.js'
import type { Hyperparameters } from '../../src/domain/hyperparameters.js'
import { globalId } from '../../src/graphql/ids.js'
import { trainedTensorNames } from '../../src/network/cut.js'
import { canonicalTrunk } from '../../src/network/trunk.canonical.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { startServer, type RunningServer } from '../../src/server.js'
import { readCheckpoint } from '../../src/training/checkpoint-file.js'
import { openWorkshop, silent, type Workshop } from './fixture.js'

interface Score {
  label: string
  probability: number
}

/** @param timeoutMs for one run */
export function describeDepth(trainableLayers: Hyperparameters['trainableLayers'], timeoutMs: number): void {
  let workshop: Workshop
  let server: RunningServer
  let id: string
  const asked = { trainableLayers, epochs: 2, learningRate: 0.01, imageSize: 32, hiddenUnits: [], batchSize: 8 }

  async function ask<Data>(query: string, variables: object): Promise<Data> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ query, variables })
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  }

  async function start(changes: object = {}): Promise<string> {
    const query = `mutation($input: StartTrainingRunInput!) { startTrainingRun(input: $input) {
      ... on StartTrainingRunSuccess { trainingRun { id } } ... on Error { message } } }`
    const input = {
      datasetVersionId: globalId('DatasetVersion', workshop.versionId),
      hyperparameters: asked,
      ...changes,
    }
    const answer = await ask<{ startTrainingRun: { trainingRun?: { id: string } } }>(query, { input })
    if (answer.startTrainingRun.trainingRun === undefined) throw new Error(JSON.stringify(answer))
    const run = await workshop.database.prisma.trainingRun.findFirstOrThrow({ orderBy: { id: 'desc' } })
    return run.id
  }

  const epochsOf = (trainingRunId: string): Promise<Epoch[]> =>
    workshop.database.prisma.epoch.findMany({ where: { trainingRunId }, orderBy: { number: 'asc' } })

  const succeeded = (runId: string) => workshop.until(runId, ({ status }) => status === 'SUCCEEDED', timeoutMs)

  const bestOf = (trainingRunId: string) =>
    workshop.database.prisma.checkpoint.findFirstOrThrow({ where: { trainingRunId }, orderBy: { epoch: 'desc' } })

  const outcomesOf = (evaluationId: string | null) =>
    workshop.database.prisma.outcome.findMany({
      where: { evaluationId: evaluationId ?? '' },
      orderBy: { position: 'asc' },
    })

  describe(`A run that trains ${trainableLayers}`, () => {
    beforeAll(async () => {
      workshop = await openWorkshop({ TRAIN: 6, VALIDATION: 2, TEST: 2 })
      const env = { PORT: '0', DATABASE_URL: workshop.database.url, GRAFT_DATA_DIR: workshop.dataDir }
      server = await startServer({ config: loadConfig(env), log: silent })
      await workshop.startTrainer()
      id = await start()
      await succeeded(id)
    }, 60_000 + timeoutMs)
    afterAll(async () => {
      await server.close()
      await workshop.close()
    })

    it('stores every epoch, and what it trained of the trunk in its checkpoint', async () => {
      expect((await epochsOf(id)).map(({ number }) => number)).toEqual([1, 2])
      const file = readCheckpoint(await workshop.storage.read((await bestOf(id)).sha256))
      const { parameters, statistics } = trainedTensorNames(trainableLayers)
      expect([...file.trunk.keys()].toSorted()).toEqual([...parameters, ...statistics].toSorted())
      const trunk = readSafetensors(await workshop.storage.read(file.trunkSha256))
      for (const name of [parameters[0], statistics[0]])
        expect(file.trunk.get(name ?? '')).not.toEqual(trunk.get(name ?? ''))
    })

    it('is served as it was evaluated', async () => {
      const { evaluationId } = await workshop.run(id)
      const outcomes = await outcomesOf(evaluationId)
      expect(outcomes).toHaveLength(4)
      const { id: checkpoint } = await bestOf(id)
      const query = `mutation($input: ClassifyInput!) { classify(input: $input) {
        ... on ClassifySuccess { prediction { scores { label probability } } } ... on Error { message } } }`
      for (const { imageId, probabilities } of outcomes) {
        const input = {
          model: { checkpointId: globalId('Checkpoint', checkpoint) },
          image: { imageId: globalId('Image', imageId) },
        }
        const { classify } = await ask<{ classify: { prediction: { scores: Score[] } } }>(query, { input })
        const scores = new Map(classify.prediction.scores.map(({ label, probability }) => [label, probability]))
        ;['dots', 'stripes'].forEach((label, i) => {
          expect(Math.abs((scores.get(label) ?? NaN) - (probabilities[i] ?? NaN))).toBeLessThan(1e-3)
        })
      }
    })

    it('is evaluated on request to the same figures', async () => {
      const input = {
        checkpointId: globalId('Checkpoint', (await bestOf(id)).id),
        datasetVersionId: globalId('DatasetVersion', workshop.versionId),
        split: 'TEST',
      }
      const query = `mutation($input: EvaluateCheckpointInput!) { evaluateCheckpoint(input: $input) { __typename } }`
      await ask(query, { input })
      const { prisma } = workshop.database
      const { evaluationId } = await workshop.run(id)
      const again = await until(() =>
        prisma.evaluation.findFirst({ where: { id: { not: evaluationId ?? '' }, finishedAt: { not: null } } }),
      )
      expect(again).toMatchObject({ state: 'SUCCEEDED', error: null })
      const expected = await outcomesOf(evaluationId)
      for (const [i, { probabilities }] of (await outcomesOf(again.id)).entries()) {
        expect(Math.abs((probabilities[0] ?? NaN) - (expected[i]?.probabilities[0] ?? NaN))).toBeLessThan(1e-3)
      }
    })

    it(
      'gives the same figures when its compute child is killed after the first epoch',
      async () => {
        const disturbed = await start()
        await workshop.until(disturbed, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 1, timeoutMs)
        await killComputeChild(workshop.trainers[0]?.pid)
        expect((await succeeded(disturbed)).attempts).toBe(2)
        const [expected, epochs] = [await epochsOf(id), await epochsOf(disturbed)]
        expect(epochs).toHaveLength(2)
        for (const [i, epoch] of epochs.entries()) {
          for (const figure of ['trainLoss', 'trainAccuracy', 'validationLoss', 'validationAccuracy'] as const)
            expect(Math.abs(epoch[figure] - (expected[i]?.[figure] ?? NaN))).toBeLessThan(1e-6)
        }
      },
      2 * timeoutMs,
    )

    it('is the start of another run, with its trunk as it was trained', async () => {
      const checkpoint = await bestOf(id)
      const next = await start({
        fromCheckpointId: globalId('Checkpoint', checkpoint.id),
        hyperparameters: { ...asked, trainableLayers: 'HEAD', epochs: 1 },
      })
      const { trunkSha256 } = await workshop.run(next)
      expect(trunkSha256).not.toBe((await workshop.run(id)).trunkSha256)
      await succeeded(next)
      const file = readCheckpoint(await workshop.storage.read(checkpoint.sha256))
      const pinned = readSafetensors(await workshop.storage.read(file.trunkSha256))
      expect(canonicalTrunk(new Map([...pinned, ...file.trunk])).sha256).toBe(trunkSha256)
      expect(await workshop.storage.stat(trunkSha256 ?? '')).not.toBeNull()
    })
  })
}

async function until<Found>(look: () => Promise<Found | null>): Promise<Found> {
  for (;;) {
    const found = await look()
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** The kernel's list of a process's children. */
async function killComputeChild(pid: number | undefined): Promise<void> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  for (const child of children.trim().split(' ')) process.kill(Number(child), 'SIGKILL')
}
