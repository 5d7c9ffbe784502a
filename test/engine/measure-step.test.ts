import { expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import { measureStep } from '../../src/engine/measure-step.js'

// The native TensorFlow brings gradients for all engines with it: it must not be loaded in this process.
it('times a training step where no gradients of TensorFlow.js are loaded, and leaves nothing behind', async () => {
  const engine = await startEngine('wasm')
  const milliseconds = await measureStep(engine.tf)
  expect(milliseconds).toBeGreaterThan(0)
  expect(milliseconds).toBeLessThan(Infinity)
  expect(engine.tf.memory().numTensors).toBe(0)
  engine.dispose()
})
