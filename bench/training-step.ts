/** Seconds of one optimiser step, through the library as a run goes through it, reading the batch included. */
import { parseHyperparameters, type Hyperparameters } from '../src/domain/hyperparameters.js'
import { randomKey, randomUniforms } from '../src/domain/random.js'
import type { Engine } from '../src/engine/engine.type.js'
import { cutOf, cutShape } from '../src/network/cut.js'
import { toHalf } from '../src/network/half.js'
import { drawHead } from '../src/network/head.js'
import { randomTrunk } from '../src/network/random.trunk.js'
import { elementCount } from '../src/network/weights.js'
import { sourceInMemory } from '../src/training/picture-source.js'
import { train } from '../src/training/train.js'
import type { PictureSource } from '../src/training/training.type.js'

export interface StepPlan {
  readonly trainableLayers: Hyperparameters['trainableLayers']
  readonly batchSize: number
  readonly imageSize: number
  readonly warmUp: number
  readonly steps: number
}

const CLASS_NAMES = ['a', 'b']

/** The median of `steps` after `warmUp`. */
export async function stepSeconds(engine: Engine, plan: StepPlan): Promise<number> {
  const { trainableLayers, batchSize, imageSize, warmUp, steps } = plan
  const parsed = parseHyperparameters({ trainableLayers, batchSize, imageSize, epochs: 1 })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  const hyperparameters = parsed.value
  const head = drawHead({ ...hyperparameters, classCount: CLASS_NAMES.length }, 0)
  const network = trainableLayers === 'HEAD' ? head : new Map([...randomTrunk(), ...head])
  const shape = cutShape(cutOf(trainableLayers), imageSize)
  // One step more than are measured: what comes after the last would be validation.
  const source = drawnSource((warmUp + steps + 2) * batchSize, shape)
  const events = train({
    ...{ engine, hyperparameters, classNames: CLASS_NAMES, network },
    ...{ train: source, validation: drawnSource(batchSize, shape) },
  })
  const finishedAt: number[] = []
  for await (const event of events) {
    if (event.type === 'step') finishedAt.push(performance.now())
    if (finishedAt.length > warmUp + steps) break
  }
  const taken = finishedAt.slice(1).map((at, i) => (at - (finishedAt[i] as number)) / 1000)
  return median(taken.slice(warmUp))
}

function drawnSource(count: number, shape: readonly number[]): PictureSource {
  const values = toHalf(randomUniforms(randomKey(0, 'pictures'), count * elementCount(shape)))
  return sourceInMemory({ values, labels: Int32Array.from({ length: count }, (_, i) => i % CLASS_NAMES.length), shape })
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
}
