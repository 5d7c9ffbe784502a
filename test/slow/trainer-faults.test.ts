/** A compute child that is silent, one that hangs, and everything killed at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidOf } from '../../src/graphql/ids.js'
import { drawPicture } from '../trainer/fixture.js'
import {
  computeChildren,
  expectSameFigures,
  makeReference,
  PER_CLASS,
  signalAll,
  startAndReach,
  type Scene,
} from './faults.js'
import { openFleet } from './fleet.js'
import * as work from './work.js'

const LONG_STEP_MS = 15_000

describe('A trainer', () => {
  let scene: Scene
  beforeAll(async () => {
    const fleet = await openFleet()
    await fleet.start('server')
    await fleet.ready()
    await fleet.start('trainer', { GRAFT_STALL_SECONDS: '40' })
    await fleet.ready()
    scene = { fleet, ...(await makeReference(fleet)) }
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
