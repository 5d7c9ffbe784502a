/** A run's log, read from outside: what the supervisor and its compute child write on one stream. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually, openWorkshop, stopProcess, type Workshop } from '../trainer/fixture.js'

let workshop: Workshop
const lines: string[] = []

beforeAll(async () => {
  workshop = await openWorkshop({ TRAIN: 8, VALIDATION: 4, TEST: 4 })
})

afterAll(() => workshop.close())

interface Line {
  level: string
  time: string
  name: string
  msg: string
  trainerId?: string
  runId?: string
  lease?: number
  epoch?: number
  how?: string
}

it('follows a run by its id through both processes, in JSON whatever writes', async () => {
  const runId = await workshop.startRun({ epochs: 3 })
  const trainer = await workshop.startTrainer({ GRAFT_LOG_LEVEL: 'debug', NODE_OPTIONS: '--trace-warnings' })
  if (trainer.stderr !== null) createInterface({ input: trainer.stderr }).on('line', (line) => lines.push(line))
  await workshop.until(runId, (run) => run.status === 'SUCCEEDED')
  await eventually(() => lines.some((line) => line.includes('"how":"SUCCEEDED"')))

  const parsed = lines.map((line) => JSON.parse(line) as Line)
  for (const { level, time, name, msg } of parsed) {
    expect(['debug', 'info', 'warn', 'error']).toContain(level)
    expect(new Date(time).getTime()).not.toBeNaN()
    expect(['trainer', 'compute']).toContain(name)
    expect(typeof msg).toBe('string')
  }
  const { lease } = await workshop.run(runId)
  const ofRun = parsed.filter((line) => line.runId === runId)
  for (const name of ['trainer', 'compute']) {
    const own = ofRun.filter((line) => line.name === name)
    expect(own.flatMap((line) => line.epoch ?? [])).toEqual([1, 2, 3])
    for (const line of own) expect(line).toMatchObject({ runId, lease, trainerId: ofRun[0]?.trainerId })
  }
  expect(ofRun[0]?.trainerId).toMatch(/^[0-9a-f-]{36}$/)
  expect(ofRun.at(-1)).toMatchObject({ name: 'trainer', how: 'SUCCEEDED' })
})

it('says under the same id that a run was handed over', async () => {
  const runId = await workshop.startRun({ epochs: 1000 })
  await workshop.until(runId, (run) => run.latestEpochNumber !== null)
  const [trainer] = workshop.trainers
  if (trainer === undefined) throw new Error('No trainer runs.')
  const ended = trainer.stderr === null ? undefined : once(trainer.stderr, 'close')
  await stopProcess(trainer, 'SIGTERM')
  await ended
  const last = lines.map((line) => JSON.parse(line) as Line).filter((line) => line.runId === runId)
  expect(last.at(-1)).toMatchObject({ name: 'trainer', how: 'HANDED_OVER' })
})
