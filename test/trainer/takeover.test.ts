import { readFile } from 'node:fs/promises'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Epoch } from '../../src/database/generated/client.js'
import { RunControlRepository } from '../../src/runs/run-control.repository.js'
import { openWorkshop, stopProcess, type Workshop } from './fixture.js'

const LONG = { epochs: 80, learningRate: 0.01, hiddenUnits: [8], earlyStopping: null }

let workshop: Workshop
let trainer: ChildProcess
let undisturbed: Epoch[]
let undisturbedOutcomes: unknown

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 12, VALIDATION: 4, TEST: 4 })
  trainer = await workshop.startTrainer()
  const id = await workshop.startRun(LONG)
  await workshop.until(id, ({ status }) => status === 'SUCCEEDED')
  undisturbed = await epochsOf(id)
  undisturbedOutcomes = await outcomesOf(id)
})
afterAll(() => workshop.close())

it('ends with the same figures after its whole trainer was killed, taken over within 20 seconds', async () => {
  const id = await workshop.startRun(LONG)
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3)
  const next = await workshop.startTrainer()
  const killedAt = performance.now()
  await stopProcess(trainer, 'SIGKILL')
  trainer = next
  const stored = (await workshop.run(id)).latestEpochNumber ?? 0
  expect(stored).toBeLessThan(LONG.epochs)

  await workshop.until(id, (run) => run.attempts === 2 && run.trainerId !== null)
  expect((performance.now() - killedAt) / 1000).toBeLessThan(20)
  await expectSameFigures(id, 2)
})

it('hands its run over when it is told to stop, which counts as no death', async () => {
  const id = await workshop.startRun(LONG)
  const { trainerId } = await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3)
  const next = await workshop.startTrainer()
  const stoppedAt = performance.now()
  await stopProcess(trainer, 'SIGTERM')
  expect(performance.now() - stoppedAt).toBeLessThan(10_000)
  expect(trainer.exitCode).toBe(0)
  trainer = next
  await expectSameFigures(id, 1)
  expect(await workshop.database.prisma.trainer.findUnique({ where: { id: trainerId ?? '' } })).toBeNull()
})

it('goes on under the same trainer when the compute child is killed', async () => {
  const id = await workshop.startRun(LONG)
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3)
  await killComputeChild(trainer)
  await expectSameFigures(id, 2)
})

it('fails the run as TRAINER_LOST after the third death, and goes on with it where somebody resumes it', async () => {
  const id = await workshop.startRun(LONG)
  for (const attempts of [1, 2, 3]) {
    await workshop.until(id, (run) => run.attempts === attempts && run.status === 'RUNNING')
    await killComputeChild(trainer)
  }
  const run = await workshop.until(id, ({ status }) => status === 'FAILED')
  expect(run).toMatchObject({ attempts: 3, failure: { code: 'TRAINER_LOST', suggestion: { changes: [] } } })
  await control().resume(id)
  await expectSameFigures(id, 3)
})

it('ends with the same figures after it was cancelled and resumed', async () => {
  const id = await workshop.startRun(LONG)
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3)
  await control().cancel(id)
  const cancelled = await workshop.until(id, ({ status }) => status === 'CANCELLED')
  expect(cancelled.latestEpochNumber).toBeLessThan(LONG.epochs)
  await control().resume(id)
  await expectSameFigures(id, 1)
})

it('lets nothing pass of what a stopped trainer says after its run was taken over, and gives it work again', async () => {
  const id = await workshop.startRun(LONG)
  await workshop.until(id, ({ latestEpochNumber }) => (latestEpochNumber ?? 0) >= 3)
  const stopped = [trainer.pid ?? 0, ...(await computeChildren(trainer))]
  // The child first: what it has said already, its supervisor may yet have to write when it goes on.
  for (const pid of stopped.toReversed()) process.kill(pid, 'SIGSTOP')
  const next = await workshop.startTrainer()
  await workshop.until(id, (run) => run.attempts === 2 && run.status === 'RUNNING')
  for (const pid of stopped.toReversed()) process.kill(pid, 'SIGCONT')
  await expectSameFigures(id, 2)

  await stopProcess(next, 'SIGTERM')
  await expectSameFigures(await workshop.startRun(LONG), 1)
})

async function expectSameFigures(id: string, attempts: number): Promise<void> {
  const run = await workshop.until(id, ({ status }) => status === 'SUCCEEDED')
  expect(run.attempts).toBe(attempts)
  const epochs = await epochsOf(id)
  expect(epochs.map((epoch) => epoch.number)).toEqual(undisturbed.map((epoch) => epoch.number))
  for (const [i, epoch] of epochs.entries()) {
    for (const figure of ['trainLoss', 'trainAccuracy', 'validationLoss', 'learningRate', 'macroF1'] as const) {
      expect(Math.abs(epoch[figure] - (undisturbed[i]?.[figure] ?? NaN))).toBeLessThan(1e-6)
    }
  }
  expect(await outcomesOf(id)).toEqual(undisturbedOutcomes)
}

function epochsOf(trainingRunId: string): Promise<Epoch[]> {
  return workshop.database.prisma.epoch.findMany({ where: { trainingRunId }, orderBy: { number: 'asc' } })
}

async function outcomesOf(id: string): Promise<unknown> {
  const { evaluationId } = await workshop.run(id)
  const outcomes = await workshop.database.prisma.outcome.findMany({
    where: { evaluationId: evaluationId ?? '' },
    orderBy: { position: 'asc' },
  })
  return outcomes.map(({ position, actual, predicted, loss }) => ({
    position,
    actual,
    predicted,
    loss: loss.toFixed(6),
  }))
}

/** What people do to it. */
function control(): RunControlRepository {
  return new RunControlRepository(workshop.database.prisma)
}

async function killComputeChild(of: ChildProcess): Promise<void> {
  for (const child of await computeChildren(of)) process.kill(child, 'SIGKILL')
}

/** The kernel's list of a process's children. */
async function computeChildren({ pid }: ChildProcess): Promise<number[]> {
  const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8')
  return children.trim().split(' ').map(Number)
}
