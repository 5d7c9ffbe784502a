import { afterAll, beforeAll, expect, it } from 'vitest'
import { openWorkshop, stopProcess, type Workshop } from './fixture.js'

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 4, VALIDATION: 2, TEST: 0 })
})
afterAll(() => workshop.close())

it('leaves a run to a trainer that has the engine of its first attempt, and does others meanwhile', async () => {
  const { prisma } = workshop.database
  const id = await workshop.startRun({ epochs: 1 })
  const engine = { backend: 'wasm', device: 'the first', version: 'the first' }
  await prisma.trainingRun.update({ where: { id }, data: { engine } })

  const passing = await workshop.startRun({ epochs: 1 })

  const other = await workshop.startTrainer({ GRAFT_ENGINE: 'cpu' })
  await workshop.until(passing, ({ status }) => status === 'SUCCEEDED')
  expect(await workshop.run(id)).toMatchObject({ status: 'QUEUED', attempts: 1, lease: 0 })
  await stopProcess(other, 'SIGTERM')

  await workshop.startTrainer({ GRAFT_ENGINE: 'wasm' })
  const run = await workshop.until(id, ({ status }) => status === 'SUCCEEDED')
  expect(run).toMatchObject({ attempts: 1, engine, testAccuracy: null })
  const evaluation = await prisma.evaluation.findUniqueOrThrow({ where: { id: run.evaluationId ?? '' } })
  expect(evaluation.split).toBe('VALIDATION')
})
