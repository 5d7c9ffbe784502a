/**
 * Every kind of process is killed again and again while people work, and nothing that was acknowledged may be missing at
 * the end. `GRAFT_TEST_KILLS` and `GRAFT_TEST_SEED` make it longer and another.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { uuidOf } from '../../src/graphql/ids.js'
import { drawPicture } from '../trainer/fixture.js'
import { childrenOf, openFleet, type Fleet } from './fleet.js'
import * as work from './work.js'

const KILLS = Number(process.env['GRAFT_TEST_KILLS'] ?? '20')
const SEED = Number(process.env['GRAFT_TEST_SEED'] ?? '1')
const KINDS = ['server', 'supervisor', 'compute', 'postgres'] as const
type Kind = (typeof KINDS)[number]

const EPOCHS = 150
const HYPERPARAMETERS = { epochs: EPOCHS, imageSize: 32, hiddenUnits: [8], batchSize: 8, learningRate: 0.01 }
const PICTURES_PER_CLASS = 30

let fleet: Fleet
beforeAll(async () => {
  fleet = await openFleet()
  for (const role of ['server', 'server', 'trainer', 'trainer'] as const) {
    await fleet.start(role)
    await fleet.ready()
  }
})
afterAll(() => fleet.close())

/** What was answered with success, and what its subscriber saw. */
interface Acknowledged {
  readonly runs: { id: string; seen: number[] }[]
  readonly imports: string[]
  readonly evaluations: string[]
  readonly predictions: string[]
}

interface Scene {
  readonly folder: string
  readonly versionId: string
  readonly checkpointId: string
  readonly acknowledged: Acknowledged
  readonly isOver: () => boolean
}

it(`loses and doubles nothing in ${String(KILLS)} kills of servers, trainers, compute children and Postgres`, async () => {
  const { folder, versionId } = await work.drawnVersion(fleet, PICTURES_PER_CLASS)
  const reference = await work.startRun(fleet, versionId, HYPERPARAMETERS)
  const undisturbed = await work.runEnd(fleet, reference)
  const checkpointId = undisturbed.bestCheckpoint?.id ?? ''

  let over = false
  const acknowledged: Acknowledged = { runs: [], imports: [], evaluations: [], predictions: [] }
  const scene: Scene = { folder, versionId, checkpointId, acknowledged, isOver: () => over }
  const people = [train(scene, 0), train(scene, 1), importAndEvaluate(scene), predict(scene)]
  const killing = killAtRandom().finally(() => (over = true))
  const [takeovers] = await Promise.all([killing, ...people])

  const epochs = await work.epochsOf(fleet, reference)
  const counts = await compare(acknowledged, epochs)
  tell(takeovers, acknowledged, counts)
  expect(counts).toEqual({
    runsLost: 0,
    epochsLost: 0,
    epochsDoubled: 0,
    rowsLost: 0,
    worstDifference: expect.any(Number) as number,
  })
  expect(counts.worstDifference).toBeLessThan(1e-6)
}, 3_600_000)

/** Run after run, each followed across reconnects to its end; every third one computes its features anew. */
async function train({ versionId, acknowledged, isOver }: Scene, server: number): Promise<void> {
  const client = fleet.client(server)
  for (let turn = 0; !isOver(); turn += 1) {
    if (turn % 3 === 2) await fleet.query('DELETE FROM feature_shard')
    const id = await work.startRun(fleet, versionId, HYPERPARAMETERS)
    const run = { id, seen: [] as number[] }
    acknowledged.runs.push(run)
    for await (const { number } of client.watchTrainingRun(id)) run.seen.push(number)
  }
}

async function importAndEvaluate({ folder, versionId, checkpointId, acknowledged, isOver }: Scene): Promise<void> {
  while (!isOver()) {
    const { importId } = await work.importFolder(fleet, folder)
    acknowledged.imports.push(importId)
    const evaluationId = await work.evaluate(fleet, checkpointId, versionId)
    acknowledged.evaluations.push(evaluationId)
    await work.jobEnd(fleet, importId)
    await work.jobEnd(fleet, evaluationId)
  }
}

async function predict({ checkpointId, acknowledged, isOver }: Scene): Promise<void> {
  for (let i = 0; !isOver(); i += 1) {
    acknowledged.predictions.push(await work.classify(fleet, checkpointId, await drawPicture(i % 2, 5000 + i)))
    await sleep(300)
  }
}

interface Takeover {
  readonly kind: Kind
  readonly seconds: number
}

/** Each kind as often as the others, in a random order and at random moments. @returns the takeovers that it caused */
async function killAtRandom(): Promise<Takeover[]> {
  const takeovers: Takeover[] = []
  for (let round = 0; round < Math.ceil(KILLS / KINDS.length); round += 1) {
    const draws = randomUniforms(randomKey(SEED, 'kill', round), 4 * KINDS.length)
    const order = KINDS.map((kind, i) => ({ kind, at: draws[i] ?? 0 })).toSorted((a, b) => a.at - b.at)
    for (const [i, { kind }] of order.entries()) {
      const [pause = 0, choice = 0] = draws.slice(KINDS.length + 2 * i)
      await sleep(500 + 3000 * pause)
      const seconds = await killOne(kind, choice)
      if (seconds !== null) takeovers.push({ kind, seconds })
    }
  }
  return takeovers
}

interface HeldRow {
  id: string
  attempts: number
}

const HELD = `SELECT id, attempts FROM training_run WHERE trainer_id IS NOT NULL AND status IN ('PREPARING', 'RUNNING', 'EVALUATING')`

/** @returns seconds until a run that it was holding was somebody's again; null where it held none */
async function killOne(kind: Kind, choice: number): Promise<number | null> {
  await fleet.ready().catch(() => undefined)
  if (kind === 'postgres') return kill([await fleet.postmasterPid()])
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(choice * items.length)]
  if (kind === 'server') return kill([pick(fleet.members('server'))?.process.pid])
  const before = await heldRuns()
  const trainer = pick(fleet.members('trainer'))?.process.pid
  if (kind === 'supervisor') kill([trainer])
  else kill(await childrenOf(trainer))
  return awaitTakeover(before)
}

function kill(pids: readonly (number | undefined)[]): null {
  for (const pid of pids) {
    try {
      if (pid !== undefined && pid > 0) fleet.kill(pid)
    } catch {
      // It was gone already.
    }
  }
  return null
}

/** Both trainers hold a run, neither of which would fail from one more death: three in a row are the run's own fault. */
async function heldRuns(): Promise<HeldRow[]> {
  for (;;) {
    const held = await fleet.query<HeldRow>(HELD)
    if (held.length === 2 && held.every(({ attempts }) => attempts < 3)) return held
    await sleep(100)
  }
}

async function awaitTakeover(before: readonly HeldRow[]): Promise<number | null> {
  const killedAt = performance.now()
  for (;;) {
    const held = await fleet.query<HeldRow>(HELD)
    const isTaken = before.some((old) => held.some(({ id, attempts }) => id === old.id && attempts > old.attempts))
    if (isTaken) return (performance.now() - killedAt) / 1000
    const ids = before.map(({ id }) => id)
    const open = await fleet.query(`SELECT id FROM training_run WHERE id = ANY ($1) AND finished_at IS NULL`, [ids])
    // It had just ended.
    if (open.length === 0) return null
    await sleep(100)
  }
}

interface Counts {
  readonly runsLost: number
  readonly epochsLost: number
  readonly epochsDoubled: number
  readonly rowsLost: number
  readonly worstDifference: number
}

async function compare(acknowledged: Acknowledged, reference: readonly work.EpochRow[]): Promise<Counts> {
  const numbers = reference.map(({ number }) => number)
  let [runsLost, epochsLost, epochsDoubled, worstDifference] = [0, 0, 0, 0]
  for (const { id, seen } of acknowledged.runs) {
    const state = await work.runState(fleet, id)
    if (state.status !== 'SUCCEEDED') runsLost += 1
    const stored = await work.epochsOf(fleet, id)
    for (const list of [seen, stored.map(({ number }) => number)]) {
      epochsLost += numbers.filter((number) => !list.includes(number)).length
      epochsDoubled += list.length - new Set(list).size
    }
    worstDifference = Math.max(worstDifference, work.worstDifference(stored, reference))
  }
  return { runsLost, epochsLost, epochsDoubled, rowsLost: await countLost(acknowledged), worstDifference }
}

/** Imports that did not take every picture, evaluations without a result, predictions that are not there. */
async function countLost({ imports, evaluations, predictions }: Acknowledged): Promise<number> {
  let lost = 0
  for (const id of imports) {
    const { state, added } = await work.jobEnd(fleet, id)
    if (state !== 'SUCCEEDED' || added !== 2 * PICTURES_PER_CLASS) lost += 1
  }
  for (const id of evaluations) if ((await work.jobEnd(fleet, id)).state !== 'SUCCEEDED') lost += 1
  const ids = predictions.map((id) => uuidOf(id, 'Prediction'))
  const there = await fleet.query('SELECT id FROM prediction WHERE id = ANY ($1)', [ids])
  return lost + new Set(ids).size - there.length
}

function tell(
  takeovers: readonly Takeover[],
  { runs, imports, evaluations, predictions }: Acknowledged,
  counts: Counts,
) {
  const figures = (kind: Kind): string => {
    const seconds = takeovers.flatMap((each) => (each.kind === kind ? each.seconds : [])).toSorted((a, b) => a - b)
    const median = seconds[Math.floor(seconds.length / 2)] ?? NaN
    return `${kind} killed ${String(seconds.length)} times: median ${median.toFixed(1)} s, worst ${(seconds.at(-1) ?? NaN).toFixed(1)} s`
  }
  const done = {
    runs: runs.length,
    imports: imports.length,
    evaluations: evaluations.length,
    predictions: predictions.length,
  }
  process.stdout.write(
    [
      `Kill loop: ${String(KILLS)} kills, seed ${String(SEED)}; acknowledged ${JSON.stringify(done)}`,
      `From kill to takeover, ${figures('supervisor')}; ${figures('compute')}`,
      `${JSON.stringify(counts)}\n`,
    ].join('\n'),
  )
}
