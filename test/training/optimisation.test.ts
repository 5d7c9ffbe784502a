/** Ten short runs of PyTorch, followed step by step. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEngine } from '../../src/engine/engine.js'
import type { Backend, Engine } from '../../src/engine/engine.type.js'
import { bindingPath } from '../../src/engine/native/binding.js'
import { readSafetensors } from '../../src/network/safetensors.js'
import { tensorOf, type StateDict } from '../../src/network/weights.js'
import { openNetwork } from '../../src/training/network.model.js'
import type { LossOptions } from '../../src/training/loss.js'
import { openOptimizer, type OptimizerSettings } from '../../src/training/optimizer.js'
import { learningRateAt } from '../../src/training/schedule.js'
import { trainStep } from '../../src/training/train-step.js'
import { describeWithShared } from '../shared.js'

/** The fixture's: batch i is rows 8i mod 48 and on. */
const STEPS_PER_EPOCH = 6
const BATCH_SIZE = 8
const TOLERANCE = 1e-6

interface ReferenceRun {
  losses: number[]
  learningRates: number[]
}
interface Case {
  optimizer?: Partial<OptimizerSettings>
  loss?: Partial<LossOptions>
}

const CASES: Record<string, Case> = {
  adam: {},
  adamw: { optimizer: { optimizer: 'ADAMW', weightDecay: 0.05 } },
  'adam-l2': { optimizer: { weightDecay: 0.05 } },
  'sgd-momentum': { optimizer: { optimizer: 'SGD' } },
  'sgd-nesterov-l2': { optimizer: { optimizer: 'SGD', nesterov: true, weightDecay: 0.01 } },
  'adam-cosine': {},
  'adam-step': {},
  'adam-one-cycle': {},
  'adam-label-smoothing': { loss: { labelSmoothing: 0.1 } },
  'adam-class-weights': { loss: { classWeights: Float64Array.of(0.5, 1, 2.5) } },
}

const BACKENDS: Backend[] = existsSync(bindingPath()) ? ['wasm', 'tensorflow'] : ['wasm']

for (const backend of BACKENDS)
  describeWithShared(`PyTorch's optimisation, on ${backend},`, (shared) => {
    const bytes = readFileSync(join(shared, 'fixtures', 'optimisation.safetensors'))
    const tensors = readSafetensors(bytes)
    const labels = readTargets(bytes)
    const { runs } = JSON.parse(readFileSync(join(shared, 'fixtures', 'optimisation.json'), 'utf8')) as {
      runs: Record<string, ReferenceRun>
    }
    let engine: Engine
    beforeAll(async () => {
      engine = await startEngine(backend)
    })
    afterAll(() => {
      engine.dispose()
    })

    async function repeat(name: string, { optimizer, loss }: Case): Promise<{ losses: number[]; weights: StateDict }> {
      const { tf } = engine
      const network = openNetwork(tf, headOf(tensors, 'init'))
      const settings = { optimizer: 'ADAM', momentum: 0.9, nesterov: false, weightDecay: 0, ...optimizer } as const
      const learner = { tf, network, optimizer: openOptimizer(tf, network.head.parameters, { settings }) }
      const losses: number[] = []
      for (const [i, learningRate] of (runs[name] as ReferenceRun).learningRates.entries()) {
        const batch = { ...batchAt(i), masks: [] }
        const result = await trainStep(learner, batch, {
          step: i + 1,
          learningRate,
          trunkFactor: 1,
          loss: { classCount: 3, labelSmoothing: 0, ...loss },
        })
        losses.push(result.loss)
      }
      const weights = await network.snapshot()
      learner.optimizer.dispose()
      network.dispose()
      return { losses, weights }
    }

    function batchAt(step: number): { inputs: Float32Array; shape: number[]; labels: Int32Array; count: number } {
      const { data, shape } = tensorOf(tensors, 'features')
      const [rows, width] = shape as [number, number]
      const from = (BATCH_SIZE * step) % rows
      return {
        shape: [width],
        inputs: data.slice(from * width, (from + BATCH_SIZE) * width),
        labels: labels.slice(from, from + BATCH_SIZE),
        count: BATCH_SIZE,
      }
    }

    it('is covered by a case for every run of the fixture', () => {
      expect(Object.keys(CASES).sort()).toEqual(Object.keys(runs).sort())
    })

    it.each(Object.entries(CASES))('gives the losses and the final weights of %s', async (name, settings) => {
      const { losses, weights } = await repeat(name, settings)
      expect(distance(losses, (runs[name] as ReferenceRun).losses)).toBeLessThan(TOLERANCE)
      for (const [tensor, { data }] of headOf(tensors, name)) {
        expect(distance(tensorOf(weights, tensor).data, data), tensor).toBeLessThan(TOLERANCE)
      }
    })

    it.each([
      ['adam', 'CONSTANT', 0.01],
      ['adam-cosine', 'COSINE', 0.01],
      ['adam-one-cycle', 'ONE_CYCLE', 0.05],
    ] as const)('gives the learning rates of %s', (name, schedule, learningRate) => {
      const settings = { schedule, learningRate, epochs: 4, warmupEpochs: 0 }
      const { learningRates } = runs[name] as ReferenceRun
      const ours = learningRates.map((_, step) => learningRateAt(step, STEPS_PER_EPOCH, settings))
      expect(distance(ours, learningRates)).toBeLessThan(1e-12)
    })
  })

/** Greatest difference, relative to the greatest number. */
function distance(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  expect(ours.length).toBe(theirs.length)
  const scale = Math.max(...Array.from(theirs, Math.abs))
  return Math.max(...Array.from(theirs, (their, i) => Math.abs(their - (ours[i] as number)))) / scale
}

/** The fixture calls the layers linear0, linear1 …; a head calls them fc.0, fc.1 … */
function headOf(tensors: StateDict, run: string): StateDict {
  const prefix = `${run}.linear`
  const own = [...tensors].filter(([name]) => name.startsWith(prefix))
  return new Map(own.map(([name, tensor]) => [`fc.${name.slice(prefix.length)}`, tensor]))
}

/** `targets` [48] are integers, which the reader of weights leaves out. */
function readTargets(file: Buffer): Int32Array {
  const length = Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.toString('utf8', 8, 8 + length)) as { targets: { data_offsets: [number, number] } }
  const [start, end] = header.targets.data_offsets
  return Int32Array.from({ length: (end - start) / 8 }, (_, i) =>
    Number(file.readBigInt64LE(8 + length + start + 8 * i)),
  )
}
