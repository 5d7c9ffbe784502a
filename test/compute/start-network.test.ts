import { describe, expect, it } from 'vitest'
import { startNetwork } from '../../src/compute/start-network.js'
import { parseHyperparameters, type Hyperparameters } from '../../src/domain/hyperparameters.js'
import { trainedTensorNames } from '../../src/network/cut.js'
import { drawHead } from '../../src/network/head.js'
import { randomTrunk } from '../../src/network/random.trunk.js'
import { readCheckpoint, writeCheckpoint } from '../../src/training/checkpoint-file.js'

function hyperparameters(input: object): Hyperparameters {
  const parsed = parseHyperparameters({ hiddenUnits: [8], ...input })
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

const classNames = ['cat', 'dog', 'fox']
const parent = {
  runId: 'run',
  epoch: 3,
  classNames,
  hyperparameters: hyperparameters({ seed: 1 }),
  trunkSha256: 'trunk',
  preprocessingVersion: 1,
  head: drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 3 }, 1),
  trunk: new Map(),
}
const bytes = writeCheckpoint(parent)
const file = readCheckpoint(bytes)
const trunk = randomTrunk()
const own = hyperparameters({ seed: 2 })
const drawn = startNetwork({ hyperparameters: own, classNames, trunk }, null)

describe('the head that a run starts from', () => {
  it('is drawn from the seed', () => {
    expect(drawn).toEqual(drawHead({ hiddenUnits: [8], dropout: [0.5], classCount: 3 }, 2))
  })

  it('is the checkpoint that it starts from', () => {
    expect(startNetwork({ hyperparameters: own, classNames, trunk }, file)).toEqual(parent.head)
  })

  it.each([[['dog', 'cat', 'fox']], [['cat', 'dog', 'owl']], [['cat', 'dog']]])(
    'has a new last layer for the classes %j',
    (others) => {
      const head = startNetwork({ hyperparameters: own, classNames: others, trunk }, file)
      const fresh = startNetwork({ hyperparameters: own, classNames: others, trunk }, null)
      expect(head.get('fc.1.weight')).toEqual(parent.head.get('fc.1.weight'))
      expect(head.get('fc.1.bias')).toEqual(parent.head.get('fc.1.bias'))
      expect(head.get('fc.3.weight')).toEqual(fresh.get('fc.3.weight'))
      expect(head.get('fc.3.bias')).toEqual(fresh.get('fc.3.bias'))
    },
  )

  it('is wholly new for other hidden layers', () => {
    const other = hyperparameters({ hiddenUnits: [8, 4], seed: 2 })
    expect(startNetwork({ hyperparameters: other, classNames, trunk }, file)).toEqual(
      startNetwork({ hyperparameters: other, classNames, trunk }, null),
    )
  })
})

describe('the trunk that a run starts from', () => {
  it('is the one it is pinned to, as far as it learns', () => {
    const hyperparameters = { ...own, trainableLayers: 'LAYER4' } as const
    const network = startNetwork({ hyperparameters, classNames, trunk }, file)
    const { parameters, statistics } = trainedTensorNames('LAYER4')
    expect([...network.keys()].toSorted()).toEqual([...parent.head.keys(), ...parameters, ...statistics].toSorted())
    expect(network.get('layer4.2.bn3.running_var')).toBe(trunk.get('layer4.2.bn3.running_var'))
    expect(network.has('layer3.5.conv3.weight')).toBe(false)
  })
})

describe("a checkpoint's file", () => {
  it('gives back what was written', () => {
    expect(file).toEqual(parent)
  })

  it('keeps what was trained of the trunk apart from the head', () => {
    const layer4 = new Map([...trunk].filter(([name]) => name.startsWith('layer4.')))
    const deep = readCheckpoint(writeCheckpoint({ ...parent, trunk: layer4 }))
    expect([...deep.head.keys()]).toEqual([...parent.head.keys()].toSorted())
    expect([...deep.trunk.keys()]).toEqual([...layer4.keys()].toSorted())
    expect(deep.trunk.get('layer4.0.downsample.1.running_mean')).toEqual(
      trunk.get('layer4.0.downsample.1.running_mean'),
    )
  })

  it('is another one for another run, whatever the weights', () => {
    expect(writeCheckpoint({ ...parent, runId: 'other' }).equals(bytes)).toBe(false)
  })
})
