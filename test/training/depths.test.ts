/**
 * Two steps against what PyTorch makes of them (depths.reference.py), at a depth for each engine; test/slow/ has all
 * depths on all engines.
 */
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../src/engine/engine.type.js'
import { startEngine } from '../../src/engine/engine.js'
import { bindingPath } from '../../src/engine/native/binding.js'
import type { TrainableLayers } from '../../src/network/cut.js'
import { expectReference, follow } from './follow.js'

const cases: [Backend, TrainableLayers][] = [
  ['wasm', 'LAYER4'],
  ...(existsSync(bindingPath()) ? ([['tensorflow', 'ALL']] satisfies [Backend, TrainableLayers][]) : []),
]

describe('Deep training', () => {
  it.each(cases)(
    'on %s, from %s on: gives the losses, weights and running statistics of PyTorch',
    async (...[backend, depth]) => {
      const engine = await startEngine(backend)
      expectReference(depth, await follow(engine, depth))
      expect(engine.tf.memory().numTensors).toBe(0)
      engine.dispose()
    },
    180_000,
  )
})
