import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { EvaluationResult } from '../../src/compute/messages.js'
import { ClaimLostError } from '../../src/domain/claim-lost.js'
import { EvaluationWorkRepository } from '../../src/supervisor/evaluation-work.repository.js'
import { InspectionWorkRepository } from '../../src/supervisor/inspection-work.repository.js'
import { persist } from '../../src/supervisor/persist.js'
import { createTestDatabase, type TestDatabase } from '../database.js'
import { seedCheckpoint, seedRun, seedTrunk, seedVersion } from '../runs/rows.js'

const patience = { signal: new AbortController().signal, log: pino({ level: 'silent' }) }

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.close())

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('There was nothing to claim.')
  return value
}

it('gives an evaluation up at once that another worker has, or whose run was deleted', async () => {
  const { prisma } = database
  const version = await seedVersion(prisma, 'evaluated')
  const run = await seedRun(prisma, version, { status: 'SUCCEEDED', trunkSha256: await seedTrunk(prisma) })
  const checkpoint = await seedCheckpoint(prisma, run.id, 1)
  const { id } = await prisma.evaluation.create({
    data: { checkpointId: checkpoint.id, datasetVersionId: version.versionId, split: 'TEST' },
  })
  const evaluations = new EvaluationWorkRepository(prisma)
  const stale = present(await evaluations.claim(id)).claim
  const fresh = present(await evaluations.claim(id)).claim
  const result: EvaluationResult = { epoch: 1, split: 'TEST', loss: 1, accuracy: 0, confusionMatrix: [], outcomes: [] }
  await expect(persist(() => evaluations.succeed(stale, result), patience)).rejects.toThrow(ClaimLostError)
  expect(await prisma.evaluation.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'RUNNING', loss: null })

  await prisma.trainingRun.delete({ where: { id: run.id } })
  await expect(persist(() => evaluations.fail(fresh, 'why'), patience)).rejects.toThrow(ClaimLostError)
})

it('gives an inspection up at once that another worker has, or whose dataset was deleted', async () => {
  const { prisma } = database
  const { datasetId, versionId } = await seedVersion(prisma, 'inspected')
  await prisma.datasetHealth.create({ data: { datasetId, imageSize: 32 } })
  const inspections = new InspectionWorkRepository(prisma)
  const stale = present(await inspections.claim(datasetId)).claim
  const fresh = present(await inspections.claim(datasetId)).claim
  await expect(persist(() => inspections.fail(stale, 'why'), patience)).rejects.toThrow(ClaimLostError)
  expect(await prisma.datasetHealth.findUniqueOrThrow({ where: { datasetId } })).toMatchObject({ state: 'RUNNING' })

  await prisma.datasetVersion.delete({ where: { id: versionId } })
  await prisma.dataset.delete({ where: { id: datasetId } })
  await expect(persist(() => inspections.fail(fresh, 'why'), patience)).rejects.toThrow(ClaimLostError)
})
