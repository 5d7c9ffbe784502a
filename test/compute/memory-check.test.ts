import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/compute/failures.js'
import { checkMemory } from '../../src/compute/memory-check.js'
import { stepBytes } from '../../src/network/step.memory.js'
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import type { EngineInfo } from '../../src/engine/engine.type.js'
import { activationCount } from '../../src/network/activation.count.js'
import { cutOf } from '../../src/network/cut.js'

const engine: EngineInfo = { backend: 'cpu', device: 'a processor', version: 'tfjs' }

function asked(input: object): Hyperparameters {
  const parsed = parseHyperparameters({ trainableLayers: 'ALL', batchSize: 64, ...input })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

function failure(hyperparameters: Hyperparameters, available: number): ReturnType<typeof failureOf> | null {
  try {
    checkMemory(hyperparameters, { classCount: 2, engine, available })
    return null
  } catch (error) {
    return failureOf(error, hyperparameters)
  }
}

describe('The check of memory ahead of a run', () => {
  it('counts what torchvision convolutions put out for a picture of 224 px', () => {
    // sum of output elements over the forward hooks of all Conv2d of torchvision's resnet50
    expect(activationCount(cutOf('ALL'), 224)).toBe(11_113_984)
    expect(activationCount(cutOf('LAYER4'), 224)).toBe(627_200)
    expect(activationCount(cutOf('HEAD'), 224)).toBe(0)
  })

  it('suggests the largest half of the batch size that fits', () => {
    const hyperparameters = asked({})
    const enough = stepBytes({ ...hyperparameters, batchSize: 16 }, 2)
    expect(failure(hyperparameters, enough)).toMatchObject({
      code: 'OUT_OF_MEMORY',
      suggestion: { changes: [{ name: 'batchSize', value: '16' }] },
    })
    expect(failure(asked({ batchSize: 16 }), enough)).toBeNull()
  })

  it('suggests another depth or size where not even one picture fits', () => {
    const told = failure(asked({}), 100e6)
    expect(told).toMatchObject({ code: 'OUT_OF_MEMORY', suggestion: { changes: [] } })
    expect(told?.suggestion?.text).toContain('trainableLayers')
  })

  it('lets the default run pass on a small machine', () => {
    expect(failure(asked({ trainableLayers: 'HEAD' }), 2e9)).toBeNull()
  })
})
