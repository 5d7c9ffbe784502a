import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  computeChildren,
  expectSameFigures,
  LONG,
  makeReference,
  startAndReach,
  statusOf,
  type Scene,
} from './faults.js'
import { openFleet } from './fleet.js'
import * as work from './work.js'

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
    await expectSameFigures(scene, await work.startRun(scene.fleet, scene.versionId, LONG), 1)
    const killed = await startAndReach(scene, 3)
    expect(await computeChildren(scene.fleet)).not.toHaveLength(0)
    for (const { process } of scene.fleet.members('trainer')) process.kill('SIGKILL')
    // Nobody is there to change it now: a run that had ended before would have been nobody's to find.
    expect(await statusOf(scene.fleet, killed), 'when its trainer was killed').toBe('RUNNING')
    await expectSameFigures(scene, killed, 2)
  })
})
