import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunError } from '../../src/domain/failure.js'
import type { Hyperparameters } from '../../src/domain/hyperparameters.js'
import { startEngine } from '../../src/engine/engine.js'
import type { Engine } from '../../src/engine/engine.type.js'
import { drawHead } from '../../src/network/head.js'
import { readResume, writeResume } from '../../src/training/resume-state.js'
import { train } from '../../src/training/train.js'
import type { EpochEvent, TrainingEvent, TrainOptions } from '../../src/training/training.type.js'
import { drawFeatures, hyperparametersOf } from './features.js'

const SMALL: Partial<Hyperparameters> = { epochs: 4, batchSize: 16, hiddenUnits: [12, 6], dropout: [0.5, 0.3], seed: 3 }

describe('A training run', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await startEngine('wasm')
  })
  afterAll(() => {
    engine.dispose()
  })

  function optionsFor(input: Partial<Hyperparameters>, more: Partial<TrainOptions> = {}): TrainOptions {
    const hyperparameters = hyperparametersOf({ ...SMALL, ...input })
    return {
      engine,
      hyperparameters,
      classNames: ['cat', 'dog'],
      train: drawFeatures(50),
      validation: drawFeatures(20, { seed: 1 }),
      network: drawHead({ ...hyperparameters, classCount: 2 }, hyperparameters.seed),
      ...more,
    }
  }

  it('learns what there is to learn', async () => {
    const last = (await epochsOf(optionsFor({ epochs: 12, learningRate: 0.005 }))).at(-1)
    expect(last?.epoch.validationAccuracy).toBe(1)
    expect(last?.epoch.validationLoss).toBeLessThan(0.1)
    expect(last?.epoch.macroF1).toBe(1)
  })

  it('tells each step, and an epoch after its last one', async () => {
    const events = await all(train(optionsFor({ epochs: 2 })))
    expect(
      events.map((event) => (event.type === 'step' ? `${event.epoch}.${event.step}` : `epoch ${event.epoch.number}`)),
    ).toEqual(['1.1', '1.2', '1.3', '1.4', 'epoch 1', '2.1', '2.2', '2.3', '2.4', 'epoch 2'])
    for (const event of events) if (event.type === 'step') expect(event.stepsPerEpoch).toBe(4)
  })

  it('tells how far VALIDATION agrees beyond chance, and the temperature that makes it as sure as it is right', async () => {
    const epochs = await epochsOf(optionsFor({ epochs: 3, learningRate: 0.0001 }))
    for (const { epoch } of epochs) {
      const recalls = epoch.perClass.map((metrics) => metrics.recall)
      expect(epoch.balancedAccuracy).toBeCloseTo(recalls.reduce((sum, recall) => sum + recall) / recalls.length, 12)
      expect(epoch.expectedCalibrationError).toBeLessThanOrEqual(1)
      expect(epoch.temperature === null).toBe(epoch.validationAccuracy === 1)
    }
    expect(epochs.some(({ epoch }) => epoch.temperature !== null)).toBe(true)
  })

  it("averages what was minimised over the epoch's pictures, the smaller last batch by its size", async () => {
    const events = await all(train(optionsFor({ epochs: 1, labelSmoothing: 0.2, balanceClasses: true })))
    const losses = events.flatMap((event) => (event.type === 'step' ? event.loss : []))
    const sizes = [16, 16, 16, 2]
    const mean = losses.reduce((sum, loss, i) => sum + loss * (sizes[i] as number), 0) / 50
    const epoch = events.at(-1) as EpochEvent
    expect(epoch.epoch.trainLoss).toBeCloseTo(mean, 12)
  })

  it('gives bit for bit the same when it is run again', async () => {
    expect(await figuresOf(optionsFor({}))).toEqual(await figuresOf(optionsFor({})))
  })

  it('gives something else under another seed', async () => {
    const options = optionsFor({})
    const other = { ...options, hyperparameters: { ...options.hyperparameters, seed: 4 } }
    expect(await figuresOf(options)).not.toEqual(await figuresOf(other))
  })

  it.each([
    ['ADAM', 'COSINE'],
    ['ADAMW', 'ONE_CYCLE'],
    ['SGD', 'STEP'],
  ] as const)('gives bit for bit the same after a stop at any epoch: %s, %s', async (optimizer, schedule) => {
    const options = optionsFor({ optimizer, schedule, weightDecay: 0.01, labelSmoothing: 0.1, balanceClasses: true })
    const whole = await epochsOf(options)
    for (const stopped of whole.slice(0, -1)) {
      const resume = readResume(writeResume(stopped.resume))
      const rest = await epochsOf({ ...options, network: new Map(), resume })
      expect(rest.map(comparable)).toEqual(whole.slice(resume.epoch).map(comparable))
    }
  })

  it('has nothing left to do when it is resumed after its last epoch', async () => {
    const options = optionsFor({ epochs: 2 })
    const { resume } = (await epochsOf(options)).at(-1) as EpochEvent
    expect(await all(train({ ...options, resume }))).toEqual([])
  })

  it('says which epoch is its best, and which its last', async () => {
    const epochs = await epochsOf(optionsFor({ epochs: 8, learningRate: 0.05, optimizer: 'SGD' }))
    let least = Infinity
    for (const { epoch, isBest } of epochs) {
      expect(isBest).toBe(epoch.validationLoss < least)
      least = Math.min(least, epoch.validationLoss)
    }
    expect(epochs.map(({ stop }) => stop)).toEqual([...new Array<boolean>(7).fill(false), true])
  })

  it('stops early when the validation loss no longer falls, at the same epoch after a resume', async () => {
    const options = optionsFor({ epochs: 20, earlyStopping: { patience: 2, minDelta: 10 } })
    const epochs = await epochsOf(options)
    // The first epoch is progress from nothing; none after it gains 10.
    expect(epochs.map(({ epoch, stop }) => [epoch.number, stop])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ])
    const resume = readResume(writeResume((epochs[1] as EpochEvent).resume))
    expect((await epochsOf({ ...options, resume })).map(({ epoch, stop }) => [epoch.number, stop])).toEqual([[3, true]])
  })

  it('holds no tensor more after each epoch, and none after its end', async () => {
    const before = engine.tf.memory().numTensors
    const counts: number[] = []
    for await (const event of train(optionsFor({}))) {
      if (event.type === 'epoch') counts.push(engine.tf.memory().numTensors)
    }
    expect(new Set(counts).size).toBe(1)
    expect(engine.tf.memory().numTensors).toBe(before)
  })

  it('ends without another word once it is aborted, and lets its tensors go', async () => {
    const before = engine.tf.memory().numTensors
    const abort = new AbortController()
    const events: TrainingEvent[] = []
    for await (const event of train(optionsFor({}, { signal: abort.signal }))) {
      events.push(event)
      if (events.length === 2) abort.abort()
    }
    expect(events).toHaveLength(2)
    expect(engine.tf.memory().numTensors).toBe(before)
  })

  it('lets timers and messages in between two steps', async () => {
    let ticks = 0
    const timer = setInterval(() => (ticks += 1), 0)
    const events = await all(train(optionsFor({ epochs: 8 })))
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(events.length / 4)
  })

  it('fails with a smaller learning rate to try when the loss is no number any more', async () => {
    const pictures = drawFeatures(50)
    pictures.values.fill(0x7bff) // 65504, the greatest half
    const options = optionsFor(
      { optimizer: 'SGD', learningRate: 10, hiddenUnits: [32, 32, 32, 32], dropout: [0, 0, 0, 0] },
      { train: pictures },
    )
    const before = engine.tf.memory().numTensors
    const failure = await all(train(options)).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(RunError)
    const { code, message, suggestion } = failure as RunError
    expect(code).toBe('NON_FINITE_LOSS')
    expect(message).toMatch(/at epoch 1, step [234] is not a finite number/)
    expect(suggestion?.changes).toEqual([{ name: 'learningRate', value: '1' }])
    expect(engine.tf.memory().numTensors).toBe(before)
  })

  it('trains a linear head, and a batch of everything', async () => {
    const epochs = await epochsOf(optionsFor({ hiddenUnits: [], dropout: [], batchSize: 4096, epochs: 1 }))
    expect(epochs).toHaveLength(1)
    expect([...(epochs[0]?.network.keys() ?? [])]).toEqual(['fc.0.weight', 'fc.0.bias'])
  })
})

async function all(events: AsyncIterable<TrainingEvent>): Promise<TrainingEvent[]> {
  const list: TrainingEvent[] = []
  for await (const event of events) list.push(event)
  return list
}

async function epochsOf(options: TrainOptions): Promise<EpochEvent[]> {
  return (await all(train(options))).filter((event) => event.type === 'epoch')
}

async function figuresOf(options: TrainOptions): Promise<unknown[]> {
  return (await epochsOf(options)).map(comparable)
}

/** Everything but the clock's figures. */
function comparable(event: EpochEvent): unknown {
  return { ...event, epoch: { ...event.epoch, seconds: 0, imagesPerSecond: 0 } }
}
