import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { TRAINABLE_LAYERS } from '../../src/domain/hyperparameters.js'
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
const opened = await openWebgpu().catch((error: unknown) => String(error))
const reason = typeof opened === 'string' ? opened : null
/** One takes SwiftShader minutes. */
const depths = typeof opened === 'string' || opened.software ? (['LAYER4'] as const) : TRAINABLE_LAYERS

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

  it.each(depths)('trains the trunk as PyTorch does: %s', async (depth) => {
    const engine = await startEngine('webgpu')
    expectReference(depth, await follow(engine, depth))
    expect(engine.tf.memory().numTensors).toBe(0)
    engine.dispose()
  })

  it('says that memory ran out, instead of going on with zeros, and starts again', async () => {
    const full = await startEngine('webgpu')
    const { tf } = full
    // 40 TB: more than any device has.
    const sum = tf.tidy(() => tf.slice(tf.add(tf.ones([1e7, 1]), tf.ones([1, 1e6])), [0, 0], [1, 1]))
    await expect(sum.data()).rejects.toThrow(/out of memory/)
    expect(full.isBroken()).toBe(true)
    full.dispose()
    const again = await startEngine('webgpu')
    expect(await lossesOn(again)).toHaveLength(reference.length)
    expect(again.isBroken()).toBe(false)
    again.dispose()
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
