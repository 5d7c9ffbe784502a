/** Repeats the reference's steps on an engine. */
import { expect } from 'vitest'
import type { Engine } from '../../src/engine/engine.type.js'
import { cutOf, cutShape, type TrainableLayers } from '../../src/network/cut.js'
import { tensorOf, type StateDict } from '../../src/network/weights.js'
import { openNetwork } from '../../src/training/network.model.js'
import { openOptimizer } from '../../src/training/optimizer.js'
import { predict } from '../../src/training/predict.js'
import { trainStep } from '../../src/training/train-step.js'
import { CLASSES, drawInputs, drawNetwork, PICTURES, REFERENCE } from './depths.js'

const SETTINGS = { optimizer: 'SGD', momentum: 0.9, nesterov: false, weightDecay: 0.01 } as const
const RATES = { learningRate: 0.05, trunkFactor: 0.5 }
const IMAGE_SIZE = 64

export interface Steps {
  losses: number[]
  probabilities: Float64Array
  before: StateDict
  after: StateDict
}

export async function follow(engine: Engine, depth: TrainableLayers): Promise<Steps> {
  const { tf } = engine
  const shape = cutShape(cutOf(depth), IMAGE_SIZE)
  const inputs = drawInputs(shape)
  const labels = Int32Array.from({ length: PICTURES }, (_, i) => i % CLASSES)
  const before = drawNetwork(depth)
  const network = openNetwork(tf, before)
  const parameters = [...network.head.parameters, ...network.trunk.parameters]
  const optimizer = openOptimizer(tf, parameters, { settings: SETTINGS })
  const losses: number[] = []
  for (const [i] of REFERENCE[depth].losses.entries()) {
    const batch = { inputs, shape, labels, count: PICTURES, masks: [] }
    const loss = { classCount: CLASSES, labelSmoothing: 0 }
    losses.push((await trainStep({ tf, network, optimizer }, batch, { ...RATES, step: i + 1, loss })).loss)
  }
  const after = await network.snapshot()
  optimizer.dispose()
  network.dispose()
  const source = { count: PICTURES, labels, shape, read: () => Promise.resolve(inputs) }
  return { losses, before, after, probabilities: await predict(engine, after, source) }
}

/**
 * Relative, of a tensor's move and of a loss. The reference is in double precision; single precision differs by as much in
 * PyTorch itself: 1 % of a move where all layers learn.
 */
const TOLERANCES = { move: 0.02, loss: 1e-3, probability: 5e-3 }

export function expectReference(depth: TrainableLayers, steps: Steps): void {
  const reference = REFERENCE[depth]
  for (const [i, loss] of reference.losses.entries()) {
    expect(Math.abs((steps.losses[i] as number) - loss) / loss, `loss ${i}`).toBeLessThan(TOLERANCES.loss)
  }
  expect([...steps.after.keys()].sort()).toEqual(Object.keys(reference.moves).sort())
  for (const [name, [norm, ...first]] of Object.entries(reference.moves)) {
    const [before, after] = [tensorOf(steps.before, name).data, tensorOf(steps.after, name).data]
    const move = after.map((value, i) => value - (before[i] as number))
    const ours = Math.sqrt(move.reduce((sum, value) => sum + value ** 2, 0))
    // A value is rounded where it is kept: its move is no finer than that.
    const rounding = 1e-6
    expect(Math.abs(ours - norm) / norm, `norm of ${name}`).toBeLessThan(TOLERANCES.move)
    for (const [i, value] of first.entries()) {
      const scale = norm / Math.sqrt(move.length)
      expect(Math.abs((move[i] as number) - value), `${name} ${i}`).toBeLessThan(
        10 * TOLERANCES.move * scale + rounding,
      )
    }
  }
  for (const [i, probability] of reference.probabilities.entries()) {
    expect(Math.abs((steps.probabilities[i] as number) - probability), `probability ${i}`).toBeLessThan(
      TOLERANCES.probability,
    )
  }
}
