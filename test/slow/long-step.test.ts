import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../trainer/fixture.js'
import { LONG } from './faults.js'
import { openFleet, type Fleet } from './fleet.js'
import * as work from './work.js'

const PER_CLASS = 14
const DEEP = { trainableLayers: 'ALL', epochs: 1, imageSize: 32, batchSize: 16, hiddenUnits: [] }

describe('A step of all layers on plain JavaScript', () => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await openFleet({ GRAFT_ENGINE: 'cpu' })
    await fleet.start('server')
    await fleet.ready()
    await fleet.start('trainer')
    await fleet.ready()
  })
  afterAll(() => fleet.close())

  it('is no death however long it takes, and ends when its run is cancelled', async () => {
    const { versionId } = await work.drawnVersion(fleet, PER_CLASS)
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
