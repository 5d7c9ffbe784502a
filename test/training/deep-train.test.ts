/** A whole run that trains the last stage and the head, on pictures of 32 pixels. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomKey, randomUniforms } from '../../src/domain/random.js'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { cutOf, cutShape } from '../../src/network/cut.js'
import { toHalf } from '../../src/network/half.js'
import { writeSafetensors } from '../../src/network/safetensors.js'
import { elementCount } from '../../src/network/weights.js'
import { sourceInMemory } from '../../src/training/picture-source.js'
import { readResume, writeResume } from '../../src/training/resume-state.js'
import { train } from '../../src/training/train.js'
import type { EpochEvent, PictureSource, TrainOptions } from '../../src/training/training.type.js'
import { CLASSES, drawNetwork } from './depths.js'
import { hyperparametersOf } from './features.js'

const shape = cutShape(cutOf('LAYER4'), 32)

/** A class has its own part of the channels raised. */
function drawPictures(count: number, seed: number): PictureSource {
  const values = randomUniforms(randomKey(seed, 'pictures'), count * elementCount(shape))
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES)
  for (let i = 0; i < values.length; i++) {
    const label = labels[Math.floor(i / elementCount(shape))]
    if (i % CLASSES === label) values[i] = (values[i] as number) + 0.5
  }
  return sourceInMemory({ values: toHalf(values), labels, shape })
}

function bytesOf(event: EpochEvent | undefined): Buffer {
  return writeSafetensors(event?.network ?? new Map())
}

describe('A run that trains layer4', () => {
  let engine: Engine
  let options: TrainOptions
  beforeAll(async () => {
    engine = await startEngine('wasm')
    options = {
      engine,
      hyperparameters: hyperparametersOf({
        ...{ trainableLayers: 'LAYER4', imageSize: 32, optimizer: 'SGD', learningRate: 0.02, schedule: 'CONSTANT' },
        ...{ epochs: 3, batchSize: 6, hiddenUnits: [8], dropout: [0.2] },
      }),
      classNames: ['cat', 'dog', 'fox'],
      train: drawPictures(12, 0),
      validation: drawPictures(6, 1),
      network: drawNetwork('LAYER4'),
    }
  })
  afterAll(() => {
    engine.dispose()
  })

  it(
    'goes on after a stop as if there had been none, and holds no tensor more after each epoch',
    { timeout: 180_000 },
    async () => {
      const counts: number[] = []
      const whole: EpochEvent[] = []
      for await (const event of train(options)) {
        if (event.type !== 'epoch') continue
        counts.push(engine.tf.memory().numTensors)
        whole.push(event)
      }
      expect(new Set(counts).size).toBe(1)
      expect(engine.tf.memory().numTensors).toBe(0)
      expect(whole.at(-1)?.epoch.trainLoss).toBeLessThan((whole[0] as EpochEvent).epoch.trainLoss)
      const resume = readResume(writeResume((whole[1] as EpochEvent).resume))
      const rest: EpochEvent[] = []
      for await (const event of train({ ...options, network: new Map(), resume }))
        if (event.type === 'epoch') rest.push(event)
      expect(rest).toHaveLength(1)
      expect(rest[0]?.epoch.validationLoss).toBe(whole[2]?.epoch.validationLoss)
      // As bytes: comparing millions of numbers one by one takes minutes.
      expect(bytesOf(rest[0]).equals(bytesOf(whole[2]))).toBe(true)
    },
  )

  it('leaves the trunk where it is under a rate of 0, but for the running statistics, which follow the batches', async () => {
    const hyperparameters = { ...options.hyperparameters, epochs: 1, trunkLearningRateFactor: 0 }
    for await (const event of train({ ...options, hyperparameters })) {
      if (event.type !== 'epoch') continue
      const changed = [...event.network].filter(([name, { data }]) => {
        const before = options.network.get(name)?.data ?? []
        return data.some((value, i) => value !== before[i])
      })
      const parts = new Set(changed.map(([name]) => (name.startsWith('fc.') ? 'head' : name.split('.').at(-1))))
      expect(parts).toEqual(new Set(['head', 'running_mean', 'running_var']))
    }
  })
})
