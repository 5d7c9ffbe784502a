/** What goes wrong beside plain deaths, tried on processes as they really run. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateCluster } from '../../src/database/embedded/cluster-home.js'
import { ensureServer } from '../../src/database/embedded/ensure-server.js'
import { stopPostmaster } from '../../src/database/embedded/postmaster.js'
import { uuidOf } from '../../src/graphql/ids.js'
import { drawPicture, eventually } from '../trainer/fixture.js'
import { childrenOf, openFleet, type Fleet } from './fleet.js'
import * as work from './work.js'

const EPOCHS = 150
const LONG = { epochs: EPOCHS, imageSize: 32, hiddenUnits: [8], batchSize: 8, learningRate: 0.01 }
const PER_CLASS = 30
const OUTAGE_MS = 30_000
const LONG_STEP_MS = 15_000

interface Scene {
  readonly fleet: Fleet
  readonly folder: string
  readonly versionId: string
  readonly reference: string
}

/** @param env of its trainer */
async function setScene(env: Record<string, string> = {}, fleetEnv: Record<string, string> = {}): Promise<Scene> {
  const fleet = await openFleet(fleetEnv)
  await fleet.start('server')
  await fleet.ready()
  await fleet.start('trainer', env)
  await fleet.ready()
  return { fleet, ...(await makeReference(fleet)) }
}

async function makeReference(fleet: Fleet): Promise<Omit<Scene, 'fleet'>> {
  const { folder, versionId } = await work.drawnVersion(fleet, PER_CLASS)
  const reference = await work.startRun(fleet, versionId, LONG)
  await work.runEnd(fleet, reference)
  return { folder, versionId, reference }
}

async function startAndReach({ fleet, versionId }: Scene, epoch: number): Promise<string> {
  const id = await work.startRun(fleet, versionId, LONG)
  await eventually(async () => ((await latestEpoch(fleet, id)) ?? 0) >= epoch, 300_000)
  return id
}

async function latestEpoch(fleet: Fleet, id: string): Promise<number | null> {
  const sql = 'SELECT latest_epoch_number AS latest FROM training_run WHERE id = $1'
  const [row] = await fleet.query<{ latest: number | null }>(sql, [uuidOf(id, 'TrainingRun')])
  return row?.latest ?? null
}

async function expectSameFigures({ fleet, reference }: Scene, id: string, attempts: number): Promise<void> {
  expect(await work.runEnd(fleet, id)).toMatchObject({ status: 'SUCCEEDED', attempts, failure: null })
  const difference = work.worstDifference(await work.epochsOf(fleet, id), await work.epochsOf(fleet, reference))
  expect(difference).toBeLessThan(1e-6)
}

/** Those of them that still live: a backend may end between the listing and its signal. */
function signalAll(pids: readonly (number | undefined)[], signal: NodeJS.Signals): void {
  for (const pid of pids) if (pid !== undefined) signalIfAlive(pid, signal)
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function computeChildren(fleet: Fleet): Promise<number[]> {
  return (await Promise.all(fleet.members('trainer').map(({ process }) => childrenOf(process.pid)))).flat()
}

describe('A trainer', () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await setScene({ GRAFT_STALL_SECONDS: '40' })
  })
  afterAll(() => scene.fleet.close())

  it('keeps its run and its attempts through a step of 15 seconds', async () => {
    const id = await startAndReach(scene, 3)
    const children = await computeChildren(scene.fleet)
    signalAll(children, 'SIGSTOP')
    await sleep(LONG_STEP_MS)
    signalAll(children, 'SIGCONT')
    await expectSameFigures(scene, id, 1)
  })

  it('kills a compute child that hangs without dying, and goes on with its run', async () => {
    const id = await startAndReach(scene, 3)
    signalAll(await computeChildren(scene.fleet), 'SIGSTOP')
    await expectSameFigures(scene, id, 2)
  })

  it('goes on after it, its server and Postgres were all killed at once, and nothing acknowledged is missing', async () => {
    const { fleet, folder, versionId, reference } = scene
    const id = await startAndReach(scene, 3)
    const { importId } = await work.importFolder(fleet, folder)
    const checkpointId = (await work.runState(fleet, reference)).bestCheckpoint?.id ?? ''
    const evaluationId = await work.evaluate(fleet, checkpointId, versionId)
    const predictionId = await work.classify(fleet, checkpointId, await drawPicture(0, 9000))
    const members = [...fleet.members('server'), ...fleet.members('trainer')].map(({ process }) => process.pid)
    signalAll([...members, ...(await computeChildren(fleet)), await fleet.postmasterPid()], 'SIGKILL')

    await expectSameFigures(scene, id, 2)
    expect(await work.jobEnd(fleet, importId)).toMatchObject({ state: 'SUCCEEDED', added: 2 * PER_CLASS })
    expect(await work.jobEnd(fleet, evaluationId)).toMatchObject({ state: 'SUCCEEDED' })
    const there = await fleet.query('SELECT 1 FROM prediction WHERE id = $1', [uuidOf(predictionId, 'Prediction')])
    expect(there).toHaveLength(1)
  })
})

describe('Postgres', () => {
  let scene: Scene
  let url: string
  beforeAll(async () => {
    const fleet = await openFleet()
    ;({ url } = await ensureServer(fleet.dataDir))
    for (const role of ['server', 'trainer', 'trainer'] as const) await fleet.start(role, { DATABASE_URL: url })
    await fleet.ready()
    scene = { fleet, ...(await makeReference(fleet)) }
  })
  afterAll(async () => {
    const home = await locateCluster(scene.fleet.dataDir)
    await scene.fleet.close(() => stopPostmaster(home))
  })

  it('may be silent for 30 seconds: a run stays with its trainer, and counts no death', async () => {
    const id = await startAndReach(scene, 3)
    const postmaster = await scene.fleet.postmasterPid()
    const processes = [postmaster, ...(await childrenOf(postmaster))]
    signalAll(processes, 'SIGSTOP')
    await sleep(OUTAGE_MS)
    signalAll(processes, 'SIGCONT')
    await expectSameFigures(scene, id, 1)
  })

  it('may be killed and gone for 30 seconds: a run stays with its trainer, and counts no death', async () => {
    const { fleet, versionId } = scene
    const id = await startAndReach(scene, 3)
    signalAll([await fleet.postmasterPid()], 'SIGKILL')
    await sleep(OUTAGE_MS)
    expect((await ensureServer(fleet.dataDir)).url).toBe(url)
    await expectSameFigures(scene, id, 1)
    expect(await work.runEnd(fleet, await work.startRun(fleet, versionId, LONG))).toMatchObject({ attempts: 1 })
  })
})

describe.each(['an empty data folder', 'an empty database'])(
  'Two servers and two trainers started at once on %s',
  (on) => {
    let fleet: Fleet
    beforeAll(async () => {
      fleet = await openFleet()
      const env = on === 'an empty database' ? { DATABASE_URL: (await ensureServer(fleet.dataDir)).url } : {}
      await Promise.all((['server', 'server', 'trainer', 'trainer'] as const).map((role) => fleet.start(role, env)))
      await fleet.ready()
    })
    afterAll(async () => {
      const home = await locateCluster(fleet.dataDir)
      await fleet.close(() => stopPostmaster(home))
    })

    it('see the same and work on the same, and whoever subscribes to either gets each epoch once', async () => {
      const { versionId } = await work.drawnVersion(fleet, PER_CLASS)
      const ids: string[] = []
      for (let i = 0; i < 3; i++) ids.push(await work.startRun(fleet, versionId, LONG))
      const numbers = Array.from({ length: EPOCHS }, (_, i) => i + 1)
      const subscribers = ids.flatMap((id) =>
        [0, 1].map(async (server) => {
          const seen: number[] = []
          for await (const { number } of fleet.client(server).watchTrainingRun(id)) seen.push(number)
          return seen
        }),
      )
      for (const seen of await Promise.all(subscribers)) expect(seen).toEqual(numbers)
      for (const id of ids) expect(await work.runEnd(fleet, id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 })
      const trainers = await fleet.query<{ id: string }>('SELECT id FROM trainer')
      expect(trainers).toHaveLength(2)
    })
  },
)

/** Every three seconds another hour: as when somebody sets the clock, or a virtual machine was asleep. */
const JUMPING_CLOCK = `
  const Real = Date
  const offset = () => [0, 3_600_000, -3_600_000][Math.floor(performance.now() / 3000) % 3]
  globalThis.Date = class extends Real {
    constructor(...args) { if (args.length > 0) super(...args); else super(Real.now() + offset()) }
    static now() { return Real.now() + offset() }
  }`

describe('A clock that jumps', () => {
  let scene: Scene
  beforeAll(async () => {
    const fleet = await openFleet()
    const clock = join(fleet.dataDir, 'jumping-clock.mjs')
    await writeFile(clock, JUMPING_CLOCK)
    const env = { NODE_OPTIONS: `--import ${clock}` }
    for (const role of ['server', 'trainer', 'trainer'] as const) await fleet.start(role, role === 'trainer' ? env : {})
    await fleet.ready()
    scene = { fleet, ...(await makeReference(fleet)) }
  })
  afterAll(() => scene.fleet.close())

  it('takes no run from a living trainer, and a dead one is found all the same', async () => {
    const undisturbed = await work.startRun(scene.fleet, scene.versionId, LONG)
    const killed = await startAndReach(scene, 3)
    const children = await Promise.all(scene.fleet.members('trainer').map(({ process }) => childrenOf(process.pid)))
    expect(children.flat()).not.toHaveLength(0)
    await expectSameFigures(scene, undisturbed, 1)
    for (const { process } of scene.fleet.members('trainer')) process.kill('SIGKILL')
    const { attempts } = await work.runEnd(scene.fleet, killed)
    await expectSameFigures(scene, killed, attempts)
    expect(attempts).toBeLessThanOrEqual(2)
  })
})

describe('A step of all layers on plain JavaScript', () => {
  let scene: Scene
  const DEEP = { trainableLayers: 'ALL', epochs: 1, imageSize: 32, batchSize: 32, hiddenUnits: [] }
  beforeAll(async () => {
    const fleet = await openFleet({ GRAFT_ENGINE: 'cpu' })
    await fleet.start('server')
    await fleet.ready()
    await fleet.start('trainer')
    await fleet.ready()
    scene = { fleet, reference: '', ...(await work.drawnVersion(fleet, PER_CLASS)) }
  })
  afterAll(() => scene.fleet.close())

  it('is no death however long it takes, and ends when its run is cancelled', async () => {
    const { fleet, versionId } = scene
    const whole = await work.startRun(fleet, versionId, DEEP)
    expect(await work.runEnd(fleet, whole)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 })
    const cancelled = await work.startRun(fleet, versionId, DEEP)
    await eventually(async () => (await work.runState(fleet, cancelled)).status === 'RUNNING', 300_000)
    await sleep(2000)
    await work.cancelRun(fleet, cancelled)
    expect(await work.runEnd(fleet, cancelled)).toMatchObject({ status: 'CANCELLED', attempts: 1 })
    const next = await work.startRun(fleet, versionId, { ...LONG, epochs: 1 })
    expect(await work.runEnd(fleet, next)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 })
  })
})
