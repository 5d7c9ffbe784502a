import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import { openWebgpu } from '../../src/engine/webgpu.js'
import { lossesOn } from '../engine/losses.js'
import { differenceOfTrunks } from '../engine/trunks.js'
import { expectReference, follow } from '../training/follow.js'

/** Debian's chromium package has a Vulkan driver that draws on the processor. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (process.env['VK_DRIVER_FILES'] === undefined && existsSync(SWIFTSHADER)) {
  process.env['VK_DRIVER_FILES'] = SWIFTSHADER
}
const reason = await openWebgpu().then(
  () => null,
  (error: unknown) => String(error),
)

describe.skipIf(reason !== null)(`WebGPU${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let reference: number[]
  beforeAll(async () => {
    const engine = await startEngine('cpu')
    reference = await lossesOn(engine)
    engine.dispose()
  })

  it('trains a head with the losses of plain JavaScript, and says on what', async () => {
    const engine = await startEngine('webgpu')
    const losses = await lossesOn(engine)
    expect(losses).toHaveLength(reference.length)
    for (const [i, loss] of losses.entries()) expect(loss / (reference[i] ?? NaN)).toBeCloseTo(1, 4)
    const { software, name } = await openWebgpu()
    expect(engine.info).toMatchObject({ backend: 'webgpu', device: name })
    expect(engine.onGpu).toBe(!software)
    engine.dispose()
  })

  it('trains layers of the trunk as PyTorch does', async () => {
    const engine = await startEngine('webgpu')
    expectReference('LAYER4', await follow(engine, 'LAYER4'))
    engine.dispose()
  })

  it("gives ONNX Runtime's features within 1e-3", async () => {
    const engine = await startEngine('webgpu')
    expect(await differenceOfTrunks(engine, { count: 1, depth: 'HEAD' })).toBeLessThan(1e-3)
    engine.dispose()
  })

  it('leaves no tensor behind after its steps', async () => {
    const engine = await startEngine('webgpu')
    const first = await lossesOn(engine)
    const { numTensors } = engine.tf.memory()
    expect(await lossesOn(engine)).toEqual(first)
    expect(engine.tf.memory().numTensors - numTensors).toBe(numTensors)
    engine.dispose()
  })
})
