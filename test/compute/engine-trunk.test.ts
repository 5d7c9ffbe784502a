import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import { bindingPath } from '../../src/engine/native/binding.js'
import { differenceOfTrunks } from '../engine/trunks.js'

it.each(['HEAD', 'LAYER3'] as const)(
  "gives ONNX Runtime's activations for %s within 1e-3, and leaves nothing behind",
  async (depth) => {
    const engine = await startEngine(existsSync(bindingPath()) ? 'tensorflow' : 'wasm')
    const before = engine.tf.memory().numTensors
    expect(await differenceOfTrunks(engine, { count: 2, depth })).toBeLessThan(1e-3)
    expect(engine.tf.memory().numTensors).toBe(before)
    engine.dispose()
  },
)
