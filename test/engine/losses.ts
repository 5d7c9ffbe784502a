import { drawHead, type HeadSpec } from '../../src/network/head.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { openNetwork } from '../../src/training/network.model.js'
import { openOptimizer } from '../../src/training/optimizer.js'
import { trainStep } from '../../src/training/train-step.js'

const SPEC: HeadSpec = { hiddenUnits: [64, 16], dropout: [0, 0, 0], classCount: 3 }
const COUNT = 32
const STEPS = 8

/** Losses of a few Adam steps of one fixed head on one fixed batch [32, 2048]: what every backend has to agree on. */
export async function lossesOn({ tf }: Engine): Promise<number[]> {
  const network = openNetwork(tf, drawHead(SPEC, 7))
  const settings = { optimizer: 'ADAM', momentum: 0.9, nesterov: false, weightDecay: 0 } as const
  const learner = { tf, network, optimizer: openOptimizer(tf, network.head.parameters, { settings }) }
  const losses: number[] = []
  for (let step = 1; step <= STEPS; step++) {
    const features = Float32Array.from({ length: COUNT * 2048 }, (_, i) => ((i * 7919 + step * 31) % 101) / 101)
    const labels = Int32Array.from({ length: COUNT }, (_, i) => i % 3)
    const loss = { classCount: 3, labelSmoothing: 0 }
    const result = await trainStep(
      learner,
      { inputs: features, shape: [2048], labels, count: COUNT, masks: [] },
      { step, learningRate: 1e-3, trunkFactor: 1, loss },
    )
    losses.push(result.loss)
  }
  return losses
}
