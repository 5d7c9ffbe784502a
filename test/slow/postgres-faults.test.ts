/** Postgres that is silent, or gone for a while. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateCluster } from '../../src/database/embedded/cluster-home.js'
import { ensureServer } from '../../src/database/embedded/ensure-server.js'
import { stopPostmaster } from '../../src/database/embedded/postmaster.js'
import { expectSameFigures, LONG, makeReference, signalAll, startAndReach, type Scene } from './faults.js'
import { childrenOf, openFleet } from './fleet.js'
import * as work from './work.js'

const OUTAGE_MS = 30_000

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
