import { describe, expect, it } from 'vitest'
import { parseHyperparameters, readHyperparameters, TRAINABLE_LAYERS } from '../../src/domain/hyperparameters.js'

/** Names of the fields that are refused. */
function refused(input: unknown): string[] {
  const parsed = parseHyperparameters(input)
  return 'issues' in parsed ? parsed.issues.map(({ path }) => path.join('.')) : []
}

function accepted(input: unknown): unknown {
  const parsed = parseHyperparameters(input)
  return 'value' in parsed ? parsed.value : parsed.issues
}

describe('Hyperparameters', () => {
  it("have the contract's defaults", () => {
    expect(accepted({})).toEqual({
      epochs: 10,
      batchSize: 64,
      learningRate: 0.001,
      optimizer: 'ADAM',
      momentum: 0.9,
      nesterov: false,
      weightDecay: 0,
      schedule: 'COSINE',
      warmupEpochs: 0,
      labelSmoothing: 0,
      balanceClasses: false,
      trainableLayers: 'HEAD',
      trunkLearningRateFactor: 0.1,
      hiddenUnits: [1024, 256],
      dropout: [0.5, 0.3],
      augmentation: 'NONE',
      imageSize: 224,
      earlyStopping: null,
      seed: 0,
    })
  })

  it('take null, at any depth, for left out', () => {
    expect(accepted({ epochs: null, hiddenUnits: null, earlyStopping: { patience: 2, minDelta: null } })).toEqual(
      accepted({ earlyStopping: { patience: 2 } }),
    )
    expect(accepted(null)).toEqual(accepted({}))
  })

  it.each([
    ['epochs', 1, 1000, 0, 1001],
    ['batchSize', 1, 4096, 0, 4097],
    ['learningRate', 1e-9, 10, 0, 10.1],
    ['momentum', 0, 0.999, -0.1, 1],
    ['weightDecay', 0, 1, -0.1, 1.1],
    ['labelSmoothing', 0, 0.999, -0.1, 1],
    ['trunkLearningRateFactor', 0, 1, -0.1, 1.1],
    ['imageSize', 32, 512, 0, 544],
    ['seed', 0, 2 ** 31 - 1, -1, 2 ** 31],
    ['warmupEpochs', 0, 10, -1, 11],
  ])('%s: from %d to %d', (name, least, greatest, below, above) => {
    for (const value of [least, greatest]) expect(refused({ [name]: value })).toEqual([])
    for (const value of [below, above, NaN, Infinity])
      expect(refused({ [name]: value })).toEqual([`hyperparameters.${name}`])
  })

  it('take only multiples of 32 for imageSize, and whole numbers where things are counted', () => {
    expect(refused({ imageSize: 100 })).toEqual(['hyperparameters.imageSize'])
    expect(refused({ epochs: 1.5 })).toEqual(['hyperparameters.epochs'])
  })

  it('name all that is wrong at once', () => {
    expect(refused({ epochs: 0, dropout: [0.1, 1], earlyStopping: { patience: 0 } })).toEqual([
      'hyperparameters.epochs',
      'hyperparameters.dropout.1',
      'hyperparameters.earlyStopping.patience',
    ])
  })

  it('give hidden layers without dropout 0.5 for the first and 0.3 for the others', () => {
    expect(accepted({ hiddenUnits: [8, 8, 8] })).toMatchObject({ dropout: [0.5, 0.3, 0.3] })
    expect(accepted({ hiddenUnits: [] })).toMatchObject({ hiddenUnits: [], dropout: [] })
  })

  it('want as many dropouts as hidden layers, of at most eight', () => {
    expect(refused({ hiddenUnits: [8], dropout: [0.1, 0.2] })).toEqual(['hyperparameters.dropout'])
    expect(refused({ dropout: [0.1] })).toEqual(['hyperparameters.dropout'])
    expect(refused({ hiddenUnits: new Array<number>(9).fill(1) })).toEqual(['hyperparameters.hiddenUnits'])
    expect(refused({ hiddenUnits: [8193] })).toEqual(['hyperparameters.hiddenUnits.0'])
  })

  it('inherit the head of the checkpoint that a run starts from', () => {
    const inherited = { hiddenUnits: [7], dropout: [0.2] }
    expect(parseHyperparameters({}, inherited)).toMatchObject({ value: inherited })
    expect(parseHyperparameters({ hiddenUnits: [9] }, inherited)).toMatchObject({ value: { dropout: [0.5] } })
  })

  it('refuse a warm-up under ONE_CYCLE, and more of it than epochs', () => {
    expect(refused({ schedule: 'ONE_CYCLE', warmupEpochs: 1 })).toEqual(['hyperparameters.warmupEpochs'])
    expect(refused({ epochs: 2, warmupEpochs: 3 })).toEqual(['hyperparameters.warmupEpochs'])
  })

  it('say of what comes later that it does', () => {
    const parsed = parseHyperparameters({ augmentation: 'FLIP' })
    expect(parsed).toMatchObject({ issues: [{ message: expect.stringContaining('offers NONE only') as string }] })
  })

  it('take every depth there is, and no other', () => {
    for (const trainableLayers of TRAINABLE_LAYERS) {
      expect(accepted({ trainableLayers })).toMatchObject({ trainableLayers, trunkLearningRateFactor: 0.1 })
    }
    expect(refused({ trainableLayers: 'LAYER9' })).toEqual(['hyperparameters.trainableLayers'])
  })

  it('are read back whole from where they were stored', () => {
    const value = accepted({ epochs: 3, earlyStopping: { patience: 2 } })
    expect(readHyperparameters(JSON.parse(JSON.stringify(value)))).toEqual(value)
    expect(() => readHyperparameters({})).toThrow()
  })
})
