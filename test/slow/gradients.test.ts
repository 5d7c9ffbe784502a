/** Two steps at every depth on every engine, against what PyTorch makes of them (../training/depths.reference.py). */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRAINABLE_LAYERS } from '../../src/domain/hyperparameters.js'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { bindingPath } from '../../src/engine/native/binding.js'
import { expectReference, follow } from '../training/follow.js'

const native = existsSync(bindingPath()) ? (['tensorflow'] as const) : []

describe.each(['wasm', 'cpu', ...native] as const)('Training on %s', (backend) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine(backend)
  })
  afterAll(() => {
    engine.dispose()
  })

  it.each(TRAINABLE_LAYERS)(
    'gives the losses, weights and running statistics of PyTorch: %s',
    async (depth) => {
      expectReference(depth, await follow(engine, depth))
      expect(engine.tf.memory().numTensors).toBe(0)
    },
    600_000,
  )
})
